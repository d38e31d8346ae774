"""What can go wrong with a node, on purpose: power failure, a freeze, a cut or a slow cable. And its mending."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Findings, Severity
from intermodal.kit.process import CommandFailed
from intermodal.lab import commands, network, node, processes, swarm
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.lab.lab import Lab
    from intermodal.lab.layout import LabNode

DEFAULT_RATE = "1mbit"

_RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?[kmg]?bit")


def stop(lab: Lab, name: str) -> None:
    """Switch a node off as a power failure does; stopped already, it stays so. Raises `NotDone`."""
    there = lab.node(name)
    with _alone(lab):
        if not node.stop(lab.layout, there, lab.clock):
            message = f"processes of {there.name} do not end"
            advice = "they may wait for a disk; try again later"
            raise NotDone(
                [Diagnostic(code="lab-node-not-stopped", severity=Severity.ERROR, message=message, help=advice)]
            )


def start(lab: Lab, name: str) -> None:
    """Switch a node on again with the data it had, and wait until it is ready. Raises `NotDone`."""
    there = lab.node(name)
    with _alone(lab):
        if _alive(lab, there):
            return
        node.stop(lab.layout, there, lab.clock)
        node.start(lab.labs, lab.layout, there)
    node.wait(lab.labs, lab.layout, (there,), lab.clock)
    _ready(lab, there)


def pause(lab: Lab, name: str) -> None:
    """Freeze a node: its engine and all its containers stand still, its connections stay. Raises `NotDone`."""
    there = _running(lab, name)
    processes.freeze(lab.layout.token, there.part, lab.clock)


def resume(lab: Lab, name: str) -> None:
    """Let a frozen node go on. Raises `NotDone`."""
    there = _running(lab, name)
    processes.thaw(lab.layout.token, there.part)


def cut(lab: Lab, name: str) -> None:
    """Pull a node's cable; what runs on it goes on alone. Raises `NotDone`."""
    there = _running(lab, name)
    with _alone(lab):
        network.carry_out(lab.layout, commands.cut(lab.layout, there.part))


def slow(lab: Lab, name: str, rate: str = DEFAULT_RATE) -> None:
    """Let no more than `rate` pass to a node and from it. Raises `NotDone`, `Rejected` for what is no rate."""
    if not _RATE.fullmatch(rate):
        findings = Findings()
        findings.error("lab-rate-invalid", f"{rate!r} is not a rate", help="such as 500kbit, 1mbit or 2.5mbit")
        findings.stop_if_errors()
    there = _running(lab, name)
    with _alone(lab):
        network.carry_out(lab.layout, commands.slowed(lab.layout, there.part, rate))


def heal(lab: Lab, name: str) -> None:
    """Undo `cut`, `slow` and `pause` of a node. Raises `NotDone`."""
    there = _running(lab, name)
    with _alone(lab):
        network.attempt(lab.layout, commands.unslowed(lab.layout, there.part))
        network.carry_out(lab.layout, commands.mended(lab.layout, there.part))
    processes.thaw(lab.layout.token, there.part)


FAULTS: Mapping[str, Callable[[Lab, str], None]] = {
    "stop": stop,
    "start": start,
    "pause": pause,
    "resume": resume,
    "cut": cut,
    "heal": heal,
}
"""What can be done to a node by its name alone."""


def _ready(lab: Lab, there: LabNode) -> None:
    """Wait until the node takes part again in the Swarm it was in, and another of its managers says so too."""
    with lab.engine(there.name, timeout=5.0) as engine:
        swarm.wait_active(engine, lab.clock)
    managers = [one for one in lab.nodes if one.role == "manager" and _alive(lab, one)]
    if managers:
        asked = next((one for one in managers if one != there), managers[0])
        with lab.engine(asked.name, timeout=5.0) as engine:
            swarm.wait((there,), engine, lab.clock)


def _running(lab: Lab, name: str) -> LabNode:
    there = lab.node(name)
    if not _alive(lab, there):
        message = f"{there.name} is stopped"
        advice = f"`intermodal lab node start {there.name} --name {lab.name}` starts it"
        raise NotDone([Diagnostic(code="lab-node-stopped", severity=Severity.ERROR, message=message, help=advice)])
    return there


def _alive(lab: Lab, there: LabNode) -> bool:
    return bool(processes.of(lab.layout.token, there.part))


class _alone:  # noqa: N801 - used as a function
    """Nobody else changes the lab meanwhile; a command that fails is told as `NotDone`."""

    def __init__(self, lab: Lab) -> None:
        self._lock = lab.labs.locked(lab.name, lab.clock)

    def __enter__(self) -> None:
        self._lock.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._lock.__exit__(kind, error, trace)  # type: ignore[arg-type]
        if isinstance(error, CommandFailed):
            message = f"`{' '.join(error.argv)}`: {error.stderr}"
            advice = "`intermodal lab status` shows what the lab is like now"
            raise NotDone(
                [Diagnostic(code="lab-fault-failed", severity=Severity.ERROR, message=message, help=advice)]
            ) from error
