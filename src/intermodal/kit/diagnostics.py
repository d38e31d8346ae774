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
        self._stops = False

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
        self._stops = True
        self._add(code, Severity.ERROR, message, place, help, secondary)

    def problem(
        self,
        code: str,
        message: str,
        place: Place | None = None,
        *,
        help: str = "",  # noqa: A002 - the field's own word
        secondary: tuple[tuple[Place, str], ...] = (),
    ) -> None:
        """Record an error that leaves the input readable: what it says is clear, but cannot work."""
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

    def include(self, rejected: Rejected) -> None:
        """Take over what another phase raised, and go on looking."""
        self._stops = True
        self.diagnostics.extend(rejected.diagnostics)

    def stop_if_errors(self) -> None:
        """Raise `Rejected` with everything found so far if any of it is an error that leaves nothing to go on with."""
        if self._stops:
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
