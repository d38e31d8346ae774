"""Where labs are kept, and the journal of each: what it consists of, written before any of it is made.

Belongs here: folders, locks, lab.json. Does not: what labs are made of (`layout.py`).
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.records import as_dict, record
from intermodal.lab.layout import LabNode, Layout
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.kit.clock import Clock

ROOT = Path("/var/lib/intermodal/lab")
JOURNAL = "lab.json"
SCHEMA = 1

_PATIENCE = 120.0
_BEAT = 0.05


@record
class Journal:
    """What is noted of a lab. `complete` says that all of it was made; `seconds` is how long that took."""

    layout: Layout
    complete: bool = False
    seconds: float = 0.0


class Labs:
    """Every lab of this machine, each in a folder of its own."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    def names(self) -> list[str]:
        """The labs there are, half-made ones included."""
        if not self.root.is_dir():
            return []
        return sorted(entry.name for entry in self.root.iterdir() if entry.is_dir())

    def folder(self, name: str) -> Path:
        """Where a lab is kept."""
        return self.root / name

    def node_folder(self, name: str, part: str) -> Path:
        """Where a node is kept."""
        return self.root / name / "nodes" / part

    def socket(self, name: str, part: str) -> Path:
        """Where the engine of a node listens."""
        return self.node_folder(name, part) / "docker.sock"

    def log(self, name: str, part: str) -> Path:
        """What the engine of a node says."""
        return self.root / name / f"{part}.log"

    def journal(self, name: str) -> Journal | None:
        """What is noted of a lab; None where nothing is, or nothing readable."""
        try:
            return _read(json.loads((self.folder(name) / JOURNAL).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, journal: Journal) -> None:
        """Note it, all or nothing."""
        path = self.folder(journal.layout.name) / JOURNAL
        draft = path.with_suffix(".new")
        content = {"schema": SCHEMA, "complete": journal.complete, "seconds": journal.seconds}
        with draft.open("w", encoding="utf-8") as file:
            json.dump({**content, "layout": as_dict(journal.layout)}, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)

    def forget(self, name: str) -> None:
        """Remove the empty folder of a lab, and the folders above it that are empty now."""
        for folder in (self.folder(name), self.root, self.root.parent):
            with suppress(OSError):
                folder.rmdir()

    @contextmanager
    def locked(self, name: str, clock: Clock) -> Iterator[None]:
        """Have a lab to oneself, its folder included. Raises `NotDone` when another command does not let go."""
        with _held(self.folder(name), name, clock):
            yield

    @contextmanager
    def choosing(self, clock: Clock) -> Iterator[None]:
        """Have the choice of networks to oneself."""
        with _held(self.root, self.root.name, clock):
            yield


@contextmanager
def _held(folder: Path, name: str, clock: Clock) -> Iterator[None]:
    end = clock.monotonic() + _PATIENCE
    while (descriptor := _lock(folder)) is None:
        if clock.monotonic() > end:
            raise _busy(name)
        clock.sleep(_BEAT)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int | None:
    """A descriptor that locks the folder; None when somebody else has it, or it was removed meanwhile."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
        if folder.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


def _busy(name: str) -> NotDone:
    message = f"another command has been working on the lab {name} for {_PATIENCE:.0f} seconds"
    advice = "wait for it or end it; then run this again"
    return NotDone([Diagnostic(code="lab-busy", severity=Severity.ERROR, message=message, help=advice)])


def _read(said: dict[str, Any]) -> Journal:
    layout = said["layout"]
    nodes = tuple(LabNode(**node) for node in layout.pop("nodes"))
    return Journal(layout=Layout(**layout, nodes=nodes), complete=said["complete"], seconds=said["seconds"])
