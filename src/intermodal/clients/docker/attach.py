"""A command inside a container, or a container's own, with the user's input and output tied to it.

Belongs here: carrying bytes both ways, the size of the terminal, the exit code. Does not: which container (platforms).
"""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.clients.docker.frames import frames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.engine import Engine
    from intermodal.clients.docker.streams import Duplex
    from intermodal.model.platform import Command, Terminal

_LOOK = 0.25
"""How often the terminal's size is looked at, seconds."""
_TRIES = 20
_END_OF_INPUT = b"\x04"
"""What Ctrl-D sends."""


def execute(engine: Engine, container: str, command: Command, terminal: Terminal) -> int:
    """Run a command inside a running container; gives its exit code, 0 at once where it is to run on by itself.

    Raises `EngineError`, `Unreachable`.
    """
    wanted = {
        "AttachStdin": not command.detach,
        "AttachStdout": not command.detach,
        "AttachStderr": not command.detach,
        "Tty": command.tty,
        "Cmd": list(command.argv),
        "Env": [f"{name}={value}" for name, value in command.environment.items()],
        "User": command.user,
        "WorkingDir": command.working_dir,
    }
    made = engine.call("POST", f"/containers/{container}/exec", body=wanted)["Id"]
    start = {"Detach": command.detach, "Tty": command.tty}
    if command.detach:
        engine.call("POST", f"/exec/{made}/start", body=start)
        return 0
    duplex = engine.raw(f"/exec/{made}/start", body=start)
    _carry(engine, duplex, terminal, f"/exec/{made}/resize", tty=command.tty)
    return _exit_code(engine, made)


def run_attached(engine: Engine, container: str, terminal: Terminal, *, tty: bool = False, stdin: bool = True) -> int:
    """Start a container that was made, tied to the terminal; gives its exit code. It must not remove itself.

    For `stdin` it must have been made with OpenStdin and StdinOnce. Raises `EngineError`, `Unreachable`.
    """
    query = {"stream": True, "stdin": stdin, "stdout": True, "stderr": True}
    duplex = engine.raw(f"/containers/{container}/attach", query=query)
    try:
        engine.call("POST", f"/containers/{container}/start")
    except BaseException:
        duplex.drop()
        raise
    _carry(engine, duplex, terminal, f"/containers/{container}/resize", tty=tty, stdin=stdin)
    return wait(engine, container)


def wait(engine: Engine, container: str) -> int:
    """Wait until a container has ended; gives its exit code. Raises `EngineError`, `Unreachable`."""
    from json import loads  # noqa: PLC0415 - beside its use

    pieces = engine.stream("POST", f"/containers/{container}/wait", query={"condition": "not-running"})
    try:
        answer = loads(b"".join(pieces))
    except ValueError as error:
        raise Unreachable(str(engine.address), "its answer is not JSON", begun=True) from error
    return int(answer["StatusCode"])


def _carry(engine: Engine, duplex: Duplex, terminal: Terminal, resize: str, *, tty: bool, stdin: bool = True) -> None:
    """Bytes both ways until the other side ends."""
    over = Event()
    if stdin:
        # It may wait for input for ever: it does not keep the process alive.
        Thread(target=_feed, args=(terminal, duplex, over, tty), daemon=True).start()
    if tty and terminal.size() is not None:
        Thread(target=_follow_size, args=(engine, terminal, resize, over), daemon=True).start()
    try:
        for stream, data in frames(_pieces(duplex), tty=tty):
            terminal.write(stream, data)
    except OSError as error:
        raise Unreachable(str(engine.address), error.strerror or str(error), error.errno, begun=True) from error
    finally:
        over.set()
        duplex.close()
        duplex.drop()


def _pieces(duplex: Duplex) -> Iterator[bytes]:
    while piece := duplex.read():
        yield piece


def _feed(terminal: Terminal, duplex: Duplex, over: Event, tty: bool) -> None:
    """What is typed goes to the command, and its end too."""
    # The command may end while its input goes on; nobody is to hear of that.
    with suppress(OSError, ValueError):
        while not over.is_set() and (data := terminal.read()):
            duplex.write(data)
        if tty:
            # Where nothing more is sent to a terminal, the engine takes its output away as well.
            duplex.write(_END_OF_INPUT)
        else:
            duplex.end()


def _follow_size(engine: Engine, terminal: Terminal, resize: str, over: Event) -> None:
    """Tell the command how large its terminal is, at first and whenever that changes."""
    told: tuple[int, int] | None = None
    while not over.is_set():
        size = terminal.size()
        if size is not None and size != told:
            # Before the command has started, the engine has nothing to resize.
            with suppress(EngineError, Unreachable):
                engine.call("POST", resize, query={"h": size[0], "w": size[1]})
                told = size
        over.wait(_LOOK)


def _exit_code(engine: Engine, made: str) -> int:
    """The exit code of a command; 0 for one that goes on after the user left it."""
    pause = Event()
    for _ in range(_TRIES):
        found: dict[str, Any] = engine.call("GET", f"/exec/{made}/json")
        if not found.get("Running"):
            return int(found.get("ExitCode") or 0)
        pause.wait(0.05)
    return 0
