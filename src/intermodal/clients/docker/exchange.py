"""One request and the beginning of its answer, and when it may be made once more.

A request is repeated only where it surely was not carried out, or where that does no harm: a kept connection broke
before the request was out, or while a reading one waited for its answer.
"""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPResponse

    from intermodal.clients.docker.connections import Connections
    from intermodal.clients.docker.transport import Connection

_READING = frozenset({"GET", "HEAD"})
_HANDED_OVER = frozenset({"application/vnd.docker.raw-stream", "application/vnd.docker.multiplexed-stream"})
"""What a connection carries once it is no longer HTTP, where an engine does not say so by its status."""


class Request(NamedTuple):
    """What is sent; `content` is bytes, or a file or an iterator of bytes, which can be sent only once."""

    method: str
    url: str
    content: Any
    headers: Mapping[str, str]

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent a second time."""
        return self.content is None or isinstance(self.content, bytes)


def exchange(
    connections: Connections, request: Request, timeout: float | None, *, alone: bool = False
) -> tuple[Connection, HTTPResponse]:
    """Send a request on a connection that stood idle, or on its own where `alone`. Raises `Unreachable`.

    `timeout` is how long the engine may be silent, seconds; None for ever.
    """
    kept = not alone and connections.idle()
    if kept:
        answer = _asked(connections, kept, request, timeout, kept=True)
        if answer is not None:
            return kept, answer
    fresh = connections.open()
    answer = _asked(connections, fresh, request, timeout, kept=False)
    assert answer is not None  # noqa: S101 - only a kept connection gives nothing
    return fresh, answer


def _asked(
    connections: Connections, connection: Connection, request: Request, timeout: float | None, *, kept: bool
) -> HTTPResponse | None:
    """The answer; None when the connection was kept too long and the request can be made on another."""
    connection.wait_at_most(timeout)
    out = False
    try:
        out = _send(connection, request)
        return _framed(connection.getresponse())
    except (HTTPException, OSError) as error:
        repeatable = request.repeatable and (not out or request.method in _READING)
        if kept and repeatable and not isinstance(error, TimeoutError):
            connection.drop()
            return None
        raise connections.failure(connection, error, begun=out or not request.repeatable) from error


def _framed(answer: HTTPResponse) -> HTTPResponse:
    """An answer that says where it ends, as engines' do when all is well; else its head was cut off unnoticed."""
    endless = answer.length is None and not answer.chunked
    if endless and answer.status < 300 and answer.headers.get_content_type() not in _HANDED_OVER:
        answer.close()
        raise HTTPException("the head of the answer ends in the middle")
    return answer


def _send(connection: Connection, request: Request) -> bool:
    """Whether all of it is out; an engine that closes the door on a long body may still have said why."""
    try:
        connection.request(request.method, request.url, request.content, dict(request.headers))
    except (BrokenPipeError, ConnectionResetError):
        if request.repeatable:
            raise
        return False
    return True
