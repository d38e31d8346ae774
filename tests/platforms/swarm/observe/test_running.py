"""Answers of list calls as an application that runs."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.running import Phase, Published, Update
from intermodal.platforms.swarm.observe import applications, nodes, running
from tests.platforms.swarm.observe.raw import node, service, task

if TYPE_CHECKING:
    from intermodal.model.running import Instance, ServiceState


def seen(one: dict[str, Any], *tasks: dict[str, Any], on: list[dict[str, Any]] | None = None) -> ServiceState:
    found = running("shop", [one], tasks, on or [node()])
    return found.services["web"]


def first(*tasks: dict[str, Any], **changes: Any) -> Instance:
    return seen(service(**changes), *tasks).instances[0]


@pytest.mark.parametrize(
    ("state", "desired", "phase"),
    [
        ("new", "running", Phase.WAITING),
        ("pending", "running", Phase.WAITING),
        ("assigned", "running", Phase.WAITING),
        ("preparing", "running", Phase.WAITING),
        ("ready", "ready", Phase.RESTARTING),
        ("pending", "shutdown", Phase.STOPPED),
        ("starting", "running", Phase.STARTING),
        ("running", "running", Phase.RUNNING),
        ("running", "shutdown", Phase.RUNNING),
        ("complete", "shutdown", Phase.COMPLETE),
        ("failed", "shutdown", Phase.FAILED),
        ("rejected", "shutdown", Phase.FAILED),
        ("shutdown", "shutdown", Phase.STOPPED),
        ("orphaned", "shutdown", Phase.STOPPED),
        ("hovering", "running", Phase.WAITING),
    ],
)
def test_states_are_phases(state: str, desired: str, phase: Phase) -> None:
    found = first(task(service(), state=state, DesiredState=desired))
    assert (found.phase, found.status) == (phase, state)


@pytest.mark.parametrize(
    ("check", "phase"),
    [({"Test": ["CMD", "x"]}, Phase.HEALTHY), ({"Test": ["NONE"]}, Phase.RUNNING), ({"Interval": 1}, Phase.RUNNING)],
)
def test_what_runs_has_passed_its_check(check: dict[str, Any], phase: Phase) -> None:
    checked = service(inside={"Healthcheck": check})
    assert seen(checked, task(checked)).instances[0].phase is phase


def test_an_instance_says_what_it_is() -> None:
    ports = {"Ports": [{"Protocol": "udp", "TargetPort": 53, "PublishedPort": 5353, "PublishMode": "host"}]}
    found = first(task(service(), status={"ContainerStatus": {"ContainerID": "abc"}, "PortStatus": ports}))
    assert (found.name, found.service, found.number, found.node) == ("shop_web.1", "web", 1, "node-1")
    assert (found.container, found.revision, found.image) == ("abc", "r1", "web:1@sha256:0")
    assert found.ports == (Published(target=53, published=5353, protocol="udp"),)
    assert found.started == 1795335720.0
    assert found.exit_code is None


def test_instances_of_a_global_service_are_called_after_their_nodes() -> None:
    everywhere = service(replicas=None)
    state = seen(everywhere, task(everywhere, slot=0), task(everywhere, slot=0, NodeID="n-2"), on=[node(), node(2)])
    assert [one.name for one in state.instances] == ["shop_web.node-1", "shop_web.node-2"]
    assert (state.mode, state.wanted) == ("global", None)


def test_no_suitable_node_is_told() -> None:
    why = "no suitable node (scheduling constraints not satisfied on 3 nodes)"
    assert first(task(service(), state="pending", NodeID="", status={"Err": why})).message == why


def test_what_failed_stands_behind_what_came_after_it() -> None:
    one = service()
    failed = {"Err": "task: non-zero exit (3)", "ContainerStatus": {"ContainerID": "c", "ExitCode": 3}}
    old = task(one, state="failed", DesiredState="shutdown", CreatedAt="2026-11-22T08:00:00Z", status=failed)
    older = task(one, state="failed", DesiredState="shutdown", CreatedAt="2026-11-22T07:00:00Z", status=failed)
    state = seen(one, older, task(one, slot=2), old, task(one))
    assert [(each.number, each.phase, each.restarts) for each in state.instances] == [
        (1, Phase.RUNNING, 2),
        (2, Phase.RUNNING, 0),
        (1, Phase.FAILED, 0),
        (1, Phase.FAILED, 0),
    ]
    assert state.instances[2].exit_code == 3
    assert state.instances[2].message == ""


def test_what_was_replaced_is_left_out_once_it_is_gone() -> None:
    one = service()
    former = {"ContainerSpec": {"Image": "web:0"}}
    up = task(one, DesiredState="shutdown", template=former, CreatedAt="2026-11-22T08:00:00Z")
    gone = task(one, state="shutdown", DesiredState="shutdown", template=former, CreatedAt="2026-11-22T07:00:00Z")
    state = seen(one, gone, up, task(one, state="starting"))
    assert [(each.phase, each.revision) for each in state.instances] == [(Phase.STARTING, "r1"), (Phase.RUNNING, "")]


def test_a_change_of_placement_makes_no_instance_an_old_one() -> None:
    one = service()
    assert first(task(one, template={"Placement": {"Constraints": ["node.role==worker"]}})).revision == "r1"


def test_what_is_said_to_run_on_a_lost_node_does_not() -> None:
    one = service()
    state = seen(one, task(one, DesiredState="shutdown"), on=[node(state="down")])
    assert state.instances[0].phase is Phase.STOPPED
    assert state.instances[0].message == "its node node-1 is down"
    assert state.serving == 0


def test_only_the_last_run_of_a_job_counts() -> None:
    job = service(
        spec={"Mode": {"ReplicatedJob": {"MaxConcurrent": 2, "TotalCompletions": 2}}},
        JobStatus={"JobIteration": {"Index": 7}},
    )
    done = task(job, state="complete", DesiredState="complete", JobIteration={"Index": 7})
    before = task(job, state="complete", DesiredState="complete", JobIteration={"Index": 6}, CreatedAt="2026-01-01")
    state = seen(job, done | {"CreatedAt": "2026-11-22T08:00:00Z"}, before | {"CreatedAt": "2026-11-21T08:00:00Z"})
    assert (state.mode, state.wanted) == ("job", 2)
    assert [(one.phase, one.revision) for one in state.instances] == [(Phase.COMPLETE, "r1")]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("updating", "updating"),
        ("completed", "completed"),
        ("paused", "paused"),
        ("rollback_started", "rolling-back"),
        ("rollback_paused", "paused"),
        ("rollback_completed", "rolled-back"),
    ],
)
def test_updates_have_the_words_of_the_model(state: str, word: str) -> None:
    status = {"State": state, "StartedAt": "2026-11-22T08:22:00Z", "Message": "m"}
    assert seen(service(UpdateStatus=status)).update == Update(state=word, message="m", started=1795335720.0)


def test_a_service_that_was_never_updated_says_nothing() -> None:
    assert seen(service(UpdateStatus={})).update is None
    assert seen(service()).update is None


def test_a_service_says_what_it_is() -> None:
    endpoint = {"Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 30000, "PublishMode": "ingress"}]}
    state = seen(service(replicas=3, Endpoint=endpoint))
    assert (state.image, state.wanted, state.revision) == ("web:1", 3, "r1")
    assert state.ports == (Published(target=80, published=30000),)
    assert state.instances == ()


def test_one_off_runs_and_other_stacks_are_left_out() -> None:
    one_off = service("run", spec={"Labels": {"com.docker.stack.namespace": "shop", "intermodal.oneoff": "web"}})
    listed = [service(), one_off, service("db", stack="other"), service("bare", spec={"Labels": None})]
    assert set(running("shop", listed, [], []).services) == {"web"}
    assert [one.application for one in applications(listed, [], [])] == ["other", "shop"]


def test_parts_are_found_by_their_labels() -> None:
    ours = {"com.docker.stack.namespace": "shop"}
    found = running(
        "shop",
        [],
        [],
        [],
        networks=[{"Name": "shop_default", "Labels": ours}, {"Name": "host", "Labels": None}],
        configs=[{"Spec": {"Name": "shop_b", "Labels": ours}}, {"Spec": {"Name": "shop_a", "Labels": ours}}],
        secrets=[{"Spec": {"Name": "theirs", "Labels": {}}}],
        volumes=[{"Name": "shop_data", "Labels": ours}],
    )
    assert (found.networks, found.configs) == (("shop_default",), ("shop_a", "shop_b"))
    assert (found.secrets, found.volumes) == ((), ("shop_data",))


def test_nodes() -> None:
    leading = node(2, role="manager", ManagerStatus={"Leader": True, "Addr": "10.0.0.2:2377"})
    leading["Status"]["Addr"] = "0.0.0.0"  # noqa: S104 - what a leader may say
    manager, worker = nodes([node(1, state="down"), leading])
    assert (manager.name, manager.role, manager.leader, manager.address) == ("node-2", "manager", True, "10.0.0.2")
    assert (worker.state, worker.cpus, worker.memory, worker.engine) == ("down", 2.0, 1024, "20.10.24")


def test_the_time_grows_with_the_answers_and_no_faster() -> None:
    """`ps` of a thousand services with two instances each, one of them failed before: far below half a second."""
    services = [service(f"s{number}", inside={"Env": ["A=b"] * 20}) for number in range(1000)]
    tasks = [task(one, slot, state) for one in services for slot in (1, 2) for state in ("running", "failed")]
    before = process_time()
    found = running("shop", services, tasks, [node(number) for number in range(50)])
    seconds = process_time() - before
    assert sum(len(one.instances) for one in found.services.values()) == 4000
    print(f"1,000 services, 4,000 tasks: {seconds * 1000:.0f} ms")
    assert seconds < 0.3
