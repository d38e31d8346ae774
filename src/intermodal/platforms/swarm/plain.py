"""Pieces of a stack file as plain data."""

from __future__ import annotations

from typing import Any, TypeAlias

Object: TypeAlias = dict[str, Any]
"""A stack file, or a piece of one, as plain data in the order to be written."""


def filled(**fields: Any) -> Object:  # noqa: ANN401 - plain data of any kind
    """The fields that say something: None, "" and empty lists and mappings are left out."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {}, ())}
