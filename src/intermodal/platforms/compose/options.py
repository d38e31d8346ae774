"""The options that `--set NAME=VALUE` takes for one Docker engine, each with a line of help, and their check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS: Mapping[str, str] = {
    "files": "mount: files of configs and secrets are mounted where the engine is local; copy: always put in",
}
_CHOICES = {"files": ("mount", "copy")}


def check_options(options: Mapping[str, str]) -> None:
    """Raise `Rejected` with every option whose value is not among its choices."""
    wrong = [name for name, value in options.items() if name in _CHOICES and value not in _CHOICES[name]]
    if wrong:
        raise Rejected(_diagnostic(name) for name in wrong)


def copies(options: Mapping[str, str]) -> bool:
    """Whether files of configs and secrets are put into containers even where they could be mounted."""
    return options.get("files") == "copy"


def _diagnostic(name: str) -> Diagnostic:
    choices = _CHOICES[name]
    return Diagnostic(
        code="option-value",
        severity=Severity.ERROR,
        message=f"the option {name} must be one of {', '.join(choices)}",
        help=f"write --set {name}={choices[0]}",
    )
