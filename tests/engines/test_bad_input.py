"""What can be wrong with an engine, or come in between, as a user meets it: said once, with a next step and a code.

Each case ends with its documented exit code; nothing is left half-made that the same command would not finish, nothing
that ran before is gone, and no value of a secret is told. What files and words alone can have wrong is in tests/cli.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from intermodal.cli.main import run
from intermodal.clients.docker.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from intermodal.clients.docker.address import Address
    from tests.engines.fixtures import Nodes

pytestmark = pytest.mark.engines

SECRET = "correct-horse"  # noqa: S105 - a value to be looked for
NAME = f"bad-{os.getpid()}"
FOREIGN = f"{NAME}-foreign"
SLEEP = {"command": ["sleep", "600"], "init": True}
FAIL = {"command": ["sh", "-c", "echo no config file >&2; exit 7"]}
ILL = {
    **SLEEP,
    "command": ["sh", "-c", "echo answers nobody; exec sleep 600"],
    "environment": {"PASSWORD": SECRET},
    "healthcheck": {"test": ["CMD-SHELL", "echo nobody listens; exit 1"], "interval": "0.5s", "retries": 1},
}
WAITING = {"web": {**SLEEP, "depends_on": {"db": {"condition": "service_healthy"}}}}


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        """The codes of the errors it reported."""
        return [line.partition("[")[2].partition("]")[0] for line in self.err.splitlines() if line[:6] == "error["]


class Case(NamedTuple):
    """Services, what is asked with them, the exit code, the error's code ("": any), and words of what is said."""

    what: str
    services: Mapping[str, Mapping[str, Any]]
    arguments: tuple[str, ...]
    code: int
    error: str
    words: tuple[str, ...] = ()


def up(*more: str, timeout: str = "3") -> tuple[str, ...]:
    return ("up", "--timeout", timeout, *more)


ON_BOTH = (
    Case("an image that is nowhere", {"web": {"image": "nowhere.invalid/x:1"}}, up(), 1, "", ("nowhere.invalid/x:1",)),
    Case("a service that ends", {"web": {**FAIL, "restart": "no"}}, up(timeout="30"), 1, "service-failed",
         ("exit code 7", "no config file")),
    Case("nothing to scale", {"web": SLEEP}, ("scale", "web=2"), 1, "application-not-there", ("intermodal up",)),
    Case("nothing to restart", {"web": SLEEP}, ("restart",), 1, "application-not-there"),
    Case("nothing to go back to", {"web": SLEEP}, ("rollback",), 1, "application-not-there"),
    Case("nothing to enter", {"web": SLEEP}, ("exec", "web", "true"), 1, "application-not-there"),
    Case("nothing to remove", {"web": SLEEP}, ("down",), 0, "", ("nothing of an application",)),
    Case("nothing to read", {"web": SLEEP}, ("logs",), 0, "", ("no lines",)),
    Case("an unknown service", {"web": SLEEP}, up("wbe"), 2, "service-not-there", ("did you mean",)),
    Case("fewer than none", {"web": SLEEP}, up("--scale", "web=-1"), 2, "usage", ("web=-1",)),
)  # fmt: skip
ON_ONE = (
    Case("never healthy", {"db": ILL, **WAITING}, up(), 4, "service-not-healthy",
         ("nobody listens", "db: 0 of 1", "answers nobody", "not done: service web")),
    Case("a crash loop", {"web": {**FAIL, "restart": "always"}}, up(), 4, "service-not-healthy",
         ("restarted", "no config file")),
    Case("no such program", {"web": {"command": ["/no/program", f"--password={SECRET}"]}}, up(), 3,
         "instance-not-started", ("/no/program: no such file",)),
    Case("no such folder", {"web": {**SLEEP, "volumes": [{"type": "bind", "source": "/no/folder", "target": "/x",
         "bind": {"create_host_path": False}}]}}, up(), 3, "instance-not-started", ("/no/folder",)),
    Case("a port that a container has", {"web": {**SLEEP, "ports": ["18931:80"]}}, up(), 1, "port-taken",
         ("18931", "holder", "publish another port")),
    Case("another tool's project", {"web": SLEEP}, ("-p", FOREIGN, *up()), 1, "project-elsewhere",
         ("/elsewhere", "--adopt")),
    Case("one name for two", {"web": {**SLEEP, "container_name": f"{NAME}-only"}}, up("--scale", "web=2"), 2,
         "one-instance-only", ("container_name",)),
)  # fmt: skip
ON_SWARM = (
    Case("no node fits", {"web": {**SLEEP, "deploy": {"placement": {"constraints": ["node.labels.moon == yes"]}}}},
         up(), 4, "service-not-healthy", ("scheduling constraints not satisfied",)),
    Case("a port that a service has", {"web": {**SLEEP, "ports": [{"target": 80, "published": 18932, "mode": "host"}],
         "deploy": {"mode": "global"}}}, up(), 4, "service-not-healthy", ("18932", f"service {FOREIGN}_holder has")),
    Case("no number of a global service", {"web": {**SLEEP, "deploy": {"mode": "global"}}}, up("--scale", "web=2"), 2,
         "global-not-scaled", ("node labels",)),
    Case("a crash loop", {"web": {**FAIL, "deploy": {"restart_policy": {"delay": "100ms"}}}}, up(timeout="8"), 4,
         "service-not-healthy", ("exit code 7", "no config file")),
    Case("another tool's stack", {"web": SLEEP}, ("-p", FOREIGN, *up()), 1, "project-elsewhere", ("holder", "--adopt")),
)  # fmt: skip


