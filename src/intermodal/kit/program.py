"""Another program whose input and output are one socket, as ssh's are. Beside `process.py`, which runs to the end."""

from __future__ import annotations

import socket
import subprocess
from collections import deque
from threading import Thread
from typing import TYPE_CHECKING

from intermodal.kit.process import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

_LINES = 20
_WIDEST = 1000


class Program:
    """A program that runs beside us; what it writes to its standard error is kept, the last lines of it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:  # noqa: TID251 - a type
        self._process = process
        self._said: deque[bytes] = deque(maxlen=_LINES)
        self._listener = Thread(target=self._listen, args=(process.stderr,), daemon=True)
        self._listener.start()

    def said(self, seconds: float = 1.0) -> str:
        """What it wrote to its standard error, waited for until it ends or so long."""
        self._listener.join(seconds)
        return b"".join(self._said).decode("utf-8", "replace").strip()

    def end(self, seconds: float = 1.0) -> None:
        """Wait so long for its end, then end it."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(seconds)

    def _listen(self, stderr: IO[bytes]) -> None:
        with stderr:
            while line := stderr.readline(_WIDEST):
                self._said.append(line)


def connected(argv: Sequence[str]) -> tuple[socket.socket, Program]:
    """Start a program; what is sent to the socket is its input, what it prints is received there.

    Its end is the socket's end; closing the socket is its input's end. Raises `CommandFailed`.
    """
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(  # noqa: S603,TID251 - this is the place; an argument list, no shell
            list(argv),
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.PIPE,
            start_new_session=True,  # ^C is for us: we close the connection when we are done with it
        )
    except OSError as error:
        ours.close()
        raise CommandFailed(argv, 127, f"{argv[0]}: {error.strerror}") from error
    finally:
        theirs.close()
    return ours, Program(process)
