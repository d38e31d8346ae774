"""What only one engine does, on a real one: ports, numbers, adoption, logs, commands. The rest is conformance."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.listeners import server
from intermodal.model.changes import NotDone
from intermodal.model.platform import Command, LogWishes, Wishes
from intermodal.model.running import Phase

if TYPE_CHECKING:
    from intermodal.model.running import LogLine
    from tests.platforms.compose.operating.conftest import Stage

pytestmark = pytest.mark.engines


class Screen:
    """A terminal that keeps what is written; it has no input."""

    def __init__(self) -> None:
        self.said = {"stdout": "", "stderr": ""}

    def read(self) -> bytes:
        return b""

    def write(self, stream: str, data: bytes) -> None:
        self.said[stream] += data.decode()

    def size(self) -> tuple[int, int] | None:
        return None


def docker_compose(stage: Stage, *words: str) -> str:
    """What docker compose says of the project."""
    spec = find_spec("compose")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    program = Path(spec.submodule_search_locations[0]) / "docker-compose"
    environment = {**os.environ, "DOCKER_HOST": str(stage.address)}
    command = [str(program), "-p", stage.name, *words]
    done = subprocess.run(
        command, env=environment, cwd=stage.folder, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def refused(stage: Stage, services: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(NotDone) as reason:
        stage.up(services)
    return [(found.code, found.message) for found in reason.value.diagnostics]


def test_docker_compose_knows_our_projects(stage: Stage) -> None:
    services = {"db": stage.service("echo hello; sleep 1000"), "web": stage.service(depends_on=["db"], scale=2)}
    stage.up(services)
    rows = [json.loads(line) for line in docker_compose(stage, "ps", "--format", "json").splitlines()]
    assert sorted(row["Name"] for row in rows) == [f"{stage.name}-{name}" for name in ("db-1", "web-1", "web-2")]
    assert "hello" in docker_compose(stage, "logs", "db")
    assert stage.name in docker_compose(stage, "ls", "--all")
    docker_compose(stage, "down", "--timeout", "1")
    assert not any(stage.left().values())


def test_we_adopt_docker_composes_projects(stage: Stage) -> None:
    services = {
        "db": stage.service(volumes=["data:/data", "/anonymous"], healthcheck={"test": ["CMD", "true"]}),
        "web": stage.service(depends_on=["db"], networks={"default": {"aliases": ["shop"]}, "back": {}}, scale=2),
    }
    shared: dict[str, Any] = {"volumes": {"data": {}}, "networks": {"back": {"internal": True}}}
    stage.write(services, **shared)
    docker_compose(stage, "up", "-d")
    before = {one["Id"] for one in stage.containers().values()}
    assert not stage.plan(services, **shared).work
    services["db"]["environment"] = {"A": "1"}
    stage.up(services, **shared)
    after = stage.containers()
    assert len(before & {one["Id"] for one in after.values()}) == 2
    assert sorted(after) == [f"{stage.name}-{name}" for name in ("db-1", "web-1", "web-2")]
    stage.down()
    assert not any(stage.left().values())


def test_none_is_remembered_and_so_is_the_files_number(stage: Stage) -> None:
    def live() -> int:
        return sum(one["State"]["Running"] for one in stage.containers().values())

    def two(scale: int = 2) -> dict[str, Any]:
        return {"web": stage.service(scale=scale)}

    stage.up(two())
    stage.carry_out(stage.engine.scale(stage.name, {"web": 0}))
    assert stage.engine.observe(stage.name).services["web"].wanted == 0
    assert not stage.up(two()).work
    assert live() == 0
    stage.carry_out(stage.engine.scale(stage.name, {"web": 3}))
    assert not stage.up(two()).work
    assert live() == 3
    stage.up(two(1))
    assert live() == 1
    stage.carry_out(stage.engine.scale(stage.name, {"web": 2}))
    assert not stage.up(two(1)).work
    assert live() == 2


def test_copies_have_names_of_their_own(stage: Stage) -> None:
    stage.up(
        {"web": stage.service(configs=[{"source": "said", "target": "/said"}])}, configs={"said": {"content": "hi"}}
    )
    stage.carry_out(stage.engine.scale(stage.name, {"web": 2}))
    second = stage.containers()[f"{stage.name}-web-2"]
    [endpoint] = second["NetworkSettings"]["Networks"].values()
    assert f"{stage.name}-web-2" in endpoint["Aliases"]
    assert f"{stage.name}-web-1" not in endpoint["Aliases"]
    assert "web" in endpoint["Aliases"]
    assert stage.run(f"{stage.name}-web-2", "cat", "/said") == "hi"


LISTEN = "import socket; s = socket.create_server(('', 0)); print(s.getsockname()[1], flush=True); input()"


def test_a_port_that_a_process_has(stage: Stage) -> None:
    beside = server(stage.address.path)
    command = ["nsenter", f"--net=/proc/{beside}/ns/net", sys.executable, "-c", LISTEN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        [(code, message)] = refused(stage, {"web": stage.service(ports=[f"{port}:80"])})
        process.communicate("\n")
    assert code == "port-taken"
    assert f"port {port}/tcp" in message
    assert f"process {process.pid} (" in message
    assert stage.left()["containers"] == []


def test_a_port_that_another_container_has(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    made = stage.api.call(
        "POST",
        "/containers/create",
        query={"name": f"{stage.name}-stranger"},
        body={
            "Image": stage.image,
            "Cmd": ["sleep", "100"],
            "ExposedPorts": {"80/tcp": {}},
            "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": f"{port}"}]}},
        },
    )["Id"]
    try:
        stage.api.call("POST", f"/containers/{made}/start")
        [(code, message)] = refused(stage, {"web": stage.service(ports=[f"{port}:80"])})
    finally:
        stage.api.call("DELETE", f"/containers/{made}", query={"force": True})
    assert code == "port-taken"
    assert f"container {stage.name}-stranger" in message
    assert not any(stage.left().values())


def test_an_address_that_is_no_good_leaves_no_container(stage: Stage) -> None:
    services = {"web": stage.service(networks={"default": {}, "back": {"ipv4_address": "10.99.0.9"}})}
    with pytest.raises(NotDone):
        stage.up(services, networks={"back": {}})
    assert stage.left()["containers"] == []


def test_a_network_is_made_anew_with_all_that_is_in_it(stage: Stage) -> None:
    stage.up({"web": stage.service(), "side": stage.service(network_mode="none")})
    network = stage.api.call("GET", f"/networks/{stage.name}_default")["Id"]
    stage.up(
        {"web": stage.service(), "side": stage.service(network_mode="none")},
        networks={"default": {"labels": {"a": "b"}}},
    )
    assert stage.api.call("GET", f"/networks/{stage.name}_default")["Id"] != network
    assert stage.containers()[f"{stage.name}-web-1"]["State"]["Running"]


def test_namespaces_are_shared_with_the_container_there_is_now(stage: Stage) -> None:
    def services(number: int) -> dict[str, Any]:
        side = stage.service(network_mode="service:db", pid="service:db", depends_on=["db"])
        return {"db": stage.service(environment={"A": str(number)}), "side": side}

    for number in (1, 2):
        stage.up(services(number))
        found = stage.containers()
        db, side = found[f"{stage.name}-db-1"], found[f"{stage.name}-side-1"]
        assert side["HostConfig"]["NetworkMode"] == f"container:{db['Id']}"
        assert side["HostConfig"]["PidMode"] == f"container:{db['Id']}"
        assert side["State"]["Running"]
    assert not stage.plan(services(2)).work


def test_why_an_instance_is_not_well(stage: Stage) -> None:
    sick = {"test": ["CMD-SHELL", "echo no database; false"], "interval": "200ms", "retries": 1}
    stage.up({"sick": stage.service(healthcheck=sick), "ends": stage.service("exit 7")})

    def phase(service: str) -> Phase:
        return stage.engine.observe(stage.name).services[service].instances[0].phase

    for _ in range(100):
        if (phase("sick"), phase("ends")) == (Phase.UNHEALTHY, Phase.FAILED):
            break
    seen = stage.engine.observe(stage.name).services
    assert "no database" in seen["sick"].instances[0].message
    assert seen["ends"].instances[0].exit_code == 7


def test_logs_of_all_instances_go_on_across_restarts(stage: Stage) -> None:
    stage.up({"web": stage.service("echo begin; sleep 1000", scale=2), "db": stage.service("echo base; sleep 1000")})
    history: list[LogLine] = []
    while len(history) < 3:
        history = list(stage.engine.logs(stage.name, LogWishes()))
    assert sorted((line.instance, line.text) for line in history) == [
        (f"{stage.name}-db-1", "base"),
        (f"{stage.name}-web-1", "begin"),
        (f"{stage.name}-web-2", "begin"),
    ]
    assert [line.time for line in history] == sorted(line.time for line in history)
    got: list[LogLine] = []
    more = threading.Event()

    def follow() -> None:
        for line in stage.engine.logs(stage.name, LogWishes(services=("web",), follow=True)):
            got.append(line)
            more.set()

    following = threading.Thread(target=follow)
    following.start()
    stage.carry_out(stage.engine.restart(stage.name, ("web",)))
    stage.carry_out(stage.engine.scale(stage.name, {"web": 3}))
    while len(got) < 5:
        assert more.wait(20), got
        more.clear()
    stage.down()
    following.join(20)
    assert not following.is_alive(), "following goes on after the application is gone"
    assert sorted((line.instance, line.text) for line in got) == [
        (f"{stage.name}-web-{number}", "begin") for number in (1, 1, 2, 2, 3)
    ]


def test_commands(stage: Stage) -> None:
    stage.up({"web": stage.service(environment={"A": "1"}, scale=2)})
    screen = Screen()
    command = Command(service="web", argv=("sh", "-c", "hostname; echo $A >&2; exit 3"), number=2)
    assert stage.engine.execute(stage.name, command, screen) == 3
    short = stage.containers()[f"{stage.name}-web-2"]["Id"][:12]
    assert screen.said == {"stdout": f"{short}\n", "stderr": "1\n"}
    with pytest.raises(NotDone, match="instance 9 of web is not running"):
        stage.engine.execute(stage.name, Command(service="web", number=9), screen)


def test_one_off_commands_leave_nothing(stage: Stage) -> None:
    from intermodal.compose.load import Request, load  # noqa: PLC0415 - only here

    path = stage.write({"web": stage.service(volumes=["data:/data", "/anonymous"])}, volumes={"data": {}})
    found = load(Request(files=(path,), environment={}, working_directory=str(stage.folder)))
    screen = Screen()
    command = Command(service="web", argv=("sh", "-c", "echo $B; exit 4"), environment={"B": "2"})
    volumes = len(stage.api.call("GET", "/volumes")["Volumes"])
    assert stage.engine.run(found.application, found.files, command, screen) == 4
    assert screen.said["stdout"] == "2\n"
    assert stage.left() == {
        "containers": [],
        "networks": [f"{stage.name}_default"],
        "volumes": [f"{stage.name}_data"],
    }
    assert len(stage.api.call("GET", "/volumes")["Volumes"]) <= volumes + 1
    kept = Command(service="web", argv=("true",), remove=False)
    stage.engine.run(found.application, found.files, kept, screen)
    [name] = stage.containers()
    assert name.startswith(f"{stage.name}-web-run-")
    assert not stage.engine.observe(stage.name).services
    stage.down()
    assert not any(stage.left().values())


def test_orphans(stage: Stage) -> None:
    stage.up({"web": stage.service(), "old": stage.service()})
    plan = stage.up({"web": stage.service()})
    assert [one.code for one in plan.warnings] == ["orphaned"]
    stage.up({"web": stage.service()}, Wishes(orphans=True))
    assert stage.left()["containers"] == [f"{stage.name}-web-1"]


def test_down_takes_volumes_only_when_asked(stage: Stage) -> None:
    services = {"web": stage.service(volumes=["data:/data", "/anonymous"])}
    stage.up(services, volumes={"data": {}})
    stage.up({"web": {**services["web"], "environment": {"A": "2"}}}, volumes={"data": {}})
    [anonymous] = [
        mount["Name"]
        for mount in stage.containers()[f"{stage.name}-web-1"]["Mounts"]
        if mount["Destination"] == "/anonymous"
    ]
    stage.down(volumes=False)
    assert stage.left() == {"containers": [], "networks": [], "volumes": [f"{stage.name}_data"]}
    stage.api.call("DELETE", f"/volumes/{anonymous}")
    stage.up(services, volumes={"data": {}})
    [anonymous] = [
        mount["Name"]
        for mount in stage.containers()[f"{stage.name}-web-1"]["Mounts"]
        if mount["Destination"] == "/anonymous"
    ]
    stage.down(volumes=True)
    assert not any(stage.left().values())
    assert anonymous not in {row["Name"] for row in stage.api.call("GET", "/volumes")["Volumes"] or ()}
