"""An engine's socket with somebody who writes down what is asked: for tests that count requests."""

from __future__ import annotations

import re
import socket
from collections import Counter
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

_REQUEST = re.compile(rb"(?m)^([A-Z]+) /(?:v[\d.]+/)?(\S*) HTTP/1\.1\r$")
_ID = re.compile(r"/[0-9a-z]{25,64}(?=/|$)")


class Recording:
    """A unix socket at `path` that leads to an engine's; requests are counted while it is open."""

    def __init__(self, path: Path, engine: str) -> None:
        self.host = f"unix://{path}"
        self._engine = engine
        self._asked: list[str] = []
        self._lock = Lock()
        self._threads: list[Thread] = []
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(path))
        self._door.listen(64)

    def __enter__(self) -> Self:
        self._begin(self._let_in)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        while self._threads:
            self._threads.pop().join()
        self._door.close()

    def take(self) -> Counter[str]:
        """What was asked since the last time, ids left out: `GET containers/json`, `POST containers/ID/start`."""
        with self._lock:
            asked, self._asked = self._asked, []
        return Counter(asked)

    def _begin(self, act: Callable[..., None], *words: object) -> None:
        self._threads.append(Thread(target=act, args=words, daemon=True))
        self._threads[-1].start()

    def _let_in(self) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                near, _ = self._door.accept()
                self._begin(self._serve, near)

    def _serve(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            far.connect(self._engine)
            back = Thread(target=_carry, args=(far, near, lambda _: None))
            back.start()
            _carry(near, far, self._note)
            back.join()

    def _note(self, data: bytes) -> None:
        """Our client sends a request's head at once, so that it never begins in the middle of a piece."""
        found = [
            f"{verb.decode()} {_ID.sub('/ID', path.decode().partition('?')[0])}"
            for verb, path in _REQUEST.findall(data)
        ]
        with self._lock:
            self._asked += found


def _carry(source: socket.socket, to: socket.socket, note: Callable[[bytes], None]) -> None:
    """Bytes one way until they end; then the other side is told so."""
    with suppress(OSError):  # one of the two has gone
        while data := source.recv(65536):
            note(data)
            to.sendall(data)
    with suppress(OSError):
        to.shutdown(socket.SHUT_WR)