def named(case: Case) -> str:
    return case.what


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    monkeypatch.chdir(tmp_path)
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "INTERMODAL_PLATFORM", "COMPOSE_PROJECT_NAME", "COMPOSE_FILE"):
        monkeypatch.delenv(name, raising=False)

    def act(*arguments: str) -> Ran:
        capsys.readouterr()
        return Ran(run(list(arguments)), *capsys.readouterr())

    return act


@pytest.fixture(scope="module")
def engine_in_use(one_engine: Address, images: Callable[[str], str]) -> Iterator[str]:
    """Gives the image; the one engine has a container of docker compose's, which has a port."""
    image = images("busybox")
    engine = Engine(one_engine)
    made = engine.call("POST", "/containers/create", query={"name": f"{FOREIGN}-holder-1"}, body=_holder(image))["Id"]
    engine.call("POST", f"/containers/{made}/start")
    yield image
    engine.call("DELETE", f"/containers/{made}", query={"force": True})


@pytest.fixture
def on_one(engine_in_use: str, one_engine: Address) -> Iterator[str]:
    """The image; what a test brought up is gone afterwards."""
    yield engine_in_use
    assert run(["down", "-q", "-p", NAME, "--platform", "compose", "-H", str(one_engine)]) == 0


def _holder(image: str) -> dict[str, Any]:
    labels = {"project": FOREIGN, "service": "holder", "container-number": "1", "oneoff": "False"}
    return {
        "Image": image,
        "Cmd": ["sleep", "600"],
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "18931"}]}, "Init": True},
        "Labels": {f"com.docker.compose.{key}": value for key, value in labels.items()}
        | {"com.docker.compose.project.working_dir": "/elsewhere"},
    }


