"""Terminals for tests of commands that run inside instances."""

from __future__ import annotations


class Captured:
    """A terminal that keeps what is written to it; its input is at its end."""

    def __init__(self) -> None:
        self.out = ""
        self.err = ""

    def read(self) -> bytes:
        return b""

    def write(self, stream: str, data: bytes) -> None:
        if stream == "stderr":
            self.err += data.decode()
        else:
            self.out += data.decode()

    def size(self) -> tuple[int, int] | None:
        return None
