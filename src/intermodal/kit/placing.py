"""Files put into a folder so that whoever kills us at any moment finds each with its old or its new content.

Nothing waits for the disk: results can be made again, and syncing 3,000 files takes longer than making them.
Belongs here: the order of system calls. Does not: which files, and whose they are (`folder.py`).
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEPT = ".kept"
FRESH = ".intermodal-new"
"""How the names of half-written files end."""


class Obstructed(OSError):  # noqa: N818 - named for what happened to the path
    """Something that is no plain file or folder stands where a result must go."""


def check_way(folder: str, names: Iterable[str]) -> None:
    """Raises `Obstructed` where a link or anything else stands in the way of writing these files."""
    for name in names:
        if any(stat.S_IFMT(_mode(os.path.join(folder, parent))) not in {0, stat.S_IFDIR} for parent in _parents(name)):
            raise Obstructed(f"a link or a file stands where {os.path.dirname(name)} must be a folder")
        if stat.S_ISDIR(_mode(os.path.join(folder, name))):
            raise Obstructed(f"{name} is a folder")


def make_way(folder: str, names: Iterable[str]) -> None:
    """Make the folders that the names need."""
    for parent in dict.fromkeys(parent for name in names for parent in _parents(name)):
        path = os.path.join(folder, parent)
        if not os.path.lexists(path):
            os.mkdir(path)


def leads_inside(folder: str, name: str) -> bool:
    """Whether every folder on the way to a file is a real one, so that no link leads elsewhere."""
    return all(stat.S_ISDIR(_mode(os.path.join(folder, parent))) for parent in _parents(name))


def place(folder: str, contents: Mapping[str, bytes]) -> None:
    """Write all files beside their places, then rename all."""
    fresh: dict[str, str] = {}
    for name, content in contents.items():
        head, tail = os.path.split(os.path.join(folder, name))
        fresh[name] = os.path.join(head, f".{tail}{FRESH}")
        _write(fresh[name], content)
    for name, path in fresh.items():
        os.replace(path, os.path.join(folder, name))


def keep_aside(folder: str, name: str) -> str:
    """Rename a file that must not be lost; returns its new name."""
    number, kept = 1, name + KEPT
    while os.path.lexists(os.path.join(folder, kept)):
        number += 1
        kept = f"{name}{KEPT}.{number}"
    os.rename(os.path.join(folder, name), os.path.join(folder, kept))
    return kept


def remove(folder: str, name: str) -> None:
    """Delete a file, and the folders that it leaves empty."""
    os.unlink(os.path.join(folder, name))
    for parent in reversed(_parents(name)):
        if os.listdir(os.path.join(folder, parent)):
            return
        os.rmdir(os.path.join(folder, parent))


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:size]) for size in range(1, len(parts))]


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _write(path: str, content: bytes) -> None:
    if os.path.lexists(path):
        os.unlink(path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)
