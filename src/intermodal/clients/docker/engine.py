"""Calls to one engine: JSON in and out, streams, raw connections. Safe to use from many threads.

Belongs here: requests, answers, versions. Does not: connections (`connections.py`), what answers mean (platforms).
"""

from __future__ import annotations

from http.client import HTTPException
from json import dumps, loads
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from intermodal.clients.docker.connections import Connections
from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.clients.docker.exchange import Request, exchange
from intermodal.clients.docker.streams import CHUNK, Duplex, Stream

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPResponse
    from types import TracebackType
    from typing import Self

    from intermodal.clients.docker.address import Address
    from intermodal.clients.docker.transport import Connection

NEWEST = (1, 48)
"""The newest API version that our requests were written for; an older engine is spoken to in its own."""
OLDEST = (1, 41)
"""Docker 20.10, Podman 3.0."""

LONGEST_ANSWER = 256 * 1024 * 1024
"""The most bytes of an answer that is read as a whole: some 50,000 services."""
_LONGEST_REFUSAL = 65536
_HEADERS = {"User-Agent": "intermodal"}


class Engine:
    """An engine at an address. `timeout` is how long it may be silent, seconds."""

    def __init__(self, address: Address, timeout: float = 60.0) -> None:
        self.address = address
        self.timeout = timeout
        self._connections = Connections(address, timeout)
        self._version: tuple[int, int] | None = None
        self._negotiating = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that nobody uses; the engine can be called again."""
        self._connections.close()

    @property
    def version(self) -> tuple[int, int]:
        """The API version spoken, as (1, 41); asked of the engine once. Raises `Unreachable`, `EngineError`."""
        with self._negotiating:
            if self._version is None:
                self._version = min(self._newest(), NEWEST)
        return self._version

    def at_least(self, major: int, minor: int) -> bool:
        """Whether the engine is spoken to in this API version or a newer one."""
        return self.version >= (major, minor)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        """Ask, and give the answer's JSON, None where it has none. Raises `EngineError`, `Unreachable`.

        What was done already (HTTP 304: started, stopped) is no error.

        `query` values may be mappings and lists (sent as JSON), booleans and numbers; None is left out. `body` is
        sent as JSON, bytes and iterators of bytes as they are. `timeout` is for calls that answer late.
        """
        request = self._request(method, path, query, body, headers)
        connection, answer = exchange(self._connections, request, timeout or self.timeout)
        content = self._whole(connection, answer)
        if _refused(answer):
            raise EngineError(answer.status, _message(content), f"{method} {path}")
        try:
            return loads(content) if content.strip() else None
        except (ValueError, RecursionError) as error:
            raise self._odd(f"its answer is not JSON ({error})") from error

    def stream(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Stream:
        """Ask on a connection of its own, and give the answer as it comes; it is to be read to its end or closed.

        `timeout` is how long the engine may take to begin its answer, seconds; None for ever.
        """
        request = self._request(method, path, query, body, headers)
        connection, answer = exchange(self._connections, request, timeout, alone=True)
        self._refuse(connection, answer, f"{method} {path}")
        connection.wait_at_most(None)
        return Stream(self._connections, connection, answer)

    def raw(self, path: str, *, query: Mapping[str, Any] | None = None, body: object = None) -> Duplex:
        """The connection itself, for attach and exec: POST with an upgrade, then bytes both ways."""
        request = self._request("POST", path, query, body, {"Connection": "Upgrade", "Upgrade": "tcp"})
        connection, answer = exchange(self._connections, request, self.timeout, alone=True)
        self._refuse(connection, answer, f"POST {path}")
        connection.wait_at_most(None)
        return Duplex(connection, answer)

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: object,
        headers: Mapping[str, str] | None,
    ) -> Request:
        content, kind = _encoded(body)
        major, minor = self.version
        return Request(
            method, f"/v{major}.{minor}{path}{_query(query)}", content, {**_HEADERS, **kind, **(headers or {})}
        )

    def _refuse(self, connection: Connection, answer: HTTPResponse, request: str) -> None:
        if _refused(answer):
            raise EngineError(answer.status, _message(self._whole(connection, answer)), request)

    def _whole(self, connection: Connection, answer: HTTPResponse) -> bytes:
        """All of an answer; its connection is kept where it can be. Raises `Unreachable`."""
        most = _LONGEST_REFUSAL if _refused(answer) else LONGEST_ANSWER
        try:
            content = _read(answer, most)
        except (HTTPException, OSError) as error:
            raise self._connections.failure(connection, error, begun=True) from error
        if len(content) > most or answer.will_close:
            connection.drop(answer)
        else:
            answer.close()
            self._connections.give(connection)
        if len(content) > LONGEST_ANSWER:
            raise self._odd(f"its answer is longer than {LONGEST_ANSWER} bytes")
        return content

    def _newest(self) -> tuple[int, int]:
        """The newest version the engine speaks."""
        connection, answer = exchange(self._connections, Request("GET", "/_ping", None, _HEADERS), self.timeout)
        content = self._whole(connection, answer)
        said = answer.headers.get("Api-Version")
        if answer.status >= 500:
            raise EngineError(answer.status, _message(content), "GET /_ping")
        if answer.status != 200 or (said is None and content.strip() != b"OK"):
            raise self._odd(_message(content)[:200] if answer.status == 400 else "this is no Docker engine")
        try:
            major, minor = map(int, (said or "1.24").split("."))
        except ValueError:
            raise self._odd(f"{said!r} is no API version") from None
        return major, minor

    def _odd(self, reason: str) -> Unreachable:
        return Unreachable(str(self.address), reason)


def _refused(answer: HTTPResponse) -> bool:
    """Whether the engine did not do as asked; "not modified" says that it was done already."""
    return answer.status >= 300 and answer.status != 304


def _read(answer: HTTPResponse, most: int) -> bytes:
    """An answer's body, one byte more than `most` at most."""
    pieces, left = [], most + 1
    while left > 0 and (piece := answer.read1(min(CHUNK, left))):
        pieces.append(piece)
        left -= len(piece)
    if left > 0 and answer.length:
        raise HTTPException("the answer ends in the middle")
    return b"".join(pieces)


def _query(query: Mapping[str, Any] | None) -> str:
    said = {key: _word(value) for key, value in (query or {}).items() if value is not None}
    return f"?{urlencode(said, quote_via=quote)}" if said else ""


def _word(value: Any) -> str:  # noqa: ANN401 - JSON
    return value if isinstance(value, str) else dumps(value, default=dict)


def _encoded(body: object) -> tuple[Any, dict[str, str]]:
    if body is None:
        return None, {}
    if isinstance(body, (bytes, bytearray)):
        return bytes(body), {"Content-Type": "application/x-tar"}
    if hasattr(body, "read") or hasattr(body, "__next__"):
        return body, {"Content-Type": "application/x-tar"}
    return dumps(body, default=dict).encode(), {"Content-Type": "application/json"}


def _message(content: bytes) -> str:
    try:
        return str(loads(content)["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return content.decode("utf-8", "replace").strip()
