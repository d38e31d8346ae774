"""The voting app on real engines, by the commands a user types: votes, scale, updates, failures, and nothing left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.engine import Engine
from tests.engines.images import BUILD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from intermodal.clients.docker.address import Address
    from intermodal.lab.lab import Lab
    from tests.engines.fixtures import Nodes

pytestmark = pytest.mark.engines

APP = Path(__file__).parents[2] / "examples" / "voting-app"
OURS = str(Path(sys.executable).with_name("intermodal"))
NAME = "im-voting"
SECONDS = 60.0
BROKEN = {"services": {"vote": {"command": ["python3", "-c", "raise SystemExit(3)"]}}}


class Voting:
    """The application on one platform, and the addresses where it is reached."""

    def __init__(self, platform: str, engines: Mapping[str, Address], addresses: list[str], registry: str) -> None:
        self.platform = platform
        self.engines = engines
        self.addresses = addresses
        self._environment = {
            **os.environ,
            "DOCKER_HOST": str(next(iter(engines.values()))),
            "COMPOSE_FILE": f"{APP / 'compose.yaml'}:{APP / 'compose.lab.yaml'}",
            "COMPOSE_PROJECT_NAME": NAME,
            "INTERMODAL_PLATFORM": platform,
            "INTERMODAL_ENGINES": " ".join(f"{name}={address}" for name, address in engines.items()),
            "REGISTRY": registry,
        }

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """One of our commands."""
        surroundings = self._environment | environment
        return subprocess.run(
            [OURS, *words], env=surroundings, capture_output=True, text=True, check=False, timeout=300
        )

    def does(self, *words: str, **environment: str) -> str:
        """What a command prints that succeeds."""
        done = self.run(*words, **environment)
        assert not done.returncode, done.stderr
        return done.stdout

    def up_count(self, service: str) -> int:
        """How many instances of a service are up."""
        services = json.loads(self.does("ps", "--json"))["services"]
        return next(len(found["instances"]) for found in services if found["name"] == service)

    def page(self) -> str:
        return ask(f"http://{self.addresses[0]}:8080/")

    def result(self) -> dict[str, int]:
        counts: dict[str, int] = json.loads(ask(f"http://{self.addresses[0]}:8081/json"))
        return counts

    def vote(self, option: str) -> None:
        """Cast a vote, as soon as there is somebody to take it, and see it counted."""
        eventually(lambda: bool(self.result()) and bool(self.page()))
        before = self.result()[option]
        eventually(lambda: bool(ask(f"http://{self.addresses[0]}:8080/", f"vote={option}".encode())))
        eventually(lambda: self.result()[option] > before)

    def left(self) -> list[str]:
        """Everything of the application that engines have."""
        found = []
        for address in self.engines.values():
            with Engine(address) as engine:
                listed = engine.call("GET", "/containers/json", query={"all": True})
                found += [name for container in listed for name in container["Names"]]
                found += [str(network["Name"]) for network in engine.call("GET", "/networks")]
                found += [str(volume["Name"]) for volume in engine.call("GET", "/volumes")["Volumes"] or ()]
        with Engine(next(iter(self.engines.values()))) as engine:
            for kind in ("services", "secrets", "configs") if self.platform == "swarm" else ():
                found += [str(one["Spec"]["Name"]) for one in engine.call("GET", f"/{kind}")]
        return [name for name in found if NAME in name]


class Load:
    """Visitors that look at the page again and again, each look a connection of its own."""

    def __init__(self, addresses: list[str]) -> None:
        self.failed: list[str] = []
        self.answered = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._look, args=(address,)) for address in addresses * 2]

    def __enter__(self) -> Load:  # noqa: PYI034 - nobody inherits
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _look(self, address: str) -> None:
        while not self._stop.wait(0.02):
            try:
                assert "or" in ask(f"http://{address}:8080/")
                self.answered += 1
            except (OSError, AssertionError) as error:
                self.failed.append(f"{address}: {error!r}")


def ask(address: str, content: bytes | None = None) -> str:
    with urllib.request.urlopen(address, content, timeout=30) as answer:  # noqa: S310 - our own, over HTTP
        said: bytes = answer.read()
    return said.decode()


def eventually(holds: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until something holds; engines and services may be away meanwhile."""
    end = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
            reason: object = "not so"
        except OSError as error:
            reason = error
        assert time.monotonic() < end, reason
        time.sleep(0.3)


