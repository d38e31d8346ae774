"""Real engines for tests: one alone, and three in a Swarm, each in a lab that lasts as long as the test run.

A developer may lend running ones: INTERMODAL_TEST_ENGINE and INTERMODAL_TEST_SWARM (a manager) are used where set,
with INTERMODAL_TEST_REGISTRY. Nodes that are lent are not broken: tests that would do so are skipped.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from intermodal.clients.docker.address import parsed
from intermodal.clients.docker.engine import Engine
from intermodal.kit.clock import SystemClock
from intermodal.lab import faults, lifecycle
from intermodal.lab.layout import Wanted
from intermodal.lab.state import Labs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.clients.docker.address import Address
    from intermodal.lab.lab import Lab
    from tests.engines.images import Images

_OURS = "tests-"


class Nodes(Protocol):
    """Three nodes of a Swarm. `manager` is the engine of the only manager; the rest goes by the names of nodes."""

    @property
    def manager(self) -> Address: ...
    @property
    def registry(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def workers(self) -> tuple[str, ...]: ...
    @property
    def addresses(self) -> Mapping[str, str]: ...
    @property
    def engines(self) -> Mapping[str, Address]: ...
    def stop(self, name: str) -> None: ...
    def start(self, name: str) -> None: ...
    def pause(self, name: str) -> None: ...
    def resume(self, name: str) -> None: ...
    def cut(self, name: str) -> None: ...
    def slow(self, name: str, rate: str = ...) -> None: ...
    def heal(self, name: str) -> None: ...


class OfLab:
    """The nodes of a lab of ours."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.manager = lab.address()
        self.registry = lab.registry
        self.names = tuple(node.name for node in lab.nodes)
        self.workers = tuple(node.name for node in lab.nodes if node.role == "worker")
        self.addresses = {node.name: node.address for node in lab.nodes}
        self.engines = {node.name: lab.address(node.name) for node in lab.nodes}

    def stop(self, name: str) -> None:
        faults.stop(self._lab, name)

    def start(self, name: str) -> None:
        faults.start(self._lab, name)

    def pause(self, name: str) -> None:
        faults.pause(self._lab, name)

    def resume(self, name: str) -> None:
        faults.resume(self._lab, name)

    def cut(self, name: str) -> None:
        faults.cut(self._lab, name)

    def slow(self, name: str, rate: str = faults.DEFAULT_RATE) -> None:
        faults.slow(self._lab, name, rate)

    def heal(self, name: str) -> None:
        faults.heal(self._lab, name)


class Lent:
    """Nodes that somebody lends: looked at and used, not broken."""

    def __init__(self, host: str) -> None:
        self.manager = parsed(host)
        self.registry = os.environ.get("INTERMODAL_TEST_REGISTRY", "")
        with Engine(self.manager) as engine:
            listed = sorted(engine.call("GET", "/nodes"), key=lambda node: str(node["Description"]["Hostname"]))
        self.names = tuple(str(node["Description"]["Hostname"]) for node in listed)
        self.workers = tuple(
            str(node["Description"]["Hostname"]) for node in listed if node["Spec"]["Role"] == "worker"
        )
        self.addresses = {
            str(node["Description"]["Hostname"]): str(
                node.get("ManagerStatus", {}).get("Addr", "").partition(":")[0] or node["Status"]["Addr"]
            )
            for node in listed
        }
        self.engines = {self.names[0]: self.manager}

    def stop(self, name: str) -> None:
        pytest.skip(f"{name} is lent, and is not to be broken")

    start = pause = resume = cut = heal = stop

    def slow(self, name: str, rate: str = "") -> None:
        pytest.skip(f"{name} is lent, and is not to be slowed to {rate}")


@pytest.fixture(scope="session")
def one_engine(one_lab: Lab | None, images: Images) -> Address:
    """An engine that is part of no Swarm."""
    address = one_lab.address() if one_lab else parsed(os.environ["INTERMODAL_TEST_ENGINE"])
    images.engine(address)
    images.registry(one_lab.registry if one_lab else "")
    return address


@pytest.fixture(scope="session")
def one_lab(request: pytest.FixtureRequest) -> Iterator[Lab | None]:
    """The lab of `one_engine`; None when it is lent."""
    if os.environ.get("INTERMODAL_TEST_ENGINE"):
        yield None
    else:
        request.getfixturevalue("able")
        yield from _lab("one", "compose")


@pytest.fixture(scope="session")
def three_nodes(request: pytest.FixtureRequest, images: Images) -> Iterator[Nodes]:
    """A manager and two workers of a Swarm."""
    lent = os.environ.get("INTERMODAL_TEST_SWARM")
    if lent:
        yield Lent(lent)
        return
    request.getfixturevalue("able")
    for lab in _lab("three", "swarm"):
        images.registry(lab.registry)
        yield OfLab(lab)


@pytest.fixture(scope="session")
def registry(three_nodes: Nodes) -> str:
    """The registry that the three nodes trust, `ADDRESS:PORT`; it can be reached from here too."""
    return three_nodes.registry or _missing("docker-registry")


@pytest.fixture(scope="session")
def able() -> None:
    """A machine that can carry labs: elsewhere the test is skipped, and fails in CI."""
    if os.geteuid():
        _unable("a lab needs root")
    for program, package in {"dockerd": "docker.io", "iptables": "iptables", "ip": "iproute2"}.items():
        if not shutil.which(program):
            _missing(package)


def _lab(word: str, platform: str) -> Iterator[Lab]:
    """A lab that is there while the generator waits."""
    labs, clock = Labs(), SystemClock()
    _clear(labs)
    lab, _ = lifecycle.up(labs, Wanted(name=f"{_OURS}{os.getpid()}-{word}", platform=platform), clock, print)
    try:
        yield lab
    finally:
        lifecycle.down(labs, lab.name, clock)


def _clear(labs: Labs) -> None:
    """Remove the labs of test runs that were killed."""
    for name in labs.names():
        number = name.removeprefix(_OURS).partition("-")[0]
        if name.startswith(_OURS) and number.isdigit() and not Path("/proc", number).exists():
            lifecycle.down(labs, name, SystemClock())


def _missing(package: str) -> str:
    return _unable(f"apt-get install --no-install-recommends {package}")


def _unable(reason: str) -> str:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
