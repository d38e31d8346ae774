"""The terminal a command was typed at, handed to commands that run inside instances.

Belongs here: raw mode and its end, input and output as bytes, the window's size. Does not: the commands.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 65536


class OwnTerminal:
    """Our standard input and output. Without `reading`, input is at its end from the start."""

    def __init__(self, *, reading: bool = True) -> None:
        self._reading = reading

    def read(self) -> bytes:
        """Some input, waited for; empty at its end."""
        if not self._reading:
            return b""
        try:
            return os.read(0, _CHUNK)
        except OSError:
            return b""

    def write(self, stream: str, data: bytes) -> None:
        """Write to "stdout" or "stderr"."""
        target = sys.stderr if stream == "stderr" else sys.stdout
        target.flush()
        target.buffer.write(data)
        target.buffer.flush()

    def size(self) -> tuple[int, int] | None:
        """Rows and columns, None when it is not a terminal."""
        try:
            found = os.get_terminal_size(0)
        except OSError:
            return None
        return found.lines, found.columns


def interactive() -> bool:
    """Whether somebody sits at both ends: input and output are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def raw() -> Iterator[None]:
    """Hand every key on as it is typed, ^C included; the terminal is as before afterwards, whatever happens."""
    import termios  # noqa: PLC0415 - only for interactive commands
    import tty  # noqa: PLC0415 - as above

    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(0, termios.TCSADRAIN, before)
