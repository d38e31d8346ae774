"""The socket server of the examples answers, checks itself, and stops gently."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = Path(__file__).parents[2] / "examples" / "socket-server" / "server.py"


class Running(NamedTuple):
    process: subprocess.Popen[str]
    port: int


@contextmanager
def serving() -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "GREETING": "good day"}
    with subprocess.Popen([sys.executable, str(SERVER)], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().endswith(f"listens on {port}\n")
            yield Running(process, port)
        finally:
            process.kill()


def check(port: int) -> int:
    done = subprocess.run([sys.executable, str(SERVER), "--check"], env=os.environ | {"PORT": str(port)}, check=False)
    return done.returncode


def test_it_answers_every_line_with_its_name() -> None:
    with serving() as server, socket.create_connection(("localhost", server.port), timeout=10) as connection:
        connection.sendall(b"one\ntwo\nquit\n")
        greeting, one, two = connection.makefile().read().splitlines()
    name = socket.gethostname()
    assert greeting == f"good day from {name}"
    assert (one, two) == (f"{name} 1 one", f"{name} 1 two")


def test_its_check_tells_whether_it_serves() -> None:
    with serving() as server:
        assert check(server.port) == 0
    assert check(server.port) == 1


def test_it_survives_what_is_no_line() -> None:
    with serving() as server:
        with socket.create_connection(("localhost", server.port), timeout=10) as connection:
            connection.sendall(b"x" * 100_000)
        assert check(server.port) == 0


def test_stopping_waits_for_open_conversations() -> None:
    with serving() as server, socket.create_connection(("localhost", server.port), timeout=10) as connection:
        lines = connection.makefile()
        lines.readline()
        server.process.send_signal(signal.SIGTERM)
        connection.sendall(b"still there\n")
        assert lines.readline().endswith(" still there\n")
        connection.sendall(b"quit\n")
        assert server.process.wait(timeout=10) == 0
