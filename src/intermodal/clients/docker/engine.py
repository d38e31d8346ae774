"""Calls to one engine: JSON in and out, streams, raw connections. Safe to use from many threads.

Belongs here: requests, answers, versions. Does not: connections (`transport.py`), what answers mean (platforms).
"""

from __future__ import annotations

import threading
from http.client import HTTPException
from json import dumps, loads
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.clients.docker.transport import Connection

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping
    from http.client import HTTPResponse

    from intermodal.clients.docker.address import Address

NEWEST = (1, 48)
"""The newest API version that our requests were written for; an older engine is spoken to in its own."""
OLDEST = (1, 41)
"""Docker 20.10."""

_CHUNK = 65536


class Engine:
    """An engine at an address. `timeout` is how long an answer may take, seconds; streams take what they take."""

    def __init__(self, address: Address, timeout: float = 60.0) -> None:
        self.address = address
        self._timeout = timeout
        self._local = threading.local()
        self._version = ""
        self._negotiating = threading.Lock()

    @property
    def version(self) -> str:
        """The API version spoken, as "1.41"; asked of the engine once. Raises `Unreachable`."""
        with self._negotiating:
            if not self._version:
                self._version = self._negotiated()
        return self._version

    def at_least(self, version: str) -> bool:
        """Whether the engine speaks this version or a newer one."""
        return _numbers(self.version) >= _numbers(version)

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

        `query` values may be mappings and lists (sent as JSON), booleans and numbers; None is left out. `body` is
        sent as JSON, bytes and iterators of bytes as they are.
        """
        answer = self._ask(self._idle(), method, path, query, body, headers, timeout or self._timeout)
        content = answer.read()
        return loads(content) if content.strip() else None

    def stream(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[bytes]:
        """Ask on a connection of its own, and give the answer as it comes; closing the iterator ends it."""
        connection = Connection(self.address, None)
        answer = self._ask(connection, method, path, query, body, headers, None)
        return _chunks(connection, answer)

    def raw(self, path: str, *, query: Mapping[str, Any] | None = None, body: object = None) -> socket.socket:
        """The connection itself, for attach and exec: POST with an upgrade, then bytes both ways."""
        connection = Connection(self.address, self._timeout)
        self._ask(connection, "POST", path, query, body, {"Connection": "Upgrade", "Upgrade": "tcp"}, self._timeout)
        taken: socket.socket = connection.sock
        taken.settimeout(None)
        return taken

    def _ask(
        self,
        connection: Connection,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: object,
        headers: Mapping[str, str] | None,
        timeout: float | None,
    ) -> HTTPResponse:
        url = f"/v{self.version}{path}{_query(query)}"
        content, kind = _encoded(body)
        said = {**kind, **(headers or {})}
        answer = self._answer(connection, method, url, content, said, timeout)
        if answer.status >= 400:
            raise EngineError(answer.status, _message(answer.read()), f"{method} {path}")
        return answer

    def _answer(
        self,
        connection: Connection,
        method: str,
        url: str,
        content: Any,  # noqa: ANN401 - bytes or an iterable of them
        headers: Mapping[str, str],
        timeout: float | None,
    ) -> HTTPResponse:
        fresh = connection.sock is None
        try:
            if not fresh:
                connection.sock.settimeout(timeout)
            connection.request(method, url, content, dict(headers))
            return connection.getresponse()
        except (HTTPException, OSError) as error:
            connection.close()
            if not fresh and not isinstance(error, TimeoutError):
                # The engine closed a connection that stood idle: once more on a new one.
                return self._answer(connection, method, url, content, headers, timeout)
            raise Unreachable(str(self.address), _reason(error), getattr(error, "errno", None)) from error

    def _idle(self) -> Connection:
        """The connection of this thread, kept open between calls."""
        found: Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = Connection(self.address, self._timeout)
        return found

    def _negotiated(self) -> str:
        connection = Connection(self.address, self._timeout)
        answer = self._answer(connection, "GET", "/_ping", None, {}, self._timeout)
        answer.read()
        connection.close()
        spoken = _numbers(answer.headers.get("Api-Version") or "1.24")
        return ".".join(map(str, min(spoken, NEWEST)))


def _query(query: Mapping[str, Any] | None) -> str:
    said = {key: _word(value) for key, value in (query or {}).items() if value is not None}
    return f"?{urlencode(said, quote_via=quote)}" if said else ""


def _word(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value
    return dumps(value, default=dict)


def _encoded(body: object) -> tuple[Any, dict[str, str]]:
    if body is None:
        return None, {}
    if isinstance(body, (bytes, bytearray)) or hasattr(body, "read") or hasattr(body, "__next__"):
        return body, {"Content-Type": "application/x-tar"}
    return dumps(body, default=dict).encode(), {"Content-Type": "application/json"}


def _message(content: bytes) -> str:
    try:
        said = loads(content)["message"]
    except (ValueError, KeyError, TypeError):
        return content.decode("utf-8", "replace").strip()
    return str(said)


def _chunks(connection: Connection, answer: HTTPResponse) -> Iterator[bytes]:
    try:
        while chunk := answer.read1(_CHUNK):
            yield chunk
    except (HTTPException, OSError) as error:
        raise Unreachable("engine", _reason(error), getattr(error, "errno", None)) from error
    finally:
        answer.close()
        connection.close()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", "") or str(error) or type(error).__name__


def _numbers(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor or 0)