def build(*words: str) -> None:
    command = [sys.executable, str(BUILD), "voting-app", "redis", "postgres", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


@pytest.fixture(scope="module", params=["compose", "swarm"])
def voting(request: pytest.FixtureRequest) -> Iterator[Voting]:
    """The application, up and healthy."""
    app = (_on_one_engine if request.param == "compose" else _on_a_swarm)(request)
    app.run("down", "--volumes", "--yes")
    try:
        app.does("up", "--progress", "plain")
        yield app
    finally:
        app.run("down", "--volumes", "--yes")


def _on_one_engine(request: pytest.FixtureRequest) -> Voting:
    engine: Address = request.getfixturevalue("one_engine")
    lab: Lab | None = request.getfixturevalue("one_lab")
    build("--load", str(engine), "--registry", "localhost:5000")
    return Voting("compose", {"one": engine}, [lab.nodes[0].address if lab else "127.0.0.1"], "localhost:5000")


def _on_a_swarm(request: pytest.FixtureRequest) -> Voting:
    nodes: Nodes = request.getfixturevalue("three_nodes")
    registry: str = request.getfixturevalue("registry")
    build("--push", registry)
    return Voting("swarm", nodes.engines, [nodes.addresses[name] for name in nodes.names], registry)


def test_a_vote_is_counted(voting: Voting) -> None:
    assert "Cats or Dogs?" in voting.page()
    voting.vote("a")
    voting.vote("b")
    voting.vote("a")
    assert voting.result() == {"a": 2, "b": 1}


def test_a_second_up_has_nothing_to_do(voting: Voting) -> None:
    planned = json.loads(voting.does("plan", "--json"))["changes"]
    assert {change["action"] for change in planned} == {"keep"}


def test_scale_stays_as_it_was_chosen(voting: Voting) -> None:
    voting.does("scale", "vote=3")
    assert voting.up_count("vote") == 3
    voting.does("up")
    assert voting.up_count("vote") == 3


def test_an_update_under_load_fails_nobody(voting: Voting) -> None:
    with Load(voting.addresses) as load:
        voting.does("up", OPTION_A="Tea")
    assert not load.failed, load.failed
    assert load.answered > 50
    assert "Tea or Dogs?" in voting.page()
    assert voting.up_count("vote") == 3


def test_an_update_that_fails_is_rolled_back(voting: Voting, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(json.dumps(BROKEN), "utf-8")
    files = [word for file in (APP / "compose.yaml", APP / "compose.lab.yaml", broken) for word in ("-f", str(file))]
    with Load(voting.addresses) as load:
        done = voting.run("up", *files, "--rollback-on-failure", "--timeout", "90", OPTION_A="Tea")
    assert done.returncode, done.stdout
    assert not load.failed, load.failed
    assert "vote" in done.stderr
    voting.does("up", OPTION_A="Tea")
    voting.vote("b")


def test_instances_of_a_node_that_stops_start_elsewhere(voting: Voting, request: pytest.FixtureRequest) -> None:
    if voting.platform != "swarm":
        pytest.skip("one engine has no elsewhere")
    nodes: Nodes = request.getfixturevalue("three_nodes")
    away = nodes.workers[0]

    def elsewhere() -> bool:
        services: list[dict[str, Any]] = json.loads(voting.does("ps", "--json"))["services"]
        replicated = [found for found in services if found["name"] not in ("front", "result")]
        return all(
            len(found["instances"]) >= found["wanted"] and all(one["node"] != away for one in found["instances"])
            for found in replicated
        )

    nodes.stop(away)
    try:
        eventually(elsewhere)
        voting.vote("a")
    finally:
        nodes.start(away)
    voting.does("up", OPTION_A="Tea")


def test_down_leaves_nothing(voting: Voting) -> None:
    assert voting.left()
    voting.does("down", "--volumes", "--yes")
    eventually(lambda: not voting.left(), 20)
