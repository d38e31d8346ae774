"""Scaling, restarting, going back, removing: pure, against a Swarm in memory."""

from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.application import Dependency
from intermodal.model.changes import Action, NotDone
from intermodal.model.placement import Deploy
from intermodal.model.volumes import Mount, Volume
from intermodal.platforms.swarm.planning.acts import restarted, rolled_back, scaled
from intermodal.platforms.swarm.planning.previous import packed, unpacked
from intermodal.platforms.swarm.planning.removing import removed
from intermodal.platforms.swarm.planning.seen import container, live_replicas
from tests.applications import application, service
from tests.platforms.swarm.pretended import Pretended

WEB = "shop_web"


def web(**fields: Any) -> Any:
    return application(service("web", **fields), service("db"), service("once", deploy=Deploy(mode="replicated-job")))


def codes(caught: pytest.ExceptionInfo[NotDone]) -> list[str]:
    return [found.code for found in caught.value.diagnostics]


def test_scaling_changes_the_number_and_nothing_else() -> None:
    swarm = Pretended()
    swarm.up(web())
    before = swarm.spec(WEB)
    plan = swarm.carry_out(scaled("shop", swarm.seen, {"web": 4}))
    assert [(one.key, one.action) for one in plan.changes] == [("service/web", Action.UPDATE)]
    assert swarm.spec(WEB) == {**before, "Mode": {"Replicated": {"Replicas": 4}}}
    assert scaled("shop", swarm.seen, {"web": 4}).work == ()


def test_what_cannot_be_scaled() -> None:
    swarm = Pretended()
    swarm.up(application(service("each", deploy=Deploy(mode="global")), service("web")))
    refusals = {"global-not-scaled": {"each": 2}, "replicas-negative": {"web": -1}, "service-not-there": {"w": 1}}
    for code, replicas in refusals.items():
        with pytest.raises(NotDone) as caught:
            scaled("shop", swarm.seen, replicas)
        assert codes(caught) == [code]
    with pytest.raises(NotDone) as caught:
        scaled("other", Pretended().seen, {"web": 1})
    assert codes(caught) == ["application-not-there"]


def test_restarting_counts_once_and_runs_jobs_only_by_name() -> None:
    swarm = Pretended()
    swarm.up(web())
    plan = restarted("shop", swarm.seen, ())
    assert {one.name for one in plan.changes} == {"web", "db"}
    swarm.carry_out(plan)
    swarm.carry_out(plan)
    assert swarm.spec(WEB)["TaskTemplate"]["ForceUpdate"] == 1
    assert [one.name for one in restarted("shop", swarm.seen, ("once",)).changes] == ["once"]


def test_restarting_keeps_the_order_of_dependencies() -> None:
    swarm = Pretended()
    swarm.up(application(service("web", depends_on={"db": Dependency()}), service("db")))
    plan = restarted("shop", swarm.seen, ())
    needs = {one.name: [need.key for need in one.after] for one in plan.changes}
    assert needs == {"web": ["service/db"], "db": []}


def test_going_back_keeps_the_scale_however_often_it_was_scaled() -> None:
    swarm = Pretended()
    swarm.up(web(environment={"V": "1"}))
    swarm.up(web(environment={"V": "2"}))
    for number in (3, 5):
        swarm.carry_out(scaled("shop", swarm.seen, {"web": number}))
    swarm.carry_out(restarted("shop", swarm.seen, ("web",)))
    plan = swarm.carry_out(rolled_back("shop", swarm.seen, ("web",)))
    assert (container(swarm.spec(WEB))["Env"], live_replicas(swarm.spec(WEB))) == (["V=1"], 5)
    before = swarm.spec(WEB)
    swarm.carry_out(plan)
    assert swarm.spec(WEB) == before
    swarm.carry_out(rolled_back("shop", swarm.seen, ()))
    assert (container(swarm.spec(WEB))["Env"], live_replicas(swarm.spec(WEB))) == (["V=2"], 5)


