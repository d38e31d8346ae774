"""What is on other nodes of a real Swarm, and what becomes of engines that cannot be asked."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.errors import Unreachable
from intermodal.model.changes import NotDone
from intermodal.model.platform import Command, LogWishes, Target
from intermodal.platforms.swarm.operate import connect
from tests.platforms.swarm.operating.swarms import CLOCK, Stack
from tests.terminals import Captured

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.address import Address
    from intermodal.model.running import LogLine
    from tests.engines.fixtures import Nodes

pytestmark = pytest.mark.engines


def codes(act: Callable[..., Any], *arguments: Any, **more: Any) -> list[str]:
    with pytest.raises(NotDone) as caught:
        act(*arguments, **more)
    assert all(one.help for one in caught.value.diagnostics)
    return [one.code for one in caught.value.diagnostics]


def test_commands_and_volumes_on_another_node(stack: Stack, three_nodes: Nodes) -> None:
    worker = three_nodes.workers[0]
    if worker not in three_nodes.engines:
        pytest.skip("nobody said how the nodes that are lent are reached")
    there = {"placement": {"constraints": [f"node.hostname == {worker}"]}}
    web = stack.service(volumes=["data:/data"], deploy=there)
    stack.up({"web": web}, volumes={"data": {}})
    command = Command(service="web", argv=("sh", "-c", "hostname > /data/name; echo done; exit 4"))
    assert codes(stack.engine.execute, stack.name, command, Captured()) == ["instance-on-another-node"]
    reaching = stack.reaching(**{worker: str(three_nodes.engines[worker])})
    terminal = Captured()
    assert (reaching.execute(stack.name, command, terminal), terminal.out) == (4, "done\n")
    assert [one.code for one in stack.engine.removal(stack.name, volumes=True).warnings] == ["volume-on-another-node"]
    plan = reaching.removal(stack.name, volumes=True)
    assert plan.warnings == ()
    assert f"{stack.name}_data on {worker}" in {one.name for one in plan.changes}
    stack.gone(reaching)
    other = connect_to(three_nodes.engines[worker])
    assert not [one for one in other.call("GET", "/volumes")["Volumes"] or () if one["Name"] == f"{stack.name}_data"]


def connect_to(address: Address) -> Any:
    from intermodal.clients.docker.connect import connect as connect_client  # noqa: PLC0415 - beside its use

    return connect_client(Target(host=str(address)))


def test_logs_are_followed_over_a_restart(stack: Stack) -> None:
    stack.up({"web": stack.service("echo I am $$(hostname); sleep 1000", hostname="{{.Task.ID}}")})
    lines: list[LogLine] = []
    following = stack.engine.logs(stack.name, LogWishes(follow=True))

    def follow() -> None:
        # It goes on until the engine ends, after the test.
        with suppress(NotDone, Unreachable):
            lines.extend(following)

    Thread(target=follow, daemon=True).start()
    stack.roll_out(stack.engine.restart(stack.name, ("web",)))
    deadline = CLOCK.monotonic() + 15
    while len(lines) < 2 and CLOCK.monotonic() < deadline:
        CLOCK.sleep(0.1)
    found = [line.text for line in stack.engine.logs(stack.name, LogWishes())]
    assert len(set(found)) == 2
    assert {line.text for line in lines} == set(found)
    assert {line.instance for line in stack.engine.logs(stack.name, LogWishes())} == {f"{stack.name}_web.1"}


def test_a_run_tells_its_exit_code_and_leaves_nothing(stack: Stack) -> None:
    web = stack.service(environment={"WHO": "web"}, configs=["motd"], deploy={"replicas": 0})
    loaded = stack.load({"web": web}, configs={"motd": {"content": "hello"}})
    command = Command(service="web", argv=("sh", "-c", "cat /motd; echo; echo $WHO $MORE; echo bad >&2; exit 6"))
    terminal = Captured()
    from intermodal.kit.records import replace  # noqa: PLC0415 - beside its use

    assert stack.engine.run(*loaded, replace(command, environment={"MORE": "and more"}), terminal) == 6
    assert (terminal.out, terminal.err) == ("hello\nweb and more\n", "bad\n")
    assert stack.engine.observe(stack.name).services == {}
    labels = {"label": [f"com.docker.stack.namespace={stack.name}"]}
    assert stack.client.call("GET", "/services", query={"filters": labels}) == []


def test_labels_and_availability_of_nodes(stack: Stack, three_nodes: Nodes) -> None:
    node = three_nodes.workers[-1]
    stack.engine.set_labels(node, {stack.name: "1"})
    stack.engine.set_availability(node, "pause")
    try:
        (seen,) = (one for one in stack.engine.nodes() if one.name == node)
        assert (seen.labels[stack.name], seen.availability) == ("1", "pause")
    finally:
        stack.engine.set_availability(node, "active")
        stack.engine.set_labels(node, {stack.name: None})
    (seen,) = (one for one in stack.engine.nodes() if one.name == node)
    assert (stack.name in seen.labels, seen.availability) == (False, "active")
    assert codes(stack.engine.set_availability, "no-such-node", "drain") == ["node-not-there"]
    assert codes(stack.engine.set_availability, node, "drained") == ["node-availability-unknown"]


def test_engines_that_are_no_managers_say_what_to_do(three_nodes: Nodes, one_engine: Address) -> None:
    assert codes(connect, Target(host=str(one_engine)), CLOCK) == ["not-a-manager"]
    if three_nodes.workers[0] in three_nodes.engines:
        worker = three_nodes.engines[three_nodes.workers[0]]
        assert codes(connect, Target(host=str(worker)), CLOCK) == ["not-a-manager"]
