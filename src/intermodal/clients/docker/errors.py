"""What an engine answers when it does not do as asked. What users are told is made of these in `diagnosis.py`."""

from __future__ import annotations


class EngineError(Exception):
    """The engine refused a request: its HTTP status and its own words."""

    def __init__(self, status: int, message: str, request: str) -> None:
        self.status = status
        self.message = message
        self.request = request
        super().__init__(f"{request}: {status} {message}")


class Unreachable(Exception):  # noqa: N818 - named for the engine
    """No engine answers at an address, or the connection broke; `reason` is the system's words.

    `begun` says that a request was on its way: the engine may have carried it out, or part of it.
    """

    def __init__(self, address: str, reason: str, errno: int | None = None, *, begun: bool = False) -> None:
        self.address = address
        self.reason = reason
        self.errno = errno
        self.begun = begun
        super().__init__(f"{address}: {reason}")
