from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.changes import Condition
from intermodal.model.running import Health, Instance, Phase, ServiceState, Update
from intermodal.platforms.rollout import standing
from intermodal.platforms.rollout.standings import holds


def one(number: int, phase: Phase, revision: str = "r", **said: Any) -> Instance:
    return Instance(
        id=f"{number}{phase}{revision}",
        name=f"web-{number}",
        service="web",
        phase=phase,
        number=number,
        revision=revision,
        **said,
    )


def web(*instances: Instance, **said: Any) -> ServiceState:
    return ServiceState(name="web", instances=instances, **{"wanted": len(instances), "revision": "r", **said})


def health(*instances: Instance, **said: Any) -> Health:
    return standing(web(*instances, **said)).health


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (Phase.WAITING, Health.COMING),
        (Phase.STARTING, Health.COMING),
        (Phase.RUNNING, Health.HEALTHY),
        (Phase.HEALTHY, Health.HEALTHY),
        (Phase.UNHEALTHY, Health.COMING),
        (Phase.PAUSED, Health.COMING),
        (Phase.RESTARTING, Health.COMING),
        (Phase.STOPPED, Health.COMING),
        (Phase.COMPLETE, Health.COMPLETE),
        (Phase.FAILED, Health.FAILED),
    ],
)
def test_every_phase_of_an_only_instance(phase: Phase, expected: Health) -> None:
    assert health(one(1, phase)) is expected


def test_all_must_be_there() -> None:
    short = standing(web(one(1, Phase.HEALTHY), wanted=3))
    assert (short.health, short.ready, short.wanted, short.why) == (Health.COMING, 1, 3, ("2 of 3 not there yet",))
    assert health(one(1, Phase.HEALTHY), one(2, Phase.RUNNING)) is Health.HEALTHY


def test_an_instance_of_an_old_revision_must_go() -> None:
    found = standing(web(one(1, Phase.HEALTHY), one(1, Phase.RUNNING, "old"), wanted=1))
    assert (found.health, found.why) == (Health.COMING, ("web-1: still of the former revision",))
    assert health(one(1, Phase.HEALTHY), one(1, Phase.STOPPED, "old"), wanted=1) is Health.HEALTHY


def test_where_nobody_noted_revisions_all_count() -> None:
    assert standing(web(one(1, Phase.HEALTHY, "x"), revision="")).health is Health.HEALTHY


def test_more_than_wanted_are_waited_for() -> None:
    assert health(one(1, Phase.HEALTHY), one(2, Phase.HEALTHY), wanted=1) is Health.COMING
    assert health(one(1, Phase.HEALTHY), one(2, Phase.STOPPED), wanted=1) is Health.HEALTHY


def test_none_wanted() -> None:
    assert health(wanted=0) is Health.HEALTHY
    assert health(one(1, Phase.HEALTHY), wanted=0) is Health.COMING


def test_one_on_every_node() -> None:
    nodes = [one(0, Phase.HEALTHY, node="a"), one(0, Phase.STARTING, node="b")]
    assert health(*nodes, wanted=None, mode="global") is Health.COMING
    assert health(nodes[0], wanted=None, mode="global") is Health.HEALTHY
    assert health(wanted=None, mode="global") is Health.COMING


def test_an_ended_instance_beside_a_live_one_of_its_place_is_history() -> None:
    found = standing(web(one(1, Phase.STARTING), one(1, Phase.FAILED, exit_code=7), wanted=1))
    assert found.health is Health.COMING
    said = "starting, not healthy yet (the one before: ended badly, exit code 7)"
    assert found.why == (f"web-1: {said}",)
    assert health(one(1, Phase.FAILED), one(1, Phase.HEALTHY), wanted=1) is Health.HEALTHY


def test_jobs() -> None:
    done = [one(number, Phase.COMPLETE) for number in (1, 2)]
    assert standing(web(*done, mode="job")).health is Health.COMPLETE
    going = standing(web(*done, one(3, Phase.RUNNING), mode="job"), lambda _: False)
    assert (going.health, going.ready, going.wanted) == (Health.COMING, 2, 3)
    assert health(*done, one(3, Phase.FAILED), mode="job") is Health.FAILED


@pytest.mark.parametrize(
    ("state", "changed", "expected"),
    [
        ("updating", False, Health.COMING),
        ("completed", True, Health.HEALTHY),
        ("paused", False, Health.FAILED),
        ("rolling-back", False, Health.COMING),
        ("rolling-back", True, Health.COMING),
        ("rolled-back", False, Health.HEALTHY),
        ("rolled-back", True, Health.FAILED),
    ],
)
def test_updates(state: str, changed: bool, expected: Health) -> None:
    service = web(one(1, Phase.HEALTHY), update=Update(state=state, message="because"))
    found = standing(service, changed=changed)
    assert found.health is expected
    if expected is Health.FAILED:
        assert found.why[0].endswith(": because")


def test_while_an_update_is_in_motion_the_engine_decides() -> None:
    moving = web(one(1, Phase.FAILED), one(2, Phase.HEALTHY), update=Update(state="updating"))
    assert standing(moving, changed=True).health is Health.COMING


def test_refused_by_its_nodes_again_and_again() -> None:
    refused = [one(1, Phase.FAILED, status="rejected", message="no such path") for _ in range(3)]
    again = one(1, Phase.WAITING, message="assigned")
    assert health(again, *refused[:2], wanted=1) is Health.COMING
    found = standing(web(again, *refused, wanted=1))
    assert found.health is Health.FAILED
    assert "no such path" in found.why[0]


def test_reasons_say_what_the_engine_says_and_group_what_is_alike() -> None:
    waiting = [one(number, Phase.WAITING, message="no suitable node (3 nodes)") for number in range(1, 6)]
    restarting = one(6, Phase.RESTARTING, exit_code=1, restarts=4)
    assert standing(web(*waiting, restarting)).why == (
        "5 instances: not started yet: no suitable node (3 nodes)",
        "web-6: ended, and is started again, exit code 1, restarted 4 times",
    )


def test_what_has_just_started_has_to_settle() -> None:
    found = standing(web(one(1, Phase.RUNNING)), lambda _: False)
    assert (found.health, found.why) == (Health.COMING, ("web-1: started just now",))
    assert standing(web(one(1, Phase.HEALTHY)), lambda _: False).health is Health.HEALTHY


@pytest.mark.parametrize(
    ("condition", "phase", "expected"),
    [
        (Condition.DONE, Phase.WAITING, True),
        (Condition.STARTED, Phase.WAITING, None),
        (Condition.STARTED, Phase.STARTING, True),
        (Condition.STARTED, Phase.UNHEALTHY, True),
        (Condition.STARTED, Phase.COMPLETE, True),
        (Condition.STARTED, Phase.FAILED, False),
        (Condition.HEALTHY, Phase.STARTING, None),
        (Condition.HEALTHY, Phase.HEALTHY, True),
        (Condition.HEALTHY, Phase.FAILED, False),
        (Condition.COMPLETED, Phase.RUNNING, None),
        (Condition.COMPLETED, Phase.COMPLETE, True),
        (Condition.COMPLETED, Phase.FAILED, False),
    ],
)
def test_conditions(condition: Condition, phase: Phase, expected: bool | None) -> None:
    service = web(one(1, phase))
    assert holds(condition, service, standing(service)) is expected


def test_a_condition_on_what_was_not_seen_is_open() -> None:
    assert holds(Condition.STARTED, None, None) is None
    assert holds(Condition.STARTED, web(wanted=0), standing(web(wanted=0))) is True
