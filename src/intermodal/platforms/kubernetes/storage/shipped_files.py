"""Files that ship with the application, as the content of a ConfigMap or Secret: keys, modes, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from intermodal.kit.records import record
from intermodal.model.files import FileKind
from intermodal.platforms.kubernetes.names import config_key
from intermodal.platforms.kubernetes.payload import LIMIT
from intermodal.platforms.kubernetes.storage.host_paths import looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.model.files import ProjectFiles

APPLY_LIMIT = 180 * 1024
"""Bytes beyond which a client-side `kubectl apply` fails: its annotation holds the whole object, in 262144 bytes."""
MOST_FILES = 500
USUAL_MODE = 0o644
_PLACEHOLDERS = frozenset((".gitkeep", ".gitignore", ".keep", ".empty", ".placeholder", ".DS_Store"))


@record
class ShippedFile:
    """One file: its key in the object, its path below the mounted folder, its bytes and permission bits."""

    key: str
    path: str
    content: bytes
    mode: int = USUAL_MODE


@record
class FileSet:
    """The files of one bind. `single` is true where the bind is of a file and not of a folder."""

    files: tuple[ShippedFile, ...]
    single: bool = False

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(len(file.content) for file in self.files)

    @property
    def secret(self) -> bool:
        """Whether any of them looks like a key or a credential."""
        return any(looks_secret(file.path, file.content) for file in self.files)

    @property
    def common_mode(self) -> int | None:
        """The permission bits of all files, None where they differ."""
        modes = {file.mode for file in self.files}
        return modes.pop() if len(modes) == 1 else None

    @property
    def flat(self) -> bool:
        """Whether every key is the file's own path, so that the object shows the folder as it is."""
        return all(file.key == file.path for file in self.files)


class Refusal(str):
    """Why what stands at a path cannot go into a ConfigMap; "" when nothing is there but placeholders."""

    __slots__ = ()


Gathered: TypeAlias = FileSet | Refusal


def gather(files: ProjectFiles, path: str) -> Gathered:
    """Read a shipped file or folder, or say why it cannot be carried in one object."""
    try:
        if files.kind(path) is FileKind.FILE:
            return _single(files, path)
        return _folder(files, path)
    except OSError:
        return Refusal("it cannot be read")


def _single(files: ProjectFiles, path: str) -> Gathered:
    name = path.rpartition("/")[2]
    content = files.read(path)
    if len(content) > LIMIT:
        return Refusal(f"it has {len(content)} bytes")
    mode = _shown(files.mode(path))
    return FileSet(files=(ShippedFile(key=config_key(name), path=name, content=content, mode=mode),), single=True)


def _folder(files: ProjectFiles, path: str) -> Gathered:
    found: list[tuple[str, int]] = []
    total = 0
    for entry in files.entries(path):
        total += entry.size
        found.append((entry.path, _shown(entry.mode)))
        if total > LIMIT:
            return Refusal(f"its files have more than {LIMIT} bytes together")
        if len(found) > MOST_FILES:
            return Refusal(f"it holds more than {MOST_FILES} files")
    if all(_is_placeholder(name) for name, _ in found):
        return Refusal("")
    keyed = zip(_keys(name for name, _ in found), found, strict=True)
    return FileSet(files=tuple(_file(files, path, key, name, mode) for key, (name, mode) in keyed))


def _file(files: ProjectFiles, folder: str, key: str, name: str, mode: int) -> ShippedFile:
    return ShippedFile(key=key, path=name, content=files.read(f"{folder.rstrip('/')}/{name}"), mode=mode)


def _shown(mode: int) -> int:
    """Who may read and run it. Nobody writes through such a mount, and write bits differ with a checkout's umask."""
    return (mode & 0o555) | 0o200


def _is_placeholder(path: str) -> bool:
    return path.rpartition("/")[2] in _PLACEHOLDERS


def _keys(paths: Iterable[str]) -> Iterator[str]:
    """A key for each path: the path where it may be one, else with hyphens; numbered where two would be alike."""
    taken: set[str] = set()
    for path in paths:
        wanted = config_key(path)
        key = wanted
        number = 2
        while key in taken:
            mark = f"-{number}"
            key = wanted[: 253 - len(mark)] + mark
            number += 1
        taken.add(key)
        yield key
