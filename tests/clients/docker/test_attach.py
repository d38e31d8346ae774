from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.attach import execute, run_attached
from intermodal.clients.docker.errors import EngineError
from intermodal.model.platform import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.engine import Engine

pytestmark = pytest.mark.engines


class Typed:
    """A terminal on which these are typed, one after the other."""

    def __init__(self, *typed: bytes, size: tuple[int, int] | None = None) -> None:
        self._typed = list(typed)
        self._size = size
        self.written: list[tuple[str, bytes]] = []

    def read(self) -> bytes:
        return self._typed.pop(0) if self._typed else b""

    def write(self, stream: str, data: bytes) -> None:
        self.written.append((stream, data))

    def size(self) -> tuple[int, int] | None:
        return self._size

    def said(self, stream: str = "stdout") -> bytes:
        return b"".join(data for name, data in self.written if name == stream)


class Idle(Typed):
    """A terminal on which nobody types anything, for ever."""

    def read(self) -> bytes:
        threading.Event().wait()
        return b""


@pytest.fixture
def running(container: Callable[..., str]) -> str:
    return container("sleep", "600")


def shell(text: str, **more: Any) -> Command:
    return Command(service="web", argv=("sh", "-c", text), **more)


def test_input_output_and_exit_code(engine: Engine, running: str) -> None:
    terminal = Typed(b"one\n", b"two\n")
    assert execute(engine, running, shell("cat; echo bad >&2; exit 7"), terminal) == 7
    assert terminal.said() == b"one\ntwo\n"
    assert terminal.said("stderr") == b"bad\n"


def test_much_goes_both_ways(engine: Engine, running: str) -> None:
    pieces = [bytes([65 + number % 26]) * 65536 for number in range(64)]
    terminal = Typed(*pieces)
    assert execute(engine, running, shell("cat"), terminal) == 0
    assert terminal.said() == b"".join(pieces)


def test_user_folder_and_variables(engine: Engine, running: str) -> None:
    terminal = Typed()
    command = shell('echo "$(id -u) $PWD $A"', user="12", working_dir="/tmp", environment={"A": "b c"})  # noqa: S108
    assert execute(engine, running, command, terminal) == 0
    assert terminal.said() == b"12 /tmp b c\n"


def test_a_command_ends_though_nobody_types(engine: Engine, running: str) -> None:
    terminal = Idle()
    assert execute(engine, running, shell("echo done"), terminal) == 0
    assert terminal.said() == b"done\n"


def test_a_terminal_has_its_size_and_no_second_stream(engine: Engine, running: str) -> None:
    terminal = Idle(size=(33, 99))
    text = 'while [ "$(stty size 2>/dev/null)" != "33 99" ]; do sleep 0.05; done; tty >&2; exit 3'
    assert execute(engine, running, shell(text, tty=True), terminal) == 3
    assert terminal.said().startswith(b"/dev/pts/")
    assert not terminal.said("stderr")


def test_the_end_of_input_reaches_a_terminal_and_its_output_comes_back(engine: Engine, running: str) -> None:
    terminal = Typed(b"typed\n")
    assert execute(engine, running, shell("cat; echo over", tty=True), terminal) == 0
    assert terminal.said().endswith(b"over\r\n")


def test_a_command_left_alone(engine: Engine, running: str) -> None:
    assert execute(engine, running, shell("sleep 0.1; exit 5", detach=True), Typed()) == 0


def test_a_command_that_is_not_there(engine: Engine, running: str) -> None:
    terminal = Typed()
    assert execute(engine, running, Command(service="web", argv=("nonesuch",)), terminal) in {126, 127}
    assert b"nonesuch" in terminal.said() + terminal.said("stderr")


def test_nothing_runs_in_a_container_that_does_not(engine: Engine, container: Callable[..., str]) -> None:
    with pytest.raises(EngineError, match="not running"):
        execute(engine, container("true", start=False), shell("true"), Typed())


@pytest.mark.parametrize("tty", [False, True])
def test_a_new_container_tied_to_the_terminal(engine: Engine, container: Callable[..., str], *, tty: bool) -> None:
    options = {"OpenStdin": True, "StdinOnce": True, "AttachStdin": True, "Tty": tty}
    made = container("sh", "-c", "read word; echo got $word; exit 9", start=False, **options)
    terminal = Typed(b"input\n")
    assert run_attached(engine, made, terminal, tty=tty) == 9
    assert b"got input" in terminal.said()


def test_a_container_that_cannot_start_leaves_no_connection(engine: Engine, container: Callable[..., str]) -> None:
    made = container("nonesuch", start=False, HostConfig={})
    with pytest.raises(EngineError, match="nonesuch"):
        run_attached(engine, made, Typed(), stdin=False)
