"""Regular expressions compiled when first used, for libraries that compile at import what we never use."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Postponed:
    """Stands in for a compiled pattern until something is asked of it."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - those of re.compile
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        return getattr(re.compile(*self._arguments), name)


@contextmanager
def patterns_postponed() -> Iterator[None]:
    """While this is open, `re.compile` checks and compiles nothing; its results do so when they are used."""
    compile_now = re.compile
    re.compile = _Postponed  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = compile_now
