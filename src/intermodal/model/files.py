"""Configs, secrets and environment files: small files handed to services, and reading what ships with them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@record
class SharedFile:
    """A top-level config or secret. Its bytes come from `file` (absolute), `content`, `environment`, or are external.

    `environment` names the variable; `value` is what that variable held, None when it was not set.
    """

    name: str = ""
    file: str = ""
    content: str | None = None
    environment: str = ""
    value: str | None = None
    external: bool = False
    driver: str = ""
    driver_opts: Mapping[str, str] = NOTHING
    template_driver: str = ""
    labels: Mapping[str, str] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class Grant:
    """A config or secret as one service sees it. `mode` is permission bits, None for Docker's default (0444)."""

    source: str
    target: str = ""
    uid: str = ""
    gid: str = ""
    mode: int | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class EnvFile:
    """A file of environment variables. `path` is absolute; `values` is what was read (empty if absent)."""

    path: str
    required: bool = True
    format: str = ""
    values: Mapping[str, str] = NOTHING


class FileKind(Enum):
    """What stands at a path of the host the application was loaded on."""

    ABSENT = "absent"
    FILE = "file"
    FOLDER = "folder"
    SOCKET = "socket"
    DEVICE = "device"
    OTHER = "other"


@record
class Entry:
    """One file below a folder: its relative path with "/" between, size in bytes, permission bits."""

    path: str
    size: int
    mode: int


class ProjectFiles(Protocol):
    """Reads what ships with the application. Paths are absolute; nothing outside the project is ever read."""

    def ships(self, path: str) -> bool:
        """Whether the path, with links followed, lies inside a folder of the application."""
        ...

    def kind(self, path: str) -> FileKind:
        """What stands there; paths outside the project are ABSENT."""
        ...

    def entries(self, path: str) -> Iterator[Entry]:
        """The regular files below a shipped folder, sorted, at any depth; links out of the project left out."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of a shipped file; raises `PermissionError` outside the project, `OSError` if unreadable."""
        ...

    def mode(self, path: str) -> int:
        """The permission bits of a shipped file."""
        ...
