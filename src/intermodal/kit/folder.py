"""A folder that results are written into: which of its files are ours, what to do, and doing it.

Ours is what the manifest in the folder lists, by name and by digest. Of everything else nothing is ever deleted:
where a file of that name is needed, the one that stood there is kept as `NAME.kept`. `decide` is a value that can be
shown; `carry_out` does it. Before anything changes the manifest says what is coming, so that a rerun after a kill
knows its own files and finishes. See docs/decisions/0007-output-folders.md.
"""

from __future__ import annotations

import json
import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from intermodal.kit import placing
from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MANIFEST = ".intermodal.manifest"
_LARGEST_MANIFEST = 64 << 20


@record
class Seen:
    """What stands in the folder. `files` are digests of those that matter, "" for what is no plain file.

    `ours` are the digests the manifest names: several for a file that an interrupted run may or may not have replaced.
    """

    files: Mapping[str, str]
    ours: Mapping[str, tuple[str, ...]]
    foreign: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing stands there."""
        return not self.files and not self.foreign and not self.ours

    def untouched(self, name: str) -> bool:
        """Whether a file is ours and as we left it."""
        digest = self.files.get(name)
        return bool(digest) and digest in self.ours.get(name, ())


@record
class Decision:
    """What is going to happen to the folder.

    `keep_aside` are files of somebody's whose names are needed: they are renamed. `left` are files of an earlier run
    that somebody edited since and that are no longer produced: they stay. `needs_force` says that the folder held
    more than an empty folder or an interrupted run of ours does.
    """

    write: Mapping[str, bytes]
    unchanged: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    keep_aside: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    needs_force: bool = False


def look(folder: str, wanted: Iterable[str]) -> Seen:
    """What stands in a folder, as far as it matters to writing `wanted`.

    Raises `OSError` if it cannot be read, `ValueError` for a wanted name that leads out of the folder.
    """
    names = tuple(map(_checked, wanted))
    if not os.path.lexists(folder):
        return Seen(files={}, ours={})
    listed = {name for name in os.listdir(folder) if not name.endswith(placing.FRESH)}
    ours, interrupted = _manifest(folder) if MANIFEST in listed else ({}, False)
    found = {name: _digest_of(folder, name) for name in dict.fromkeys((*names, *ours))}
    files = {name: digest for name, digest in found.items() if digest is not None}
    known = {name.partition("/")[0] for name in files} | {MANIFEST}
    return Seen(files=files, ours=ours, foreign=tuple(sorted(listed - known)), interrupted=interrupted)


def decide(seen: Seen, wanted: Mapping[str, bytes]) -> Decision:
    """What to do so that the folder holds `wanted` and nobody's work is lost."""
    write = {name: content for name, content in wanted.items() if seen.files.get(name) != _digest(content)}
    stale = [name for name in seen.ours if name not in wanted and name in seen.files]
    aside = tuple(name for name in write if name in seen.files and not seen.untouched(name))
    left = tuple(name for name in stale if not seen.untouched(name))
    remove = tuple(name for name in stale if seen.untouched(name))
    resuming = seen.interrupted and not aside and not left
    return Decision(
        write=write,
        unchanged=tuple(name for name in wanted if name not in write),
        remove=remove,
        keep_aside=aside,
        left=left,
        needs_force=not seen.empty and not resuming and bool(write or remove),
    )


def carry_out(folder: str, seen: Seen, decision: Decision) -> tuple[str, ...]:
    """Do it; returns the new names of files kept aside. Raises `OSError`; doing it again then finishes the work."""
    if not decision.write and not decision.remove and not seen.interrupted:
        return ()
    placing.check_way(folder, (MANIFEST, *decision.write))
    os.makedirs(folder, exist_ok=True)
    after = _after(seen, decision)
    during = {name: sorted({*after.get(name, ()), *seen.ours.get(name, ())}) for name in {**after, **seen.ours}}
    placing.place(folder, {MANIFEST: _manifest_text(during, complete=False)})
    placing.make_way(folder, decision.write)
    kept = tuple([placing.keep_aside(folder, name) for name in decision.keep_aside])
    placing.place(folder, decision.write)
    for name in decision.remove:
        placing.remove(folder, name)
    placing.place(folder, {MANIFEST: _manifest_text(after, complete=True)})
    return kept


def _after(seen: Seen, decision: Decision) -> dict[str, list[str]]:
    """What the manifest will say. A file that was there before us with the same content does not become ours."""
    said = {name: [seen.files[name]] for name in decision.unchanged if name in seen.ours}
    said |= {name: list(seen.ours[name]) for name in decision.left}
    return said | {name: [_digest(content)] for name, content in decision.write.items()}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _checked(name: str) -> str:
    parts = name.split("/")
    if name == MANIFEST or any(part in {"", ".", ".."} or "\0" in part or "\\" in part for part in parts):
        raise ValueError(f"not the name of a file inside a folder: {name!r}")
    return name


def _manifest_text(files: Mapping[str, list[str]], *, complete: bool) -> bytes:
    """One line for each file; json's own indentation takes ten times as long."""
    state = "complete" if complete else "writing"
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(files[name])}" for name in sorted(files))
    return f'{{\n "schema": 1,\n "state": "{state}",\n "files": {{\n{lines}\n }}\n}}\n'.encode()


def _manifest(folder: str) -> tuple[dict[str, tuple[str, ...]], bool]:
    """What a manifest says; one that is not ours, or damaged, says nothing."""
    try:
        said = json.loads(_read(os.path.join(folder, MANIFEST), _LARGEST_MANIFEST))
        return dict(_listed(said["files"])), said["state"] == "writing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, False


def _listed(files: Mapping[Any, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, digests in files.items():
        yield _checked(name), tuple(str(each) for each in digests)


def _digest_of(folder: str, name: str) -> str | None:
    """The digest of a plain file, "" for what is none or lies behind a link, None for nothing."""
    path = os.path.join(folder, name)
    if not os.path.lexists(path):
        return None
    if not placing.leads_inside(folder, name) or not stat.S_ISREG(os.lstat(path).st_mode):
        return ""
    return _digest(_read(path))


def _read(path: str, most: int = -1) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most)
