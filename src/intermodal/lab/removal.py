"""What is left of a lab, removed: processes, links, rules, cgroups, files. Each may be there or not.

Works from the journal alone, at whatever moment the making of the lab ended. Touches nothing the journal does not name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.process import CommandFailed, run
from intermodal.lab import cgroups, network, processes
from intermodal.lab.layout import HUB
from intermodal.lab.state import JOURNAL
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from intermodal.kit.clock import Clock
    from intermodal.lab.layout import Layout
    from intermodal.lab.state import Labs

_ATTEMPTS = 20
_BEAT = 0.1
_LONGEST = 600.0


def clear(labs: Labs, name: str, clock: Clock) -> None:
    """Remove all of a lab but its empty folder. Raises `NotDone` when something does not go."""
    journal = labs.journal(name)
    if journal is not None:
        _clear(journal.layout, clock)
        _delete(labs.folder(name), processes.mark(journal.layout.token, "command"), clock)
    elif (labs.folder(name) / JOURNAL).exists():
        raise _unreadable(labs.folder(name) / JOURNAL)
    for left in labs.folder(name).iterdir():
        left.unlink()


def _clear(layout: Layout, clock: Clock) -> None:
    gone = processes.kill(layout.token, "", clock)
    network.down(layout)
    free = [cgroups.remove(layout.namespace(part), clock) for part in layout.parts if part != HUB]
    if not (gone and all(free)):
        raise _stuck(f"processes of the lab {layout.name} do not end", "they may wait for a disk; try again later")


def _delete(folder: Path, marked: Mapping[str, str], clock: Clock) -> None:
    """Delete the content of a lab's folder except the journal, which is needed until nothing else is left."""
    inside = [str(entry) for entry in folder.iterdir() if entry.name != JOURNAL]
    argv = ("rm", "-rf", "--one-file-system", "--", *inside)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            run(argv, environment=marked, timeout=_LONGEST)
        except CommandFailed as failed:
            if attempt == _ATTEMPTS:
                raise _stuck(
                    f"{folder} cannot be deleted: {failed.stderr}", "end what uses it, then try again"
                ) from None
            clock.sleep(_BEAT)
        else:
            return


def _stuck(message: str, advice: str) -> NotDone:
    return NotDone([Diagnostic(code="lab-not-removed", severity=Severity.ERROR, message=message, help=advice)], 3)


def _unreadable(path: Path) -> NotDone:
    message = f"{path} cannot be read, so nobody knows what the lab is made of"
    advice = "restart the machine, which ends every lab, and delete the folder"
    return NotDone([Diagnostic(code="lab-journal-unreadable", severity=Severity.ERROR, message=message, help=advice)])
