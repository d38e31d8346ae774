"""Small files put into a container, as the tar stream the engine takes. The same files give the same bytes.

Belongs here: a handful of files held in memory. Does not: data of volumes, whatever is streamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.clients.docker.engine import Engine


class Packed(Protocol):
    """What is known of a file to be packed; `path` is where it will be, owners are numbers."""

    @property
    def path(self) -> str: ...  # noqa: D102 - data
    @property
    def content(self) -> bytes: ...  # noqa: D102 - data
    @property
    def mode(self) -> int: ...  # noqa: D102 - data
    @property
    def uid(self) -> int: ...  # noqa: D102 - data
    @property
    def gid(self) -> int: ...  # noqa: D102 - data


@record
class File:
    """A file and where it will be; `mode` is its permissions."""

    path: str
    content: bytes
    mode: int = 0o444
    uid: int = 0
    gid: int = 0


def archive(files: Iterable[Packed]) -> bytes:
    """The files as a tar stream, in the order of their paths, without folders: the engine makes those that lack.

    No time is in it: every file is of 1970.
    """
    import tarfile  # noqa: PLC0415 - 9 ms of a start, and few containers need files
    from io import BytesIO  # noqa: PLC0415 - as above

    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for file in sorted(files, key=lambda each: each.path):
            entry = tarfile.TarInfo(file.path.lstrip("/"))
            entry.size, entry.mode, entry.uid, entry.gid = len(file.content), file.mode, file.uid, file.gid
            tar.addfile(entry, BytesIO(file.content))
    return made.getvalue()


def put(engine: Engine, container: str, folder: str, files: Iterable[Packed]) -> None:
    """Put the files below a folder of a container, which need not run. Raises `EngineError`, `Unreachable`.

    A file that is there is replaced; a folder in its place is not, and the engine says so.
    """
    query = {"path": folder, "noOverwriteDirNonDir": True, "copyUIDGID": False}
    engine.call("PUT", f"/containers/{container}/archive", query=query, body=archive(files))
