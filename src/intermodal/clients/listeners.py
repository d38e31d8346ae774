"""Which process of this machine listens on a port, as Linux tells under /proc. Needs no other program.

Belongs here: ports and processes. Does not: containers and their ports.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTENS = {"tcp": "0A", "udp": "07"}
"""The state of a socket that waits for others, as the kernel writes it."""
_ADDRESS, _STATE, _INODE = 1, 3, 9
"""The columns of the kernel's tables that say what is asked here."""


@record
class Listener:
    """A process and the name of its command."""

    pid: int
    command: str


def listening(port: int, protocol: str = "tcp", beside: int | None = None) -> Listener | None:
    """The process that listens on a port; None where there is none, or it is not for us to see.

    The port is one of the network namespace in which the process `beside` is; None for our own.
    """
    proc = Path("/proc")
    wanted = {f"socket:[{inode}]" for inode in _inodes(port, protocol, proc / str(beside or "self"))}
    found = (process for process, held in _sockets(proc) if held in wanted) if wanted else iter(())
    return next((_listener(process) for process in found), None)


def server(path: str) -> int | None:
    """The process that listens on a unix socket; None where that cannot be told."""
    import socket  # noqa: PLC0415 - only when something is wrong
    from struct import calcsize, unpack  # noqa: PLC0415 - as above

    credentials = "3i"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            asking.connect(path)
            said = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, calcsize(credentials))
    except (OSError, AttributeError):
        return None
    pid: int = unpack(credentials, said)[0]
    return pid or None


def _inodes(port: int, protocol: str, proc: Path) -> Iterator[str]:
    for table in (protocol, f"{protocol}6"):
        for line in _lines(proc / "net" / table):
            words = line.split()
            listens = len(words) > _INODE and words[_STATE] == _LISTENS.get(protocol)
            if listens and words[_ADDRESS].endswith(f":{port:04X}"):
                yield words[_INODE]


def _sockets(proc: Path) -> Iterator[tuple[Path, str]]:
    """Every process with each socket it holds, as far as we may see."""
    for process in (one for one in proc.iterdir() if one.name.isdecimal()):
        try:
            for handle in (process / "fd").iterdir():
                yield process, str(handle.readlink())
        except OSError:
            continue


def _listener(process: Path) -> Listener:
    return Listener(pid=int(process.name), command=next(iter(_lines(process / "comm")), ""))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
