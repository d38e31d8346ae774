"""What planning says to people: one diagnostic each, with the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable


def problem(code: str, message: str, advice: str = "") -> Diagnostic:
    """Something that keeps a plan from being made."""
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)


def caution(code: str, message: str, advice: str = "") -> Diagnostic:
    """Something to be shown before anything is done."""
    return Diagnostic(code=code, severity=Severity.WARNING, message=message, help=advice)


def listed(names: tuple[str, ...] | list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def unknown_service(name: str, known: Iterable[str]) -> Diagnostic:
    """That no service has this name."""
    from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - only needed when something is wrong

    names = tuple(known)
    if not names:
        return problem("application-not-there", f"there is no service {name!r}: {_NOTHING}", _BEGIN)
    advice = did_you_mean(name, names, f"services are {listed(names)}")
    return problem("service-not-there", f"no service is called {name!r}", advice)


def nothing_there(project: str) -> Diagnostic:
    """That there is no container of a project."""
    return problem("application-not-there", f"nothing of {project} runs here", _BEGIN)


_NOTHING = "nothing of the application runs here"
_BEGIN = "`intermodal up` starts it; -p names another application"


def negative(name: str, replicas: int) -> Diagnostic:
    """That nobody can have fewer than no instances."""
    return problem("replicas-negative", f"service {name} cannot have {replicas} instances", "0 is the fewest")
