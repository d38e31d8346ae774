"""TLS over a socket on which one thread reads while another writes, and whose writing can end before its reading.

Python's own TLS sockets can do neither safely: two threads may not enter OpenSSL for one connection, and ending one way
ends both. Here OpenSSL works on memory, under a lock, and the socket is waited for outside of it.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from io import BufferedReader, RawIOBase
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from intermodal.clients.docker.address import Tls

_PIECE = 65536


def context(tls: Tls) -> ssl.SSLContext:
    """What is trusted, and who we are, read from files. Raises `OSError`."""
    made = ssl.create_default_context(cafile=tls.ca or None)
    if not tls.verify:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    if tls.certificate:
        made.load_cert_chain(tls.certificate, tls.key or None)
    return made


class Sealed:
    """A connected socket with TLS on it, as much of a socket as the HTTP client needs; the socket stays its maker's.

    One thread may read while another writes. Raises `OSError`.
    """

    def __init__(self, plain: socket.socket, trusted: ssl.SSLContext, host: str) -> None:
        self._plain = plain
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = trusted.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._lock = Lock()
        self._sending = Lock()
        self._ahead = bytearray()
        self._until_done(self._tls.do_handshake)

    def makefile(self, _mode: str) -> BufferedReader:
        """What comes in, as a file."""
        return BufferedReader(_Incoming(self))

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        left = memoryview(data)
        while left:
            with self._sending:
                with self._lock:
                    left = left[self._tls.write(left[:_PIECE]) :]
                self._send()

    def receive(self, size: int) -> bytes:
        """What has come, waited for; empty at the end."""
        found: list[bytes] = []
        self._until_done(lambda: found.append(self._read(size)))
        return found[0]

    def end(self) -> None:
        """Say that nothing more is to be sent; reading goes on."""
        with self._lock:
            # OpenSSL would take what lies there already for a breach of the rules.
            with suppress(ssl.SSLWantReadError):
                while piece := self._decrypted(_PIECE):
                    self._ahead += piece
            with suppress(ssl.SSLError):  # the other side has not said the same yet
                self._tls.unwrap()
        with self._sending:
            self._send()

    def close(self) -> None:
        """Nothing: whoever opened the socket closes it, when the last answer has been read."""

    def _read(self, size: int) -> bytes:
        if not self._ahead:
            return self._decrypted(size)
        piece = bytes(self._ahead[:size])
        del self._ahead[:size]
        return piece

    def _decrypted(self, size: int) -> bytes:
        try:
            return self._tls.read(size)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def _until_done(self, step: Callable[[], object]) -> None:
        """Make a step of TLS, hearing the other side as often as it needs to."""
        while True:
            try:
                with self._lock:
                    step()
            except ssl.SSLWantReadError:
                self._answer()
                self._hear()
            except ssl.SSLError:
                self._answer()  # the other side is told why
                raise
            else:
                self._answer()
                return

    def _hear(self) -> None:
        data = self._plain.recv(_PIECE)
        with self._lock:
            self._incoming.write(data) if data else self._incoming.write_eof()

    def _answer(self) -> None:
        """Send what TLS itself has to say; whoever sends at this moment does it too, and is not waited for.

        The other side may hear nothing until we have read what it says: who reads must never wait for who writes.
        """
        if self._sending.acquire(blocking=False):
            try:
                self._send()
            finally:
                self._sending.release()

    def _send(self) -> None:
        with self._lock:
            data = self._outgoing.read()
        if data:
            self._plain.sendall(data)


class _Incoming(RawIOBase):
    """The reading side as a raw file."""

    def __init__(self, sealed: Sealed) -> None:
        self._sealed = sealed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._sealed.receive(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
