"""The connections to one engine: those that stand idle are used again, others are opened. For many threads.

Belongs here: opening, keeping, closing. Does not: what is sent (`exchange.py`), the sockets (`transport.py`).
"""

from __future__ import annotations

from contextlib import nullcontext
from http.client import HTTPException
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from intermodal.clients.docker.errors import Unreachable
from intermodal.clients.docker.tls import context
from intermodal.clients.docker.transport import Connection

if TYPE_CHECKING:
    import ssl

    from intermodal.clients.docker.address import Address, Tls

_KEPT = 16
"""How many connections stand idle at most."""
_KNOCKING = 4
"""How many log in by ssh at a time: servers turn away more than a few."""


class Connections:
    """Connections to an address; `timeout` is how long the engine may be silent, seconds."""

    def __init__(self, address: Address, timeout: float) -> None:
        self._address = address
        self._timeout = timeout
        self._lock = Lock()
        self._idle: list[Connection] = []
        self._secure: ssl.SSLContext | None = None
        self._door = BoundedSemaphore(_KNOCKING) if address.scheme == "ssh" else nullcontext()

    def idle(self) -> Connection | None:
        """A connection that stood idle and that the engine has not closed meanwhile, None when there is none."""
        while True:
            with self._lock:
                found = self._idle.pop() if self._idle else None
            if found is None or not found.stale:
                return found
            found.drop()

    def give(self, connection: Connection) -> None:
        """Take a connection back whose exchange is over, to be used again."""
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.drop()

    def open(self) -> Connection:
        """A new connection. Raises `Unreachable`."""
        made = Connection(self._address, self._timeout, self._context())
        try:
            with self._door:
                made.connect()
                if self._address.scheme == "ssh":
                    # ssh starts at once and fails later; what follows must not be lost in between.
                    made.request("GET", "/_ping")
                    made.getresponse().read()
        except (HTTPException, OSError) as error:
            raise self.failure(made, error) from error
        return made

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that stand idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.drop()

    def failure(self, connection: Connection, error: Exception, *, begun: bool = False) -> Unreachable:
        """What broke a connection, in words; it is closed."""
        reason = connection.said() or _reason(error)
        connection.drop()
        return Unreachable(str(self._address), reason, getattr(error, "errno", None), begun=begun)

    def _context(self) -> ssl.SSLContext | None:
        with self._lock:
            if self._secure is None and self._address.tls is not None:
                try:
                    self._secure = context(self._address.tls)
                except OSError as error:
                    raise Unreachable(str(self._address), f"{_reason(error)} ({_files(self._address.tls)})") from error
            return self._secure


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if getattr(error, "verify_message", ""):
        return f"its certificate is not trusted: {error.verify_message}".rstrip(".")  # type: ignore[attr-defined]
    if getattr(error, "reason", None):
        return "TLS: " + str(error.reason).replace("_", " ").lower()  # type: ignore[attr-defined]
    return getattr(error, "strerror", "") or str(error) or type(error).__name__


def _files(tls: Tls | None) -> str:
    return ", ".join(file for file in (tls.ca, tls.certificate, tls.key) if file) if tls else ""
