"""Labs made, found and removed. Killed at any moment, what was made is known and removed by the next `up` or `down`.

Belongs here: the order of things. Does not: how each is made (`network.py`, `hub.py`, `node.py`, `swarm.py`).
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, NoReturn

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.kit.diagnostics import Diagnostic, Findings, Severity
from intermodal.kit.process import CommandFailed
from intermodal.kit.spelling import did_you_mean
from intermodal.lab import checks, hub, network, node, processes, removal, swarm
from intermodal.lab.choosing import completed, differences, laid_out
from intermodal.lab.lab import Lab
from intermodal.lab.layout import DEFAULT_NAME
from intermodal.lab.state import Journal
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.kit.clock import Clock
    from intermodal.lab.layout import Layout, Wanted
    from intermodal.lab.state import Labs


def up(labs: Labs, wanted: Wanted, clock: Clock, tell: Callable[[str], None]) -> tuple[Lab, bool]:
    """The lab that is wanted, and whether it had to be made. Raises `NotDone`, `Rejected`.

    A complete lab of that name is left as it is; a half-made one is removed and made again.
    """
    wished = completed(wanted)
    checks.fit(engine=wished.engine)
    with labs.locked(wished.name, clock):
        journal = labs.journal(wished.name)
        if journal and journal.complete and _stands(journal.layout):
            _compare(wanted, journal.layout)
            return Lab(labs, journal.layout, clock, journal.seconds), False
        if journal:
            tell(f"{wished.name} is there by half: making it again")
        removal.clear(labs, wished.name, clock)
        return _made(labs, wished, clock, tell), True


def find(labs: Labs, name: str, clock: Clock) -> Lab:
    """A lab that is there. Raises `NotDone` when it is not, or is only by half."""
    journal = labs.journal(name) if name in labs.names() else None
    if journal is None or not journal.complete:
        _unknown(labs, name, half=journal is not None)
    return Lab(labs, journal.layout, clock, journal.seconds)


def down(labs: Labs, name: str, clock: Clock) -> None:
    """Remove a lab, whatever state it is in. Raises `NotDone` when there is none, or something does not go."""
    checks.fit()
    if name not in labs.names():
        _unknown(labs, name)
    with labs.locked(name, clock):
        removal.clear(labs, name, clock)
        labs.forget(name)


def _made(labs: Labs, wished: Wanted, clock: Clock, tell: Callable[[str], None]) -> Lab:
    began = clock.monotonic()
    try:
        layout = _noted(labs, wished, clock)
        lab = _built(labs, layout, clock, tell)
    except BaseException as error:
        _undo(labs, wished.name, clock)
        if isinstance(error, (CommandFailed, EngineError, Unreachable)):
            raise _failed(error) from error
        raise
    lab.seconds = round(clock.monotonic() - began, 2)
    labs.write(Journal(layout=layout, complete=True, seconds=lab.seconds))
    return lab


def _noted(labs: Labs, wished: Wanted, clock: Clock) -> Layout:
    """The layout, in the journal before anything of it is made."""
    with labs.choosing(clock):
        others = [found.layout.network for name in labs.names() if (found := labs.journal(name))]
        registry = not checks.registry_warnings()
        layout = laid_out(wished, (*network.taken(), *others), token_hex(16), registry=registry)
        if theirs := network.foreign(layout):
            message = f"{', '.join(theirs)} is there already, and is not a lab's"
            advice = "choose another --name, or remove it with `ip link delete` or `ip netns delete`"
            raise NotDone([Diagnostic(code="lab-name-taken", severity=Severity.ERROR, message=message, help=advice)])
        labs.write(Journal(layout=layout))
    return layout


def _built(labs: Labs, layout: Layout, clock: Clock, tell: Callable[[str], None]) -> Lab:
    lab = Lab(labs, layout, clock)
    tell(f"starting {len(layout.nodes)} engines on {layout.subnet}")
    network.up(layout)
    for each in layout.nodes:
        node.start(labs, layout, each)
    hub.start(labs, layout)
    node.wait(labs, layout, layout.nodes, clock)
    if layout.platform == "swarm":
        tell("joining them into a Swarm")
        swarm.form(layout, lab.engines(), clock)
    hub.wait(layout, clock)
    return lab


def _stands(layout: Layout) -> bool:
    """Whether the lab is still there; a restart of the machine leaves only its files. Single nodes may be stopped."""
    return layout.bridge in network.links(layout) and bool(processes.of(layout.token))


def _compare(wanted: Wanted, layout: Layout) -> None:
    """Raise `Rejected` when a lab that stands is not what was asked for."""
    others = differences(wanted, layout)
    if others:
        findings = Findings()
        advice = f"`intermodal lab down --name {layout.name}` first, or give this one another --name"
        findings.error(
            "lab-differs", f"the lab {layout.name} is there and is another ({'; '.join(others)})", help=advice
        )
        findings.stop_if_errors()


def _undo(labs: Labs, name: str, clock: Clock) -> None:
    removal.clear(labs, name, clock)
    labs.forget(name)


def _unknown(labs: Labs, name: str, *, half: bool = False) -> NoReturn:
    up_again = f"`intermodal lab up{'' if name == DEFAULT_NAME else f' --name {name}'}` makes it"
    message = f"the lab {name} was never made to its end" if half else f"there is no lab {name}"
    advice = up_again if half or not labs.names() else did_you_mean(name, labs.names(), f"there is {labs.names()}")
    raise NotDone([Diagnostic(code="lab-unknown", severity=Severity.ERROR, message=message, help=advice)])


def _failed(error: Exception) -> NotDone:
    advice = "nothing was left behind; `intermodal explain lab-command-failed` tells what labs need"
    found = Diagnostic(code="lab-command-failed", severity=Severity.ERROR, message=_reason(error), help=advice)
    return NotDone([found])


def _reason(error: Exception) -> str:
    said = f"`{' '.join(error.argv)}`: {error.stderr}" if isinstance(error, CommandFailed) else str(error)
    return f"the lab cannot be made here: {said}"