def test_after_an_update_that_stopped_the_last_good_one_is_gone_back_to() -> None:
    swarm = Pretended()
    swarm.up(web(environment={"V": "good"}))
    swarm.up(web(environment={"V": "bad"}))
    swarm.alter(WEB, UpdateStatus={"State": "paused"})
    swarm.up(web(environment={"V": "worse"}))
    swarm.carry_out(scaled("shop", swarm.seen, {"web": 2}))
    swarm.carry_out(rolled_back("shop", swarm.seen, ("web",)))
    assert container(swarm.spec(WEB))["Env"] == ["V=good"]


def test_nothing_to_go_back_to() -> None:
    swarm = Pretended()
    swarm.up(web())
    with pytest.raises(NotDone) as caught:
        rolled_back("shop", swarm.seen, ())
    assert set(codes(caught)) == {"nothing-to-roll-back"}
    swarm.carry_out(scaled("shop", swarm.seen, {"web": 3}))
    with pytest.raises(NotDone):
        rolled_back("shop", swarm.seen, ("web",))
    swarm.up(web(environment={"V": "2"}))
    assert {one.name: one.action for one in rolled_back("shop", swarm.seen, ()).changes}["db"] is Action.KEEP
    swarm.alter(WEB, PreviousSpec=None, UpdateStatus={"State": "rollback_completed"})
    with pytest.raises(NotDone):
        rolled_back("shop", swarm.seen, ("web",))


def test_a_packed_spec_is_the_same_again_and_carries_no_other() -> None:
    swarm = Pretended()
    swarm.up(web(environment={"V": "1"}))
    swarm.up(web(environment={"V": "2"}))
    spec = swarm.spec(WEB)
    again = unpacked(packed(spec))
    assert again is not None
    assert again["TaskTemplate"] == spec["TaskTemplate"]
    assert "intermodal.previous" not in again["Labels"]
    assert unpacked("somebody wrote this") is None
    assert unpacked("") is None


def test_dependents_go_first_and_what_they_shared_last() -> None:
    swarm = Pretended()
    swarm.up(application(service("db"), service("web", depends_on={"db": Dependency()})))
    plan = removed("shop", swarm.seen, "n1", (), with_volumes=False)
    assert [one.key for one in plan.changes] == ["service/web", "service/db", "network/shop_default"]
    assert [need.key for need in plan.changes[1].after] == ["service/web"]
    assert {need.key for need in plan.changes[2].after} == {"service/web", "service/db"}
    swarm.carry_out(plan)
    assert removed("shop", swarm.seen, "n1", (), with_volumes=False).changes == ()


def test_one_service_alone() -> None:
    swarm = Pretended()
    swarm.up(application(service("db"), service("web")))
    plan = removed("shop", swarm.seen, "n1", (), with_volumes=False, names=("web",))
    assert [one.key for one in plan.changes] == ["service/web"]
    with pytest.raises(NotDone):
        removed("shop", swarm.seen, "n1", (), with_volumes=False, names=("wbe",))


def test_volumes_are_removed_where_they_can_be_reached_and_told_where_not() -> None:
    from intermodal.kit.records import replace  # noqa: PLC0415 - beside its use

    swarm = Pretended()
    mount = Mount(type="volume", source="data", target="/data")
    swarm.up(application(service("web", volumes=(mount,)), volumes={"data": Volume(name="shop_data")}))
    nodes = tuple({"ID": f"n{number}", "Description": {"Hostname": f"node-{number}"}} for number in (1, 2, 3))
    tasks = tuple({"ServiceID": swarm.service(WEB)["ID"], "NodeID": f"n{number}"} for number in (1, 2, 3))
    here = {"Name": "shop_data", "Labels": {"com.docker.stack.namespace": "shop"}}
    seen = replace(swarm.seen, nodes=nodes, tasks=tasks, volumes=(here,))
    plan = removed("shop", seen, "n1", ("node-2",), with_volumes=True)
    assert [one.name for one in plan.changes if one.kind.value == "volume"] == ["shop_data", "shop_data on node-2"]
    (told,) = plan.warnings
    assert (told.code, "node-3" in told.message, "docker volume rm shop_data" in told.help) == (
        "volume-on-another-node",
        True,
        True,
    )
    assert not [
        one for one in removed("shop", seen, "n1", (), with_volumes=False).changes if one.kind.value == "volume"
    ]
