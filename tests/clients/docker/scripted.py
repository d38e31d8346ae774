"""A server that says exactly what it is told to, for answers no engine gives on demand: broken, odd, cut off, late."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from intermodal.clients.docker.address import Address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Self

PING = b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK"
HANG_UP = b""
"""As an answer: the connection is closed without a word."""
SILENCE = None
"""As an answer: nothing, and the connection stays open."""


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer."""
    return b"\r\n".join(
        [
            f"HTTP/1.1 {status}".encode(),
            *(head.encode() for head in headers),
            b"Content-Length: %d" % len(body),
            b"",
            body,
        ]
    )


class Scripted:
    """Each connection has its script: an answer for each request; after the last one the connection is closed."""

    def __init__(self, folder: Path, scripts: Sequence[Sequence[bytes | None]]) -> None:
        self.address = Address(scheme="unix", path=str(folder / "s.sock"))
        self.requests: list[bytes] = []
        self.closed = threading.Event()
        self._scripts = list(scripts)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.address.path)
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        held = []
        for script in self._scripts:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                break
            held.append(connection)
            if self._play(connection, script):
                connection.close()
                self.closed.set()
        for connection in held:
            connection.close()

    def _play(self, connection: socket.socket, script: Sequence[bytes | None]) -> bool:
        """Whether the connection is to be closed."""
        for said in script:
            request = _request(connection)
            if not request:
                return True
            self.requests.append(request.partition(b"\r\n")[0])
            if said is None:
                return False
            with suppress(OSError):
                connection.sendall(said)
        return True


def _request(connection: socket.socket) -> bytes:
    """One request, its body included."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    left = int(lengths[0].partition(b":")[2]) - len(body) if lengths else 0
    while left > 0:
        left -= len(connection.recv(left))
    return data
