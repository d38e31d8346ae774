"""What is wrong with what somebody wrote, as values. How they are drawn is in `drawing.py`."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.places import Place


class Severity(IntEnum):
    """How bad it is: an error stops the command, a warning is shown, a note is counted."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The word people and machines read."""
        return self.name.lower()


@record
class Diagnostic:
    """One finding: a code in words, what is wrong, where, and what to do."""

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    help: str = ""
    secondary: tuple[tuple[Place, str], ...] = ()


class Rejected(Exception):  # noqa: N818 - named for what happened to the input
    """The input cannot be used; carries every diagnostic found, not only the first."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(f"{found.place}: {found.message}" for found in self.diagnostics))


class Findings:
    """Collects diagnostics while a phase goes on; raises them together."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def error(
        self,
        code: str,
        message: str,
        place: Place | None = None,
        *,
        help: str = "",  # noqa: A002 - the field's own word
        secondary: tuple[tuple[Place, str], ...] = (),
    ) -> None:
        """Record an error and go on looking."""
        self._add(code, Severity.ERROR, message, place, help, secondary)

    def warning(
        self,
        code: str,
        message: str,
        place: Place | None = None,
        *,
        help: str = "",  # noqa: A002 - the field's own word
        secondary: tuple[tuple[Place, str], ...] = (),
    ) -> None:
        """Record a warning."""
        self._add(code, Severity.WARNING, message, place, help, secondary)

    def stop_if_errors(self) -> None:
        """Raise `Rejected` with everything found so far if any of it is an error."""
        if any(found.severity is Severity.ERROR for found in self.diagnostics):
            raise Rejected(self.diagnostics)

    def _add(
        self,
        code: str,
        severity: Severity,
        message: str,
        place: Place | None,
        advice: str,
        secondary: tuple[tuple[Place, str], ...],
    ) -> None:
        self.diagnostics.append(
            Diagnostic(code=code, severity=severity, message=message, place=place, help=advice, secondary=secondary)
        )
