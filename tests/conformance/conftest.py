"""The engines that the conformance suites run on: the fake always, real ones where tests with engines are wanted."""

from __future__ import annotations

import json
import os
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.load import Request, load
from intermodal.kit.clock import FakeClock, SystemClock
from intermodal.model.changes import Action, Change, Kind, NotDone
from intermodal.model.platform import Command, Target, Wishes
from intermodal.platforms import find
from intermodal.platforms.rollout import Failure, Outcome, roll_out
from tests.conformance.tampering import TAMPERING
from tests.fakes.engine import FakeEngine
from tests.terminals import Captured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from intermodal.kit.clock import Clock
    from intermodal.model.application import Application
    from intermodal.model.changes import Plan
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Engine
    from intermodal.model.running import Instance, Running

PREFIX = "im-conf"
TIMEOUT = 90.0
MISSING = "127.0.0.1:1/there-is/no-such-image:1"


class Bench:
    """An engine under test, and what a test needs to know of it."""

    def __init__(self, platform: str, engine: Engine, clock: Clock, image: str, host: str = "") -> None:
        self.platform = platform
        self.engine = engine
        self.clock = clock
        self.image = image
        self.host = host

    def tamper(self, application: str, service: str) -> None:
        """Change a service behind our back, as an administrator might."""
        if isinstance(self.engine, FakeEngine):
            self.engine.tamper(application, service)
        else:
            TAMPERING[self.platform](self.host, application, service)


class Trial:
    """An application under test: written, loaded, brought up, looked at."""

    def __init__(self, bench: Bench, name: str, folder: Path) -> None:
        self.bench = bench
        self.engine = bench.engine
        self.name = name
        self._folder = folder

    def service(self, script: str = "sleep 1000", *, here: bool = False, **more: Any) -> dict[str, Any]:
        """A service as every platform can run it; `script` is for sh. `here` is where commands can be run inside."""
        quick = {"update_config": {"monitor": "100ms"}, "rollback_config": {"monitor": "100ms"}}
        deploy = {"endpoint_mode": "dnsrr", **quick, **more.pop("deploy", {})}
        command = ["sh", "-c", script]
        base = {"image": self.bench.image, "command": command, "init": True, "stop_grace_period": "2s"}
        if here and self.bench.platform == "swarm":
            deploy = {"placement": {"constraints": ["node.role == manager"]}, **deploy}
        return {**base, "deploy": deploy, **more}

    def file(self, name: str, content: str) -> str:
        """A file of the application; its path."""
        (self._folder / name).write_text(content, "utf-8")
        return f"./{name}"

    def load(self, services: dict[str, Any], **shared: Any) -> tuple[Application, ProjectFiles]:
        """The application of these services."""
        path = self._folder / "compose.yaml"
        path.write_text(json.dumps({"name": self.name, "services": services, **shared}), "utf-8")
        loaded = load(Request(files=(str(path),), environment={}, working_directory=str(self._folder)))
        return loaded.application, loaded.files

    def plan(self, services: dict[str, Any], wishes: Wishes | None = None, **shared: Any) -> Plan:
        """What `up` would do."""
        application, files = self.load(services, **shared)
        return self.engine.plan(application, files, wishes or Wishes())

    def up(
        self, services: dict[str, Any], wishes: Wishes | None = None, *, timeout: float = TIMEOUT, **shared: Any
    ) -> Outcome:
        """Bring it up; a plan that cannot be made is an outcome too."""
        try:
            plan = self.plan(services, wishes, **shared)
        except NotDone as reason:
            return _not_planned(reason)
        return self.roll_out(plan, timeout=timeout)

    def up_well(self, services: dict[str, Any], wishes: Wishes | None = None, **shared: Any) -> Outcome:
        """Bring it up, and have it healthy."""
        return well(self.up(services, wishes, **shared))

    def roll_out(self, plan: Plan, *, timeout: float = TIMEOUT) -> Outcome:
        """Carry a plan out."""
        return roll_out(self.engine, plan, clock=self.bench.clock, report=lambda _: None, timeout=timeout)

    def running(self) -> Running:
        """How it looks."""
        return self.engine.observe(self.name)

    def instances(self, service: str) -> tuple[Instance, ...]:
        """The instances of a service that are up."""
        return tuple(one for one in self.running().services[service].instances if one.phase.up)

    def ids(self, service: str) -> set[str]:
        """Which instances of a service are up."""
        return {one.id for one in self.instances(service)}

    def until(self, holds: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something holds."""
        end = self.bench.clock.monotonic() + seconds
        while not holds():
            assert self.bench.clock.monotonic() < end, "it does not become true"
            self.bench.clock.sleep(0.2)

    def printed(self, service: str, *argv: str, number: int = 0) -> str:
        """What a command prints inside an instance."""
        terminal = Captured()
        assert self.engine.execute(self.name, Command(service=service, argv=argv, number=number), terminal) == 0
        return terminal.out

    def gone(self) -> Outcome:
        """Take it down with everything."""
        return self.roll_out(self.engine.removal(self.name, volumes=True))


def well(outcome: Outcome) -> Outcome:
    """The outcome, if all went well."""
    said = [found.message for failure in outcome.failed for found in failure.diagnostics]
    assert outcome.code == 0, (said, outcome.standings, outcome.unseen)
    return outcome


def _not_planned(reason: NotDone) -> Outcome:
    nothing = Change(action=Action.KEEP, kind=Kind.SERVICE, name="")
    return Outcome(failed=(Failure(change=nothing, diagnostics=reason.diagnostics, code=reason.code),))


@pytest.fixture(
    scope="module",
    params=[
        "fake",
        pytest.param("compose", marks=pytest.mark.engines),
        pytest.param("swarm", marks=pytest.mark.engines),
    ],
)
def bench(request: pytest.FixtureRequest) -> Bench:
    """Each engine in turn."""
    platform = str(request.param)
    if platform == "fake":
        clock = FakeClock()
        return Bench(platform, FakeEngine(clock), clock, "busybox:local")
    others: dict[str, str] = {}
    if platform == "compose":
        address = request.getfixturevalue("one_engine")
    else:
        nodes = request.getfixturevalue("three_nodes")
        address = nodes.manager
        others = {f"engine.{name}": str(other) for name, other in nodes.engines.items()}
    lent = os.environ.get("INTERMODAL_TEST_IMAGE")
    image = lent or request.getfixturevalue("images")("busybox")
    engine = find(platform).connect(Target(host=str(address), options=others), SystemClock())
    return Bench(platform, engine, SystemClock(), image, str(address))


@pytest.fixture
def trial(bench: Bench, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trial]:
    """An application that nobody else has, removed afterwards with everything."""
    yield from _trial(bench, request.node.name, tmp_path)


@pytest.fixture(scope="module")
def shared_trial(
    bench: Bench, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """One application for the tests of a module that only look."""
    yield from _trial(bench, request.module.__name__.rpartition(".")[2], tmp_path_factory.mktemp("shared"))


def _trial(bench: Bench, title: str, folder: Path) -> Iterator[Trial]:
    made = Trial(bench, f"{PREFIX}-{zlib.crc32(f'{title}{os.getpid()}'.encode()):08x}", folder)
    try:
        yield made
    finally:
        well(made.gone())
