"""The processes of a lab: found by a mark in their environment that nobody else has, then stopped, frozen, thawed.

A process carries the mark from its first moment, whatever became of who started it. A signal goes to the process that
was looked at, never to a later one of the same number. Belongs here: /proc and signals. Does not: what is started.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.kit.clock import Clock

MARK = "INTERMODAL_LAB"

_PROC = Path("/proc")
_PATIENCE = 20.0
_BEAT = 0.02


@record
class Process:
    """A process at a moment. `began` is in ticks since the machine started; `state` is the kernel's letter."""

    pid: int
    began: int
    parent: int
    state: str


def mark(token: str, part: str) -> dict[str, str]:
    """The environment of a process that belongs to a part of a lab."""
    return {MARK: f"{token}:{part}"}


def of(token: str, part: str = "") -> list[Process]:
    """The living processes of a part of a lab, or of all of it, with everything that descends from them."""
    there = _everyone()
    sought = f"{MARK}={token}:{part}".encode()
    found = {pid for pid in there if _marked(pid, sought, whole=bool(part))}
    grown = -1
    while grown != len(found):
        grown = len(found)
        found |= {pid for pid, process in there.items() if process.parent in found}
    return [there[pid] for pid in sorted(found)]


def kill(token: str, part: str, clock: Clock) -> bool:
    """Kill all of a part (of "": the lab) at once; False when some are still there after 20 seconds."""
    end = clock.monotonic() + _PATIENCE
    while there := of(token, part):
        send(there, signal.SIGKILL)
        if clock.monotonic() > end:
            return False
        clock.sleep(_BEAT)
    return True


def freeze(token: str, part: str, clock: Clock) -> None:
    """Stop every process of a part where it stands, those included that are born meanwhile."""
    end = clock.monotonic() + _PATIENCE
    while clock.monotonic() < end and (moving := [one for one in of(token, part) if one.state not in "TtZ"]):
        send(moving, signal.SIGSTOP)
        clock.sleep(_BEAT)


def thaw(token: str, part: str) -> None:
    """Let every process of a part go on."""
    send(of(token, part), signal.SIGCONT)


def frozen(there: Iterable[Process]) -> bool:
    """Whether all of these stand still."""
    return all(one.state in "TtZ" for one in there)


def send(processes: Iterable[Process], sign: signal.Signals) -> None:
    """Send a signal to those that are still there."""
    for process in processes:
        with suppress(ProcessLookupError), _held(process) as descriptor:
            if descriptor is not None:
                signal.pidfd_send_signal(descriptor, sign)


class _held:  # noqa: N801 - used as a function
    """A descriptor of exactly this process, None when its number is another's by now."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._descriptor = -1

    def __enter__(self) -> int | None:
        self._descriptor = os.pidfd_open(self._process.pid)
        now = _read(self._process.pid)
        return self._descriptor if now is not None and now.began == self._process.began else None

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)


def _everyone() -> dict[int, Process]:
    return {process.pid: process for process in map(_read, _numbers()) if process and process.state not in "ZX"}


def _numbers() -> Iterator[int]:
    return (int(entry) for entry in os.listdir(_PROC) if entry.isdigit())  # noqa: PTH208 - names only


def _read(pid: int) -> Process | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    # The second field is a name in parentheses that may hold anything.
    rest = text.rpartition(")")[2].split()
    return Process(pid=pid, began=int(rest[19]), parent=int(rest[1]), state=rest[0])


def _marked(pid: int, sought: bytes, *, whole: bool) -> bool:
    try:
        environment = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return False
    return any(one == sought if whole else one.startswith(sought) for one in environment.split(b"\0"))
