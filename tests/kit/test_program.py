from __future__ import annotations

import socket

import pytest

from intermodal.kit.process import CommandFailed
from intermodal.kit.program import connected


def test_what_is_sent_is_its_input_and_what_it_prints_comes_back() -> None:
    line, program = connected(["cat"])
    with line:
        line.sendall(b"hello")
        line.shutdown(socket.SHUT_WR)
        assert b"".join(iter(lambda: line.recv(100), b"")) == b"hello"
    program.end()
    assert program.said() == ""


def test_the_last_of_what_it_complains_of_is_kept() -> None:
    line, program = connected(["sh", "-c", "for n in $(seq 1 100); do echo line $n >&2; done; exit 3"])
    with line:
        assert line.recv(1) == b""
        assert program.said(5).splitlines()[-2:] == ["line 99", "line 100"]
        assert len(program.said().splitlines()) <= 20
    program.end()


def test_a_program_that_goes_on_is_ended() -> None:
    line, program = connected(["sleep", "600"])
    line.close()
    program.end(0.1)
    assert program._process.poll() is not None


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(CommandFailed, match="nonesuch-program: No such file"):
        connected(["nonesuch-program"])
