"""The options that `--set NAME=VALUE` takes for Swarm, each with a line of help, and the check of their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS: Mapping[str, str] = {
    "engine.*": "address of a node's engine (ssh://HOST …), for exec and for volumes there; else a context of its name",
    "node": "host name of the node for every service whose data is on a node",
    "node.*": "host name of the node for one service",
    "volume.*.node": "host name of the node that holds a volume",
    "binds": "configs: shipped files become configs wherever they fit; keep: bind mounts stay bind mounts",
    "restart": "any, on-failure or none: for services that say nothing of restarting",
}
_CHOICES = {"binds": ("configs", "keep"), "restart": ("any", "on-failure", "none")}


def check_options(options: Mapping[str, str]) -> None:
    """Raise `Rejected` with every option whose value is not among its choices, or is empty."""
    wrong = [name for name, value in options.items() if value not in _CHOICES.get(name, (value or None,))]
    if wrong:
        raise Rejected(_diagnostic(name) for name in wrong)


def _diagnostic(name: str) -> Diagnostic:
    choices = _CHOICES.get(name)
    wanted = f"one of {', '.join(choices)}" if choices else "the host name of a node"
    return Diagnostic(
        code="option-value",
        severity=Severity.ERROR,
        message=f"the option {name} must be {wanted}",
        help=f"write --set {name}={choices[0] if choices else 'NODE'}",
    )
