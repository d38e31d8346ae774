"""Reads files for the loader, bounded, and lets translators read what ships with the application, nothing else.

Belongs here: everything of `compose/` that touches the file system. Does not: what the files mean.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from intermodal.kit.places import Place, Source
from intermodal.model.files import Entry, FileKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.kit.diagnostics import Findings

MOST_BYTES = 16 * 1024 * 1024
"""The largest file read whole, 16 MiB: 30,000 services."""

_KINDS = (
    (stat.S_ISREG, FileKind.FILE),
    (stat.S_ISDIR, FileKind.FOLDER),
    (stat.S_ISSOCK, FileKind.SOCKET),
    (stat.S_ISBLK, FileKind.DEVICE),
    (stat.S_ISCHR, FileKind.DEVICE),
)


class ShippedFiles:
    """The files in the folders of an application: its project directory and those of projects it includes.

    Implements `model.files.ProjectFiles`. Links are followed, and what they lead to must lie in the folders too.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders))

    def ships(self, path: str) -> bool:
        """Whether the path, with links followed, lies inside a folder of the application."""
        return "\0" not in path and self._inside(os.path.realpath(path))

    def kind(self, path: str) -> FileKind:
        """What stands there; paths outside the project are ABSENT."""
        if not self.ships(path):
            return FileKind.ABSENT
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):
            return FileKind.ABSENT
        return next((kind for test, kind in _KINDS if test(mode)), FileKind.OTHER)

    def entries(self, path: str) -> Iterator[Entry]:
        """The regular files below a shipped folder, sorted, at any depth; links out of the project left out."""
        if self.ships(path):
            yield from self._below(path, "", frozenset())

    def read(self, path: str) -> bytes:
        """The bytes of a shipped file; raises `PermissionError` outside the project, `OSError` if unreadable."""
        self._must_ship(path)
        return _bounded(path)

    def mode(self, path: str) -> int:
        """The permission bits of a shipped file."""
        self._must_ship(path)
        return stat.S_IMODE(os.stat(path).st_mode)

    def _inside(self, real: str) -> bool:
        return any(real == folder or real.startswith(folder.rstrip("/") + "/") for folder in self._folders)

    def _must_ship(self, path: str) -> None:
        if not self.ships(path):
            raise PermissionError(f"{path} is outside the folders of the application")

    def _below(self, folder: str, prefix: str, above: frozenset[str]) -> Iterator[Entry]:
        real = os.path.realpath(folder)
        if real in above or not self._inside(real):
            return
        for name in sorted(_names(folder)):
            path = os.path.join(folder, name)
            kind = self.kind(path)
            if kind is FileKind.FOLDER:
                yield from self._below(path, f"{prefix}{name}/", above | {real})
            elif kind is FileKind.FILE:
                found = os.stat(path)
                yield Entry(path=prefix + name, size=found.st_size, mode=stat.S_IMODE(found.st_mode))


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _bounded(path: str) -> bytes:
    with open(path, "rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(f"{path} is larger than {MOST_BYTES} bytes")
    return content


class Reader:
    """Reads the texts an application is made of, each once, and knows what to call them in messages."""

    def __init__(self, working_directory: str, stdin: str | None = None) -> None:
        self.working_directory = working_directory
        self._stdin = stdin
        self._read: dict[str, Source | None] = {}

    def absolute(self, path: str, folder: str = "") -> str:
        """The path made absolute from a folder, itself relative to the working directory; `~` is the home folder."""
        if path.startswith("~"):
            path = os.path.expanduser(path)
        return os.path.normpath(os.path.join(self.working_directory, folder, path))

    def name(self, path: str) -> str:
        """How messages call a file: relative to the working directory where it lies below it."""
        return path.removeprefix(self.working_directory.rstrip("/") + "/")

    def text(self, path: str, findings: Findings, at: Place | None = None, called: str = "file") -> Source | None:
        """The text of a file at an absolute path, or of standard input for "-"; an error found is `None`.

        `at` is where the path was written, and `called` says what the file is for.
        """
        if path not in self._read:
            self._read[path] = self._text(path, findings, at, called)
        return self._read[path]

    def is_file(self, path: str) -> bool:
        """Whether something that can be read as a file stands there."""
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):
            return False
        return not stat.S_ISDIR(mode)

    def exists(self, path: str) -> bool:
        """Whether anything stands there."""
        return os.path.exists(path)

    def _text(self, path: str, findings: Findings, at: Place | None, called: str) -> Source | None:
        if path == "-":
            return Source("stdin", self._stdin or "")
        name = self.name(path)
        try:
            if _too_large(path):
                findings.error("file-too-large", f"the {called} {name} is larger than 16 MiB", at, help=_SIZE_HELP)
                return None
            content = _bounded(path)
        except (OSError, ValueError) as error:
            _unreadable(error, f"the {called} {name}", findings, at)
            return None
        return decode(content, name, findings)


_SIZE_HELP = "is this the right file? applications of thousands of services are smaller"


def _too_large(path: str) -> bool:
    found = os.stat(path)
    return stat.S_ISREG(found.st_mode) and found.st_size > MOST_BYTES


def _unreadable(error: OSError | ValueError, what: str, findings: Findings, at: Place | None) -> None:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        findings.error("file-not-found", f"{what} does not exist", at, help="check the path and the folder it is in")
    elif isinstance(error, IsADirectoryError):
        findings.error("file-is-a-folder", f"{what} is a folder", at, help="name the file inside it")
    elif isinstance(error, PermissionError):
        findings.error("file-unreadable", f"{what} may not be read by you", at, help="look at its permissions")
    else:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        findings.error("file-unreadable", f"{what} cannot be read: {reason}", at, help="check the path")


def decode(content: bytes, name: str, findings: Findings) -> Source | None:
    """The text of bytes in UTF-8, with or without its mark, or UTF-16 with its mark; an error found is `None`."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return Source(name, content.decode(encoding))
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        place = Place(Source(name, ""), before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"{name} is not text in UTF-8"
        findings.error("not-text", message, place, help="save it as UTF-8; is this the right file?")
        return None
