"""The stack file's format version: the lowest that has what the file uses, so that older clients accept it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_NEWEST = 13
_LEAST = 8
"""Docker 19.03 reads 3.8, and every later client does."""


def file_version(stack: Mapping[str, Any]) -> str:
    """Such as "3.8"."""
    needed = [_service_needs(service) for service in stack["services"].values()]
    return f"3.{max(needed, default=_LEAST)}"


def _service_needs(service: Mapping[str, Any]) -> int:
    if any(attachment and "driver_opts" in attachment for attachment in service.get("networks", {}).values()):
        return _NEWEST
    if "start_interval" in service.get("healthcheck", ()):
        return 12
    limits = service.get("deploy", {}).get("resources", {}).get("limits", ())
    return 9 if "pids" in limits else _LEAST
