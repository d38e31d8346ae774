"""Answers that come bit by bit, and connections that go both ways. Each can be closed from another thread.

Belongs here: bytes. Does not: what they mean (`logs.py`, `events.py`, `pull.py`, `attach.py`).
"""

from __future__ import annotations

from http.client import HTTPException
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

    from intermodal.clients.docker.connections import Connections
    from intermodal.clients.docker.transport import Connection

T = TypeVar("T")

CHUNK = 65536


class Stream:
    """The body of an answer as it comes, in pieces that are not empty. Raises `Unreachable` if it breaks."""

    def __init__(self, connections: Connections, connection: Connection, answer: HTTPResponse) -> None:
        self._connections = connections
        self._connection = connection
        self._answer = answer
        self._closed = False
        self._reading = Lock()

    def __del__(self) -> None:
        self.close()

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        with self._reading:
            piece = b"" if self._closed else self._piece()
        if self._closed or not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """End it; whoever waits for the next piece gets the end. Safe from any thread, and twice."""
        self._closed = True
        self._connection.hang_up()
        # Whoever reads at this moment closes it afterwards.
        if self._reading.acquire(blocking=False):
            self._connection.drop(self._answer)
            self._reading.release()

    def _piece(self) -> bytes:
        try:
            piece = self._answer.read1(CHUNK)
            cut = not piece and self._answer.length
            broken: Exception | None = HTTPException("the answer ends in the middle") if cut else None
        except (HTTPException, OSError) as error:
            piece, broken = b"", error
        if broken is not None and not self._closed:
            raise self._connections.failure(self._connection, broken, begun=True) from broken
        return piece


class Streamed(Generic[T]):
    """Values made of a stream: an iterator that any thread may close, at which whoever waits for the next is freed."""

    def __init__(self, source: Stream, values: Iterator[T]) -> None:
        self._source = source
        self._values = values

    def __iter__(self) -> Streamed[T]:
        return self

    def __next__(self) -> T:
        return next(self._values)

    def close(self) -> None:
        """End it."""
        self._source.close()


class Duplex:
    """A connection that the engine handed over: bytes both ways. Reading and writing may be done by two threads."""

    def __init__(self, connection: Connection, answer: HTTPResponse) -> None:
        self._connection = connection
        self._answer = answer
        # What the engine sent right after its answer's head is in this buffer already.
        self._incoming: Any = answer.fp

    def read(self) -> bytes:
        """What has come, waited for; empty at the end. Raises `OSError`."""
        try:
            return bytes(self._incoming.read1(CHUNK))
        except ValueError:
            return b""

    def write(self, data: bytes) -> None:
        """Send all of it. Raises `OSError`."""
        self._connection.send_all(data)

    def end(self) -> None:
        """Say that nothing more is to be sent; reading goes on. Raises `OSError`."""
        self._connection.end()

    def close(self) -> None:
        """End both ways; whoever waits in `read` gets the end. Safe from any thread."""
        self._connection.hang_up()

    def drop(self) -> None:
        """Close everything; nobody may be reading or writing."""
        self._connection.drop(self._answer)
