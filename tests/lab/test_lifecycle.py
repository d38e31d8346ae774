"""Labs made and removed on this machine: nothing is left, whenever the making ended."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.kit.clock import SystemClock
from intermodal.kit.diagnostics import Rejected
from intermodal.lab import lifecycle
from intermodal.lab.layout import Wanted
from intermodal.lab.state import Labs
from intermodal.lab.status import status
from intermodal.model.changes import NotDone
from tests.lab import small
from tests.lab.traces import OURS, left_behind, traces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.address import Address
    from intermodal.lab.lab import Lab

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("able")]

PROGRAM = str(Path(sys.executable).with_name("intermodal"))
LABS = Labs()
CLOCK = SystemClock()
NAME = f"{OURS}{os.getpid()}"


def up(**wanted: str | int) -> tuple[Lab, bool]:
    return lifecycle.up(LABS, Wanted(**{"name": NAME, **wanted}), CLOCK, print)  # type: ignore[arg-type]


def running(lab: Lab) -> list[bool]:
    found = []
    for name in lab.engines():
        with lab.engine(name) as engine:
            found.append(bool(engine.call("GET", "/version")))
    return found


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """The machine is afterwards as it was before; a lab that a failed test left is removed."""
    # The folder that `ip netns` keeps namespaces in is its own, and stays for good once it was needed.
    subprocess.run(["ip", "netns", "add", f"im-{NAME}"], check=True)
    subprocess.run(["ip", "netns", "delete", f"im-{NAME}"], check=True)
    before = traces()
    yield
    left = left_behind(before)
    if NAME in LABS.names():
        lifecycle.down(LABS, NAME, CLOCK)
    assert left == []


@pytest.mark.usefixtures("nothing_left")
def test_a_lab_with_running_containers_goes_without_a_trace() -> None:
    lab, made = up()
    assert made
    for node in lab.nodes:
        with lab.engine(node.name) as engine:
            small.make(engine, "small:1")
            small.wait_forever(engine, "small:1")
    with lab.engine() as manager:
        assert len(manager.call("GET", "/nodes")) == 3
        manager.call("POST", "/networks/create", body={"Name": "over", "Driver": "overlay", "Attachable": True})
    lifecycle.down(LABS, NAME, CLOCK)


@pytest.mark.usefixtures("nothing_left")
def test_a_second_up_finds_the_lab_and_a_different_one_is_refused() -> None:
    lab, _ = up(platform="compose", nodes=2)
    again, made = up()
    assert not made
    assert (again.layout, again.seconds) == (lab.layout, lab.seconds)
    with pytest.raises(Rejected) as caught:
        up(nodes=3)
    assert [found.code for found in caught.value.diagnostics] == ["lab-differs"]
    assert running(lab) == [True, True]
    lifecycle.down(LABS, NAME, CLOCK)


@pytest.mark.usefixtures("nothing_left")
def test_two_labs_and_the_machine_s_own_engine_stand_side_by_side(one_engine: Address) -> None:
    lab, _ = up(platform="compose")
    other, _ = up(name=f"{NAME}b", platform="compose")
    try:
        assert not lab.layout.network.overlaps(other.layout.network)
        with other.engine() as engine, Engine(one_engine) as third:
            assert len({one.call("GET", "/info")["ID"] for one in (lab.engine(), engine, third)}) == 3
        lifecycle.down(LABS, NAME, CLOCK)
        assert running(other) == [True]
        with Engine(one_engine) as third:
            assert third.call("GET", "/version")
    finally:
        lifecycle.down(LABS, other.name, CLOCK)


@pytest.mark.usefixtures("nothing_left")
def test_killed_while_it_is_made_a_lab_is_removed_whole() -> None:
    chance = random.Random(3)  # noqa: S311 - moments
    for _ in range(5):
        moment = chance.uniform(0.15, 1.6)
        _interrupted(signal.SIGKILL, moment)
        if NAME in LABS.names():
            lifecycle.down(LABS, NAME, CLOCK)


@pytest.mark.usefixtures("nothing_left")
def test_killed_while_it_is_made_a_lab_is_made_again() -> None:
    _interrupted(signal.SIGKILL, 0.6)
    lab, made = up()
    assert made
    assert running(lab) == [True, True, True]
    assert status(LABS, NAME).complete
    lifecycle.down(LABS, NAME, CLOCK)


@pytest.mark.usefixtures("nothing_left")
def test_killed_while_it_is_removed_a_lab_is_removed_by_the_next() -> None:
    up(platform="compose")
    with subprocess.Popen([PROGRAM, "lab", "down", "--name", NAME]) as removing:
        time.sleep(0.25)
        removing.kill()
    if NAME in LABS.names():
        lifecycle.down(LABS, NAME, CLOCK)


@pytest.mark.usefixtures("nothing_left")
def test_interrupted_by_its_user_a_lab_is_removed_at_once() -> None:
    assert _interrupted(signal.SIGINT, 0.6) == 130
    assert NAME not in LABS.names()


@pytest.mark.usefixtures("nothing_left")
def test_an_engine_that_does_not_start_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    engine = tmp_path / "dockerd"
    engine.write_text("#!/bin/sh\necho this disk is full >&2\nexit 1\n")
    engine.chmod(0o755)
    with pytest.raises(NotDone) as caught:
        up(engine=str(engine))
    (found,) = caught.value.diagnostics
    assert found.code == "lab-engine-failed"
    assert "this disk is full" in found.help


@pytest.mark.usefixtures("nothing_left")
def test_a_link_of_somebody_else_is_left_alone() -> None:
    link = "imb-taken"
    subprocess.run(["ip", "link", "add", link, "type", "bridge"], check=True)
    try:
        with pytest.raises(NotDone) as caught:
            up(name="taken")
        assert [found.code for found in caught.value.diagnostics] == ["lab-name-taken"]
        assert link in subprocess.check_output(["ip", "link"], text=True)
    finally:
        subprocess.run(["ip", "link", "delete", link], check=True)


@pytest.mark.parametrize("name", ["nosuch", "..", "a/b"])
def test_what_is_no_lab_is_not_removed(name: str) -> None:
    with pytest.raises(NotDone) as caught:
        lifecycle.down(LABS, name, CLOCK)
    assert [found.code for found in caught.value.diagnostics] == ["lab-unknown"]


def _interrupted(sign: signal.Signals, after: float) -> int:
    """What becomes of `intermodal lab up` that gets a signal after so many seconds."""
    command = [PROGRAM, "lab", "up", "--name", NAME]
    # Whoever runs the tests in the background may ignore interrupts; a user at a terminal does not.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=heeding) as making:  # noqa: PLW1509
        time.sleep(after)
        making.send_signal(sign)
        return making.wait(30)
