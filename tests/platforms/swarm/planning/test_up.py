"""What `up` plans: pure, against a Swarm in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.kit.records import replace
from intermodal.model.application import Dependency
from intermodal.model.changes import Action, Condition, Kind, NotDone
from intermodal.model.files import Grant, SharedFile
from intermodal.model.labels import PREVIOUS
from intermodal.model.networks import Attachment, Network
from intermodal.model.placement import Deploy, UpdateConfig
from intermodal.platforms.swarm.planning.seen import image, live_replicas
from tests.applications import application, service
from tests.platforms.swarm.pretended import DIGEST, Pretended

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.changes import Change, Plan

WEB = "shop_web"


def shop(motd: str = "hello", **web: Any) -> Application:
    """A service with a config and a network, and one it depends on."""
    made = service("web", depends_on={"db": Dependency(condition="service_healthy")}, **{**_WEB, **web})
    return application(
        service("db", image="db:1", networks={"back": Attachment()}),
        made,
        networks={"back": Network(name="shop_back")},
        configs={"motd": SharedFile(name="shop_motd", content=motd)},
    )


_WEB: dict[str, Any] = {
    "networks": {"back": Attachment()},
    "configs": (Grant(source="motd", target="/motd"),),
    "deploy": Deploy(replicas=2),
}


def change(plan: Plan, key: str) -> Change:
    return next(one for one in plan.changes if one.key == key)


def work(plan: Plan) -> dict[str, Action]:
    return {one.key: one.action for one in plan.work}


def refused(call: Any, *arguments: Any, **more: Any) -> list[str]:
    with pytest.raises(NotDone) as caught:
        call(*arguments, **more)
    return [found.code for found in caught.value.diagnostics]


def test_everything_is_made_in_order_and_the_second_time_nothing() -> None:
    swarm = Pretended()
    first = swarm.plan(shop())
    assert {one.action for one in first.work} == {Action.CREATE}
    needs = {need.key.partition("-")[0]: need.condition for need in change(first, "service/web").after}
    assert needs == {
        "network/shop_back": Condition.DONE,
        "config/shop_motd": Condition.DONE,
        "image/example.org/web:1": Condition.DONE,
        "service/db": Condition.HEALTHY,
    }
    swarm.carry_out(first)
    again = swarm.plan(shop())
    assert again.work == ()
    assert {one.kind for one in again.changes} == {Kind.NETWORK, Kind.CONFIG, Kind.SERVICE}
    assert again.waits == ("db", "web")


def test_a_changed_field_changes_its_service_alone() -> None:
    swarm = Pretended()
    swarm.up(shop())
    plan = swarm.plan(shop(environment={"TOKEN": "s3cret"}))
    assert work(plan) == {"service/web": Action.REPLACE}
    assert "s3cret" not in repr(plan)
    assert [one.field for one in change(plan, "service/web").differences] == ["environment.TOKEN"]


def test_labels_and_how_to_update_exchange_no_instance() -> None:
    swarm = Pretended()
    swarm.up(shop())
    deploy = Deploy(replicas=2, labels={"a": "b"}, update_config=UpdateConfig(parallelism=2))
    assert work(swarm.plan(shop(deploy=deploy))) == {"service/web": Action.UPDATE}


def test_a_digest_stays_until_the_name_or_a_wish_changes_it() -> None:
    swarm = Pretended()
    swarm.up(shop())
    assert image(swarm.spec(WEB)) == f"example.org/web:1@{DIGEST}"
    swarm.digests["example.org/web:1"] = newer = "sha256:" + "b" * 64
    assert swarm.plan(shop()).work == ()
    swarm.up(shop(environment={"A": "1"}))
    assert image(swarm.spec(WEB)) == f"example.org/web:1@{DIGEST}"
    plan = swarm.up(shop(environment={"A": "1"}), pull="always")
    assert work(plan)["service/web"] is Action.REPLACE
    assert "service/db" not in work(plan)
    assert image(swarm.spec(WEB)) == f"example.org/web:1@{newer}"


def test_the_platforms_of_a_kept_digest_stay() -> None:
    swarm = Pretended()
    swarm.up(shop())
    spec = swarm.spec(WEB)
    spec["TaskTemplate"] = {**spec["TaskTemplate"], "Placement": {"Platforms": [{"OS": "linux"}]}}
    swarm.alter(WEB, Spec=spec)
    swarm.up(shop(deploy=Deploy(replicas=2, labels={"a": "b"})))
    assert swarm.spec(WEB)["TaskTemplate"]["Placement"]["Platforms"] == [{"OS": "linux"}]


@pytest.mark.parametrize(
    ("before", "live", "after", "wished", "ends"),
    [
        (2, 5, 2, None, 5),
        (2, 5, 3, None, 3),
        (2, 5, 2, 7, 7),
        (None, 4, None, None, 4),
        (2, 2, 2, 0, 0),
        (2, 0, 2, None, 0),
    ],
)
def test_live_scale_is_kept_until_the_file_or_a_wish_says_another(
    before: int | None, live: int, after: int | None, wished: int | None, ends: int
) -> None:
    swarm = Pretended()
    swarm.up(shop(deploy=Deploy(replicas=before)))
    swarm.do(change(_scaled(swarm, live), "service/web"))
    swarm.up(shop(deploy=Deploy(replicas=after)), **({} if wished is None else {"replicas": {"web": wished}}))
    assert live_replicas(swarm.spec(WEB)) == ends
    assert swarm.plan(shop(deploy=Deploy(replicas=after))).work == ()


def _scaled(swarm: Pretended, replicas: int) -> Plan:
    from intermodal.platforms.swarm.planning.acts import scaled  # noqa: PLC0415 - beside its use

    return scaled("shop", swarm.seen, {"web": replicas})


def test_a_scale_next_to_a_change_is_kept_too() -> None:
    swarm = Pretended()
    swarm.up(shop())
    swarm.carry_out(_scaled(swarm, 6))
    swarm.up(shop(environment={"A": "1"}))
    assert live_replicas(swarm.spec(WEB)) == 6


def test_another_mode_exchanges_the_service() -> None:
    swarm = Pretended()
    swarm.up(shop())
    plan = swarm.up(shop(deploy=Deploy(mode="global")))
    assert work(plan) == {"service/web": Action.REPLACE}
    assert "Global" in swarm.spec(WEB)["Mode"]
    assert image(swarm.spec(WEB)) == f"example.org/web:1@{DIGEST}"
    assert swarm.plan(shop(deploy=Deploy(mode="global"))).work == ()


def test_wishes_for_new_instances_and_for_none() -> None:
    swarm = Pretended()
    swarm.up(shop())
    plan = swarm.plan(shop(), recreate="always")
    assert set(work(plan).values()) == {Action.REPLACE}
    swarm.carry_out(plan)
    assert swarm.spec(WEB)["TaskTemplate"]["ForceUpdate"] == 1
    swarm.carry_out(plan)
    assert swarm.spec(WEB)["TaskTemplate"]["ForceUpdate"] == 1
    assert swarm.plan(shop(environment={"A": "1"}), recreate="never").work == ()


def test_former_configs_stay_one_generation_for_a_rollback() -> None:
    swarm = Pretended()
    for word in ("one", "two", "three"):
        swarm.up(shop(word))
        swarm.carry_out(_scaled(swarm, 3))  # scaling makes Swarm forget what was before the update
        assert len(swarm.names("configs")) == min(2, 1 + (word != "one"))
    assert swarm.plan(shop("three")).work == ()


def test_objects_of_a_killed_run_are_used_or_removed() -> None:
    swarm = Pretended()
    for made in swarm.plan(shop("never used")).changes:
        if made.kind in (Kind.CONFIG, Kind.NETWORK):
            swarm.do(made)
    swarm.up(shop("used"))
    assert len(swarm.names("configs")) == 1
    assert swarm.plan(shop("used")).work == ()


def test_an_update_that_stopped_is_tried_again_with_new_instances() -> None:
    swarm = Pretended()
    swarm.up(shop())
    swarm.up(shop(environment={"A": "bad"}))
    swarm.alter(WEB, UpdateStatus={"State": "paused"})
    plan = swarm.up(shop(environment={"A": "bad"}))
    assert work(plan) == {"service/web": Action.REPLACE}
    assert swarm.spec(WEB)["TaskTemplate"]["ForceUpdate"] == 1
    swarm.alter(WEB, UpdateStatus={"State": "paused"})
    plan = swarm.up(shop(environment={"A": "good"}))
    assert swarm.spec(WEB)["TaskTemplate"]["ForceUpdate"] == 1


def test_networks_cannot_change_while_somebody_is_in_them() -> None:
    swarm = Pretended()
    swarm.up(shop())
    inner = application(
        *shop().services.values(),
        networks={"back": Network(name="shop_back", internal=True)},
        configs=shop().configs,
    )
    assert refused(swarm.plan, inner) == ["network-differs"]
    moved = application(
        *shop().services.values(),
        networks={"back": Network(name="shop_back2", internal=True)},
        configs=shop().configs,
    )
    swarm.up(moved)
    assert swarm.names("networks") == {"shop_back", "shop_back2"}
    assert swarm.plan(moved).work == ()


def test_a_network_that_nobody_is_in_is_made_anew() -> None:
    swarm = Pretended()
    for made in swarm.plan(shop()).changes:
        if made.kind is Kind.NETWORK:
            swarm.do(made)
    inner = application(
        *shop().services.values(), networks={"back": Network(name="shop_back", internal=True)}, configs=shop().configs
    )
    assert work(swarm.up(inner))["network/shop_back"] is Action.REPLACE
    assert swarm.plan(inner).work == ()


def test_what_is_external_must_be_there() -> None:
    made = application(
        service("web", networks={"out": Attachment()}, configs=(Grant(source="c"),), secrets=(Grant(source="s"),)),
        networks={"out": Network(name="out", external=True)},
        configs={"c": SharedFile(name="c", external=True)},
        secrets={"s": SharedFile(name="s", external=True)},
    )
    assert refused(Pretended().plan, made) == ["external-missing"] * 3


def test_orphans_are_told_and_removed_when_asked() -> None:
    swarm = Pretended()
    swarm.up(shop())
    alone = application(shop().services["db"], networks=shop().networks)
    assert [one.code for one in swarm.plan(alone).warnings] == ["orphaned"]
    assert swarm.plan(alone).work == ()
    plan = swarm.up(alone, orphans=True)
    assert work(plan)["service/web"] is Action.REMOVE
    assert swarm.names("configs") == set()
    assert swarm.plan(alone).work == ()


def test_services_of_profiles_that_are_not_active_go_on() -> None:
    swarm = Pretended()
    swarm.up(shop())
    alone = replace(application(shop().services["db"], networks=shop().networks), inactive=("web",))
    assert swarm.plan(alone).warnings == ()
    assert "service/web" not in work(swarm.up(alone, orphans=True))
    assert swarm.plan(shop()).work == ()


def test_named_services_bring_what_they_depend_on() -> None:
    assert [one.name for one in Pretended().plan(shop(), services=("web",)).changes if one.kind is Kind.SERVICE] == [
        "db",
        "web",
    ]
    assert Pretended().plan(shop(), services=("web",), alone=True).waits == ("web",)
    swarm = Pretended()
    swarm.up(shop())
    assert swarm.plan(shop(), services=("db",)).work == ()


def test_wishes_that_make_no_sense() -> None:
    swarm = Pretended()
    assert refused(swarm.plan, shop(), services=("wbe",), replicas={"nix": 1, "db": -1}) == [
        "service-not-there",
        "service-not-there",
        "replicas-negative",
    ]
    each = application(service("web", deploy=Deploy(mode="global")))
    assert refused(swarm.plan, each, replicas={"web": 2}) == ["global-not-scaled"]


def test_stacks_of_other_tools_are_taken_over() -> None:
    swarm = Pretended()
    swarm.up(shop())
    for full in ("shop_web", "shop_db"):
        spec = swarm.spec(full)
        kept = {key: value for key, value in spec["Labels"].items() if not key.startswith("intermodal")}
        swarm.alter(full, Spec={**spec, "Labels": kept})
    plan = swarm.up(shop())
    assert "something else" in change(plan, "service/web").reasons[0]
    assert change(plan, "service/web").action is Action.UPDATE
    assert live_replicas(swarm.spec(WEB)) == 2
    assert swarm.plan(shop()).work == ()


def test_other_applications_of_other_tools_are_not_touched_unless_it_is_said() -> None:
    swarm = Pretended()
    swarm.up(application(service("api")))
    spec = swarm.spec("shop_api")
    swarm.alter("shop_api", Spec={**spec, "Labels": {"com.docker.stack.namespace": "shop"}})
    assert refused(swarm.plan, shop()) == ["project-elsewhere"]
    assert change(swarm.plan(shop(), adopt=True), "service/web").action is Action.CREATE


def test_what_we_do_not_know_of_a_spec_survives() -> None:
    swarm = Pretended()
    swarm.up(shop())
    spec = swarm.spec(WEB)
    template = {**spec["TaskTemplate"], "ForceUpdate": 3, "NewInDocker99": {"a": 1}}
    swarm.alter(WEB, Spec={**spec, "TaskTemplate": template, "AlsoNew": [1]})
    swarm.up(shop(environment={"A": "1"}, hostname="h"))
    swarm.up(shop(environment={"A": "1"}))
    after = swarm.spec(WEB)
    assert (after["TaskTemplate"]["ForceUpdate"], after["TaskTemplate"]["NewInDocker99"]) == (3, {"a": 1})
    assert after["AlsoNew"] == [1]
    assert "Hostname" not in after["TaskTemplate"]["ContainerSpec"]
    assert PREVIOUS in after["Labels"]


words = st.sampled_from(["a", "b"])
applications = st.builds(
    shop,
    motd=st.sampled_from(["a", "b", "c"]),
    environment=st.dictionaries(st.sampled_from(["A", "B"]), words),
    deploy=st.builds(Deploy, mode=st.sampled_from(["replicated", "global"]), labels=st.dictionaries(words, words)),
    image=st.sampled_from(["web:1", "web:2"]),
    hostname=st.sampled_from(["", "h"]),
)


@settings(deadline=None)
@given(st.lists(applications, min_size=1, max_size=5), st.data())
def test_whatever_came_before_and_wherever_it_was_killed_the_next_up_ends_with_the_file(
    revisions: list[Application], data: st.DataObject
) -> None:
    swarm = Pretended()
    for made in revisions:
        changes = swarm.plan(made).changes
        for one in changes[: data.draw(st.integers(0, len(changes)))]:
            swarm.do(one)
    swarm.up(revisions[-1])
    swarm.up(revisions[-1])
    assert swarm.plan(revisions[-1]).work == ()
    fresh = Pretended()
    fresh.up(revisions[-1])
    assert _of_file(swarm) == _of_file(fresh)
    assert fresh.names("configs") <= swarm.names("configs")
    assert len(swarm.names("configs")) <= 2


def _of_file(swarm: Pretended) -> dict[str, Any]:
    """The specs without what is remembered; networks by name."""
    found = {}
    for raw in swarm.seen.services:
        spec = dict(raw["Spec"])
        spec["Labels"] = {key: value for key, value in spec["Labels"].items() if key != PREVIOUS}
        spec["TaskTemplate"] = {key: value for key, value in spec["TaskTemplate"].items() if key != "ForceUpdate"}
        found[spec["Name"]] = spec
    return found
