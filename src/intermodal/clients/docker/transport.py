"""HTTP/1.1 to an engine over a unix socket, TCP, TLS or ssh: connections of the standard library's client.

Belongs here: opening and closing connections. Does not: which are kept open (`connections.py`), what is asked
(`engine.py`), which engine it is (`find.py`).
"""

from __future__ import annotations

import errno
import shlex
import socket
from contextlib import suppress
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, NoReturn

from intermodal.clients.docker.tls import Sealed
from intermodal.kit.process import CommandFailed
from intermodal.kit.program import connected

if TYPE_CHECKING:
    import ssl
    from http.client import HTTPResponse

    from intermodal.clients.docker.address import Address
    from intermodal.kit.program import Program

_DIAL = ("docker", "system", "dial-stdio")


class Connection(HTTPConnection):
    """A connection to an address; `timeout` is for connecting and for each read, seconds. One thread at a time."""

    def __init__(self, address: Address, timeout: float | None, secure: ssl.SSLContext | None = None) -> None:
        super().__init__(address.host or "docker", address.port or None, timeout=timeout)
        self._address = address
        self._seconds = timeout
        self._secure = secure
        self._program: Program | None = None
        self.socket: socket.socket | None = None
        """The socket below everything, also after the answer has taken it over."""
        self._sealed: Sealed | None = None

    def connect(self) -> None:
        """Open the socket; raises `OSError`."""
        self.socket, self._program = _DOORS[self._address.scheme](self._address, self._seconds)
        self.socket.settimeout(self._seconds)
        self._sealed = Sealed(self.socket, self._secure, self._address.host) if self._secure else None
        # The HTTP client uses no more of a socket than there is of it here.
        way: Any = self._sealed or self.socket
        self.sock = way

    def wait_at_most(self, timeout: float | None) -> None:
        """How long each read may take from now on, seconds; None for ever."""
        self._seconds = timeout
        if self.socket is not None:
            self.socket.settimeout(timeout)

    @property
    def stale(self) -> bool:
        """Whether the engine closed the connection while it stood idle, or sent what nobody asked for."""
        if self.sock is None or self.socket is None:
            return True
        self.socket.settimeout(0)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            self.socket.settimeout(self._seconds)
            return False
        except OSError:
            return True
        return True

    def send_all(self, data: bytes) -> None:
        """Send bytes past HTTP, once the engine has handed the connection over. Raises `OSError`."""
        (self._sealed or self.socket or _closed()).sendall(data)

    def end(self) -> None:
        """Say that nothing more is to be sent; reading goes on. Raises `OSError`."""
        if self._sealed is not None:
            self._sealed.end()
        elif self.socket is not None:
            self.socket.shutdown(socket.SHUT_WR)

    def hang_up(self) -> None:
        """End both ways, whoever waits for bytes included; safe from any thread."""
        with suppress(OSError):  # it is closed already
            if self.socket is not None:
                self.socket.shutdown(socket.SHUT_RDWR)

    def said(self) -> str:
        """What the program that carries the connection has to say of its end, "" where there is none."""
        return self._program.said() if self._program else ""

    def drop(self, answer: HTTPResponse | None = None) -> None:
        """Close everything: the answer, the socket, the program that carries it."""
        if answer is not None:
            answer.close()
        self.close()
        if self.socket is not None:
            self.socket.close()
        if self._program is not None:
            self._program.end()
            self._program = None


def ssh_command(address: Address) -> list[str]:
    """The command that carries the engine's API through ssh, as Docker's own client runs it."""
    options = ["-o", "ConnectTimeout=30", "-T"]
    options += ["-l", address.user] if address.user else []
    options += ["-p", str(address.port)] if address.port else []
    there = (_DIAL[0], f"--host=unix://{address.path}", *_DIAL[1:]) if address.path else _DIAL
    # ssh hands the words to a shell of the other side.
    return ["ssh", *options, "--", address.host, *map(shlex.quote, there)]


def _unix(address: Address, timeout: float | None) -> tuple[socket.socket, None]:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(timeout)
    try:
        made.connect(address.path)
    except OSError:
        made.close()
        raise
    return made, None


def _tcp(address: Address, timeout: float | None) -> tuple[socket.socket, None]:
    made = socket.create_connection((address.host, address.port), timeout)
    # Small requests go out at once, and a stream notices that its engine is gone.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return made, None


def _ssh(address: Address, _timeout: float | None) -> tuple[socket.socket, Program]:
    try:
        return connected(ssh_command(address))
    except CommandFailed as failed:
        raise OSError(errno.ENOENT, failed.stderr) from failed


_DOORS = {"unix": _unix, "tcp": _tcp, "ssh": _ssh}


def _closed() -> NoReturn:
    raise OSError(errno.EBADF, "the connection is closed")