@pytest.fixture(scope="module")
def swarm_in_use(three_nodes: Nodes, images: Callable[[str], str]) -> Iterator[str]:
    """The same for three nodes; the other tool's service is on each."""
    image = images("busybox")
    engine = Engine(three_nodes.manager)
    port = {"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 18932, "PublishMode": "host"}
    spec = {
        "Name": f"{FOREIGN}_holder",
        "Labels": {"com.docker.stack.namespace": FOREIGN},
        "Mode": {"Global": {}},
        "TaskTemplate": {"ContainerSpec": {"Image": image, "Args": ["sleep", "600"], "Init": True}},
        "EndpointSpec": {"Mode": "dnsrr", "Ports": [port]},
    }
    made = engine.call("POST", "/services/create", body=spec)["ID"]
    yield image
    engine.call("DELETE", f"/services/{made}")


@pytest.fixture
def on_swarm(swarm_in_use: str, three_nodes: Nodes) -> Iterator[str]:
    """The image; what a test brought up is gone afterwards."""
    yield swarm_in_use
    assert run(["down", "-q", "-p", NAME, "--platform", "swarm", "-H", str(three_nodes.manager)]) == 0


def write(folder: Path, services: Mapping[str, Mapping[str, Any]], image: str, **deploy: Any) -> None:
    """Write the file: JSON is YAML."""
    whole = {name: _whole(service, image, deploy) for name, service in services.items()}
    (folder / "compose.yaml").write_text(json.dumps({"name": NAME, "services": whole}))


def _whole(service: Mapping[str, Any], image: str, deploy: Mapping[str, Any]) -> dict[str, Any]:
    found = {"image": image, **service}
    merged = {**deploy, **found.get("deploy", {})}
    if deploy and found.pop("restart", "") == "no":
        merged["restart_policy"] = {"condition": "none"}
    return {**found, "deploy": merged} if merged else found


def check(ran: Ran, case: Case) -> None:
    assert ran.code == case.code, ran.err
    assert "Traceback" not in ran.err
    assert SECRET not in ran.err + ran.out
    wanted = [case.error] if case.error else ran.said[:1]
    assert [code for code in ran.said if code != "stopped-half-way"] == wanted, ran.err
    assert ran.err.count("   = help:") >= len(ran.said)
    assert [word for word in case.words if word not in ran.err] == [], ran.err


@pytest.mark.parametrize("case", [*ON_BOTH, *ON_ONE], ids=named)
def test_on_one_engine(
    case: Case, command: Callable[..., Ran], on_one: str, one_engine: Address, tmp_path: Path
) -> None:
    write(tmp_path, case.services, on_one)
    check(command(*_first(case.arguments, ("--platform", "compose", "-H", str(one_engine)))), case)
    rows = Engine(one_engine).call(
        "GET", "/containers/json", query={"filters": {"label": [f"com.docker.compose.project={FOREIGN}"]}}
    )
    assert [row["Names"] for row in rows] == [[f"/{FOREIGN}-holder-1"]]


@pytest.mark.parametrize("case", [*ON_BOTH, *ON_SWARM], ids=named)
def test_on_three_nodes(
    case: Case, command: Callable[..., Ran], on_swarm: str, three_nodes: Nodes, tmp_path: Path
) -> None:
    write(tmp_path, case.services, on_swarm, endpoint_mode="dnsrr")
    check(command(*_first(case.arguments, ("--platform", "swarm", "-H", str(three_nodes.manager)))), case)


def _first(arguments: tuple[str, ...], options: tuple[str, ...]) -> tuple[str, ...]:
    """The command's name first, then where, then the rest."""
    place = next(place for place, word in enumerate(arguments) if place == 0 or arguments[place - 2] == "-p")
    if arguments[0] == "-p":
        return (arguments[2], *options, *arguments[:2], *arguments[3:])
    return (arguments[place], *options, *arguments[place + 1 :])


@pytest.mark.parametrize(
    "asked",
    [("down", "hodler"), ("restart", "hodler"), ("rollback", "hodler"), ("logs", "hodler"), ("ps", "hodler"),
     ("scale", "hodler=2"), ("exec", "hodler", "true")],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("platform", ["compose", "swarm"])
def test_unknown_services_in_every_command(
    platform: str, asked: tuple[str, ...], command: Callable[..., Ran], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("engine_in_use" if platform == "compose" else "swarm_in_use")
    host = str(
        request.getfixturevalue("one_engine")
        if platform == "compose"
        else request.getfixturevalue("three_nodes").manager
    )
    ran = command(asked[0], "--platform", platform, "-H", host, "-p", FOREIGN, *asked[1:])
    assert (ran.code, ran.said) == (2, ["service-not-there"])
    assert "did you mean `holder`?" in ran.err


def test_engines_that_cannot_be_used(command: Callable[..., Ran], one_engine: Address) -> None:
    def asked(platform: str, *where: str) -> tuple[int, list[str]]:
        ran = command("ps", "-p", NAME, "--platform", platform, *where)
        assert ran.err.count("   = help:") == 1
        return ran.code, ran.said

    assert asked("compose", "-H", "unix:///nowhere.sock") == (1, ["engine-not-found"])
    assert asked("compose", "-H", "tcp://127.0.0.1:9") == (1, ["engine-unreachable"])
    assert asked("compose", "-H", "tcp://localhost:99999") == (2, ["engine-address-invalid"])
    assert asked("compose", "--context", "nix") == (2, ["context-not-found"])
    assert asked("swarm", "-H", str(one_engine)) == (1, ["not-a-manager"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_engine_of_somebody_else(command: Callable[..., Ran], one_engine: Address) -> None:
    os.seteuid(65534)
    try:
        ran = command("ps", "-p", NAME, "--platform", "compose", "-H", str(one_engine))
    finally:
        os.seteuid(0)
    assert (ran.code, ran.said) == (1, ["engine-permission"])
    assert "usermod -aG docker" in ran.err


def test_a_worker_is_told_where_managers_are(command: Callable[..., Ran], three_nodes: Nodes) -> None:
    if three_nodes.workers[0] not in three_nodes.engines:
        pytest.skip("of lent nodes only the manager can be asked")
    worker = str(three_nodes.engines[three_nodes.workers[0]])
    ran = command("ps", "-p", NAME, "--platform", "swarm", "-H", worker)
    assert (ran.code, ran.said) == (1, ["not-a-manager"])
    assert three_nodes.addresses[three_nodes.names[0]] in ran.err


def test_failures_as_json_are_a_document_a_line(
    command: Callable[..., Ran], on_one: str, one_engine: Address, tmp_path: Path
) -> None:
    where = ("--platform", "compose", "-H", str(one_engine))
    write(tmp_path, {"web": {**FAIL, "restart": "no"}}, on_one)
    ran = command("up", *where, "--json", "--timeout", "20")
    last = [json.loads(line) for line in ran.out.splitlines()][-1]
    assert (ran.code, ran.err) == (1, "")
    assert (last["type"], last["code"], last["diagnostics"][0]["code"]) == ("result", 1, "service-failed")
    assert "no config file" in last["services"][0]["log"][0]
    refused = command("up", *where, "--json", "-p", FOREIGN)
    assert [one["code"] for one in json.loads(refused.out)["diagnostics"]] == ["project-elsewhere"]


class Background:
    """`intermodal up` in a process of its own, whose lines are read as they come."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "intermodal", "up", *arguments),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            self.lines.append(line)

    def until(self, word: str) -> None:
        limit = time.monotonic() + 60
        while not any(word in line for line in self.lines):
            assert time.monotonic() < limit
            assert self._process.poll() is None, self.lines
            time.sleep(0.02)

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def ended(self) -> Ran:
        code = self._process.wait(90)
        self._reading.join()
        assert self._process.stderr
        self._process.stderr.close()
        return Ran(code, "", "".join(self.lines))


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_says_how_to_go_on_and_the_same_command_does(
    times: int, command: Callable[..., Ran], on_one: str, one_engine: Address, tmp_path: Path
) -> None:
    late = {"test": ["CMD-SHELL", "test -e /well"], "interval": "0.5s", "start_period": "60s"}
    write(tmp_path, {"db": {**SLEEP, "healthcheck": late}, **WAITING}, on_one)
    where = ("--platform", "compose", "-H", str(one_engine))
    going = Background(tmp_path, *where)
    going.until("waiting")
    for _ in range(times):
        going.interrupt()
        time.sleep(0.01)
    ran = going.ended()
    assert (ran.code, ran.said) == (130, [])
    assert ran.err.endswith("the same command goes on from here\n")
    assert command("exec", *where, "-T", "db", "touch", "/well").code == 0
    again = command("up", *where, "--timeout", "60")
    assert again.code == 0
    assert "1 created, 3 unchanged" in again.err


def test_a_node_that_vanishes_meanwhile(on_swarm: str, three_nodes: Nodes, tmp_path: Path) -> None:
    checked = {"test": ["CMD", "true"], "interval": "3s"}
    write(
        tmp_path, {"web": {**SLEEP, "healthcheck": checked, "deploy": {"replicas": 6}}}, on_swarm, endpoint_mode="dnsrr"
    )
    going = Background(tmp_path, "--platform", "swarm", "-H", str(three_nodes.manager), "--timeout", "80")
    going.until("service web: waiting")
    lost = three_nodes.workers[-1]
    three_nodes.stop(lost)
    try:
        ran = going.ended()
    finally:
        three_nodes.start(lost)
    assert ran.code == 0, ran.err
    assert "service web: healthy (6/6)" in ran.err
