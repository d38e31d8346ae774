"""What Swarm cannot do, as people are told: one diagnostic with the next step."""

from __future__ import annotations

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.model.changes import NotDone


def problem(code: str, message: str, advice: str = "") -> Diagnostic:
    """An error of its own."""
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)


def caution(code: str, message: str, advice: str = "") -> Diagnostic:
    """Something to be shown before anything is done."""
    return Diagnostic(code=code, severity=Severity.WARNING, message=message, help=advice)


def refused(code: str, message: str, advice: str = "", *, exit_code: int = 1) -> NotDone:
    """The operation ends with this."""
    return NotDone([problem(code, message, advice)], exit_code)
