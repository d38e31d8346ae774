"""Nodes broken and mended on purpose."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.kit.clock import SystemClock
from intermodal.kit.diagnostics import Rejected
from intermodal.lab import faults, images, lifecycle, processes
from intermodal.lab.layout import Wanted
from intermodal.lab.state import Labs
from intermodal.lab.status import NodeStatus, status
from intermodal.model.changes import NotDone
from tests.lab import small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.lab.lab import Lab

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("able")]

GOSSIP = 7946
IMAGE = "small:1"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Two nodes of a Swarm with an image in their registry; the second is the one that is broken."""
    labs, clock = Labs(), SystemClock()
    made, _ = lifecycle.up(labs, Wanted(name="faults", nodes=2), clock, print)
    try:
        with made.engine() as engine:
            small.make(engine, IMAGE)
            archive = images.saved(engine, [IMAGE], tmp_path_factory.mktemp("images"))
        images.push(made, [archive])
        yield made
    finally:
        lifecycle.down(labs, made.name, clock)


@pytest.fixture(autouse=True)
def whole(lab: Lab) -> None:
    """The second node is on and whole when a test begins."""
    faults.start(lab, "2")
    faults.heal(lab, "2")


def state(lab: Lab) -> NodeStatus:
    return status(lab.labs, lab.name).nodes[1]


def reached(lab: Lab) -> bool:
    try:
        socket.create_connection((lab.node("2").address, GOSSIP), timeout=1.0).close()
    except OSError:
        return False
    return True


def pulled(lab: Lab) -> float:
    """How long the second node takes to pull the image, seconds."""
    with lab.engine("2") as engine:
        for held in engine.call("GET", "/images/json"):
            engine.call("DELETE", f"/images/{held['Id']}", query={"force": True})
        began = time.monotonic()
        said = b"".join(engine.stream("POST", "/images/create", query={"fromImage": "small", "tag": "1"}))
        assert b"error" not in said
        return time.monotonic() - began


def test_a_node_that_is_stopped_loses_its_processes_and_keeps_its_data(lab: Lab) -> None:
    pulled(lab)
    with lab.engine("2") as engine:
        container = small.wait_forever(engine, IMAGE)
        inside = engine.call("GET", f"/containers/{container}/json")["State"]["Pid"]
    there = processes.of(lab.layout.token, "2")
    assert inside in [_inner(process.pid) for process in there]
    faults.stop(lab, "2")
    assert processes.of(lab.layout.token, "2") == []
    assert not [process for process in there if _alive(process.pid)]
    assert (state(lab).state, state(lab).link) == ("stopped", "none")
    assert not reached(lab)
    faults.stop(lab, "2")
    with pytest.raises(NotDone) as caught:
        faults.pause(lab, "2")
    assert [found.code for found in caught.value.diagnostics] == ["lab-node-stopped"]
    faults.start(lab, "2")
    assert state(lab).state == "running"
    with lab.engine("2") as engine:
        seen = engine.call("GET", f"/containers/{container}/json")
        assert not seen["State"]["Running"]
        engine.call("POST", f"/containers/{container}/start")
        engine.call("DELETE", f"/containers/{container}", query={"force": True})


def test_a_node_whose_engine_was_killed_is_off_and_comes_back(lab: Lab) -> None:
    with lab.engine("2") as engine:
        identity = engine.call("GET", "/info")["Swarm"]["NodeID"]
    engines = [one for one in processes.of(lab.layout.token, "2") if _name(one.pid) == "dockerd"]
    processes.send(engines, signal.SIGKILL)
    for _ in range(100):
        if state(lab).state == "stopped":
            break
        time.sleep(0.05)
    faults.start(lab, "2")
    with lab.engine("2") as engine:
        assert engine.call("GET", "/info")["Swarm"]["NodeID"] == identity


def test_a_paused_node_does_not_answer_until_it_goes_on(lab: Lab) -> None:
    faults.pause(lab, "2")
    assert state(lab).state == "paused"
    with pytest.raises(Unreachable), Engine(lab.address("2"), timeout=0.5) as engine:
        engine.call("GET", "/version")
    faults.resume(lab, "2")
    assert state(lab).state == "running"
    with Engine(lab.address("2"), timeout=5) as engine:
        assert engine.call("GET", "/version")


def test_a_node_that_is_cut_off_runs_on_alone(lab: Lab) -> None:
    assert reached(lab)
    faults.cut(lab, "2")
    assert state(lab).link == "cut"
    assert not reached(lab)
    with lab.engine("2") as engine:
        assert engine.call("GET", "/version")
    faults.heal(lab, "2")
    assert state(lab).link == "up"
    assert reached(lab)


def test_a_slow_link_takes_its_time(lab: Lab) -> None:
    quick = pulled(lab)
    faults.slow(lab, "2", "4mbit")
    assert (state(lab).link, state(lab).rate) == ("slow", "4Mbit")
    assert pulled(lab) > max(1.0, 2 * quick)
    faults.heal(lab, "2")
    assert (state(lab).link, state(lab).rate) == ("up", "")


def test_an_image_that_is_nowhere_is_told_at_once(lab: Lab) -> None:
    began = time.monotonic()
    with pytest.raises(EngineError) as caught, lab.engine("2") as engine:
        engine.call("POST", "/images/create", query={"fromImage": "nosuch", "tag": "1"})
    assert "no such host" in caught.value.message
    assert time.monotonic() - began < 4


def test_what_is_no_rate_and_what_is_no_node(lab: Lab) -> None:
    with pytest.raises(Rejected) as rejected:
        faults.slow(lab, "2", "fast")
    assert [found.code for found in rejected.value.diagnostics] == ["lab-rate-invalid"]
    with pytest.raises(NotDone) as caught:
        faults.stop(lab, "faults-3")
    assert [found.code for found in caught.value.diagnostics] == ["lab-node-unknown"]


def test_the_manager_learns_that_a_node_is_gone_and_that_it_is_back(lab: Lab) -> None:
    faults.stop(lab, "2")
    with lab.engine() as manager:
        for _ in range(600):
            if _seen(manager) == "down":
                break
            time.sleep(0.1)
        assert _seen(manager) == "down"
        faults.start(lab, "2")
        assert _seen(manager) == "ready"


def _seen(manager: Engine) -> str:
    listed = {node["Description"]["Hostname"]: node["Status"]["State"] for node in manager.call("GET", "/nodes")}
    return str(listed["faults-2"])


def _inner(pid: int) -> int:
    """The number of a process in the namespace of its node."""
    try:
        status = Path("/proc", str(pid), "status").read_text()
    except FileNotFoundError:
        return 0
    numbers = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()[1:]
    return int(numbers[1]) if len(numbers) > 1 else 0


def _alive(pid: int) -> bool:
    """Whether a process is there and not only waits for its parent to take note of its end."""
    try:
        return "State:\tZ" not in Path("/proc", str(pid), "status").read_text()
    except FileNotFoundError:
        return False


def _name(pid: int) -> str:
    return Path("/proc", str(pid), "comm").read_text().strip()
