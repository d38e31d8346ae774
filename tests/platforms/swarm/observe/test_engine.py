"""What a real Swarm answers of services that fare differently, read as the model has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.kit.clock import SystemClock
from intermodal.model.running import Phase
from intermodal.platforms.swarm.observe import nodes, running
from tests.platforms.swarm.making import STACK, create, remove, there, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from intermodal.model.running import Instance, Running
    from tests.engines.fixtures import Nodes

pytestmark = pytest.mark.engines

ONCE = {"deploy": {"endpoint_mode": "dnsrr", "restart_policy": {"condition": "none"}}}
SERVICES: dict[str, dict[str, Any]] = {
    "well": {
        "command": ["sleep", "600"],
        "init": True,
        "healthcheck": {"test": ["CMD", "true"], "interval": "1s"},
        "ports": [{"target": 80, "published": "18471", "mode": "host"}],
        "deploy": {"endpoint_mode": "dnsrr", "replicas": 2},
    },
    "everywhere": {"command": ["sleep", "600"], "init": True, "deploy": {"endpoint_mode": "dnsrr", "mode": "global"}},
    "failing": {"command": ["sh", "-c", "exit 3"]} | ONCE,
    "nowhere": {
        "command": ["true"],
        "deploy": {"endpoint_mode": "dnsrr", "placement": {"constraints": ["node.labels.nobody == has"]}},
    },
    "missing": {"image": "nobody.invalid/absent:1"} | ONCE,
    "job": {"command": ["true"], "deploy": {"endpoint_mode": "dnsrr", "mode": "replicated-job", "replicas": 2}},
}
SETTLED = {
    "well": ([Phase.HEALTHY] * 2, ""),
    "everywhere": ([Phase.RUNNING] * 3, ""),
    "failing": ([Phase.FAILED], "exit code 3"),
    "nowhere": ([Phase.WAITING], "no suitable node"),
    "missing": ([Phase.FAILED], "No such image"),
    "job": ([Phase.COMPLETE] * 2, ""),
}


@pytest.fixture(scope="module")
def engine(three_nodes: Nodes) -> Iterator[Engine]:
    with Engine(three_nodes.manager) as made:
        remove(made)
        yield made
        remove(made)


@pytest.fixture(scope="module")
def found(engine: Engine, images: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Running:
    """The application, once every service is where it stays."""
    folder: Path = tmp_path_factory.mktemp("application")
    image = images("busybox")
    made = wanted({"services": {name: {"image": image} | said for name, said in SERVICES.items()}}, folder, engine)
    ids = there(engine, made)
    for one in made.services:
        create(engine, one, ids)
    for _ in range(200):
        seen = look(engine)
        if all(phases(seen, name) == wished for name, (wished, _) in SETTLED.items()):
            break
        SystemClock().sleep(0.2)
    return seen


def look(engine: Engine) -> Running:
    label = {"filters": {"label": [f"com.docker.stack.namespace={STACK}"]}}
    services, tasks, networks = (
        engine.call("GET", f"/{kind}", query=label) for kind in ("services", "tasks", "networks")
    )
    return running(STACK, services, tasks, engine.call("GET", "/nodes"), networks=networks)


def phases(seen: Running, name: str) -> list[Phase]:
    return [one.phase for one in seen.services[name].instances]


@pytest.mark.parametrize("name", SETTLED)
def test_services_are_seen_as_they_fare(name: str, found: Running) -> None:
    wished, why = SETTLED[name]
    assert phases(found, name) == wished
    instances = found.services[name].instances
    assert all(why in f"{one.message}, exit code {one.exit_code}" for one in instances), instances
    assert {one.revision for one in instances} == {found.services[name].revision} != {""}


def test_instances_say_where_they_are(found: Running, three_nodes: Nodes) -> None:
    well: tuple[Instance, ...] = found.services["well"].instances
    assert [one.number for one in well] == [1, 2]
    assert {one.node for one in well} <= set(three_nodes.names)
    assert [(port.target, port.published) for one in well for port in one.ports] == [(80, 18471)] * 2
    assert all(one.container and one.started for one in well)
    assert [one.node for one in found.services["everywhere"].instances]
    assert {one.node for one in found.services["everywhere"].instances} == set(three_nodes.names)
    assert found.services["failing"].instances[0].exit_code == 3


def test_services_say_what_they_are(found: Running) -> None:
    said = {name: (state.mode, state.wanted) for name, state in found.services.items()}
    assert said == {
        "well": ("replicated", 2),
        "everywhere": ("global", None),
        "failing": ("replicated", 1),
        "nowhere": ("replicated", 1),
        "missing": ("replicated", 1),
        "job": ("job", 2),
    }
    assert found.networks == (f"{STACK}_default",)


def test_nodes_say_what_they_are(engine: Engine, three_nodes: Nodes) -> None:
    listed = nodes(engine.call("GET", "/nodes"))
    assert listed[0].leader
    assert {one.name for one in listed} == set(three_nodes.names)
    assert {one.name: one.address for one in listed} == dict(three_nodes.addresses)
    assert all(one.cpus and one.memory and one.engine for one in listed)
