"""Processes of a lab, with real processes that are no engines."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from intermodal.kit.clock import SystemClock
from intermodal.lab import processes
from intermodal.lab.processes import Process

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="labs are Linux'")


@pytest.fixture
def token() -> Iterator[str]:
    """A mark nobody else has; what carries it is ended."""
    made = secrets.token_hex(8)
    yield made
    processes.send(processes.of(made), signal.SIGKILL)


def start(token: str, part: str, script: str = "sleep 60 & sleep 60 & wait") -> subprocess.Popen[bytes]:
    environment = {**os.environ, **processes.mark(token, part)}
    return subprocess.Popen(["sh", "-c", script], env=environment)


def until(reached: int, token: str, part: str = "") -> list[Process]:
    for _ in range(500):
        if len(found := processes.of(token, part)) == reached:
            return found
        time.sleep(0.01)
    raise AssertionError(found)


def test_a_part_is_found_with_its_children_and_without_others(token: str) -> None:
    with start(token, "1") as one, start(token, "12") as other:
        assert one.pid in {process.pid for process in until(3, token, "1")}
        assert other.pid in {process.pid for process in until(3, token, "12")}
        until(6, token)
        assert processes.of(token[:-1]) == []
        assert processes.kill(token, "1", SystemClock())
        until(3, token)
        assert processes.kill(token, "", SystemClock())


def test_children_that_lost_the_mark_are_found_by_descent(token: str) -> None:
    with start(token, "1", "env -i sh -c 'sleep 60 & wait' & wait"):
        until(3, token)
        processes.kill(token, "", SystemClock())
    assert processes.of(token) == []


def test_a_part_stands_still_and_goes_on(token: str) -> None:
    with start(token, "1"):
        until(3, token)
        processes.freeze(token, "1", SystemClock())
        assert processes.frozen(processes.of(token, "1"))
        processes.thaw(token, "1")
        assert not processes.frozen(processes.of(token, "1"))
        processes.freeze(token, "1", SystemClock())
        assert processes.kill(token, "1", SystemClock())


def test_a_process_that_took_the_number_of_another_gets_no_signal(token: str) -> None:
    with start(token, "1", "exec sleep 60") as running:
        (found,) = until(1, token)
        processes.send([Process(pid=found.pid, began=found.began - 1, parent=found.parent, state="S")], signal.SIGKILL)
        time.sleep(0.1)
        assert running.poll() is None
        processes.send([found], signal.SIGKILL)
        assert running.wait(5) == -signal.SIGKILL


def test_a_signal_to_nobody_is_no_error() -> None:
    processes.send([Process(pid=2**22 - 1, began=1, parent=1, state="S")], signal.SIGKILL)
