"""Plans of `up`: what is wanted, what is there, what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.records import replace
from intermodal.model.changes import Action
from intermodal.model.labels import REPLICAS, REVISION
from intermodal.model.platform import Wishes
from tests.platforms.compose.planning.situations import (
    IMAGE,
    IMAGES,
    NOTHING,
    change,
    codes,
    container,
    engine,
    operations,
    planned,
    running,
    wish,
    work,
)

if TYPE_CHECKING:
    from intermodal.platforms.compose.seen import SeenContainer


def test_from_nothing_everything_is_made() -> None:
    asked = wish({"db": {"volumes": ["data:/data"]}, "web": {"depends_on": ["db"], "scale": 2}}, volumes={"data": {}})
    plan = planned(asked, NOTHING)
    assert work(plan) == dict.fromkeys(["network/default", "volume/data", "service/db", "service/web"], "create")
    assert operations(change(plan, "service/web")) == ["make 1", "make 2"]
    assert plan.waits == ("db", "web")


def test_what_is_there_as_wanted_stays() -> None:
    asked = wish({"db": {"volumes": ["data:/data"]}, "web": {"scale": 3}}, volumes={"data": {}})
    plan = planned(asked, running(asked))
    assert not plan.work
    assert {one.key for one in plan.changes} == {
        "image/web:1",
        "network/default",
        "volume/data",
        "service/db",
        "service/web",
    }


@pytest.mark.parametrize(
    ("said", "operation", "reason"),
    [
        ({"labels": {REVISION: "older"}}, "exchange 1 for shop-web-1", "the file describes it differently"),
        ({"image_id": "sha256:other"}, "exchange 1 for shop-web-1", "its image is another one by now"),
        (
            {"networks": {"shop_default": "another"}},
            "exchange 1 for shop-web-1",
            "the network default is made anew",
        ),
        ({"networks": {}}, "exchange 1 for shop-web-1", "it is not in the network default"),
        ({"state": "exited", "exit_code": 0}, "start shop-web-1 as shop-web-1", "shop-web-1 is exited"),
        ({"state": "exited", "exit_code": 1}, "start shop-web-1 as shop-web-1", "shop-web-1 is exited"),
        ({"state": "paused"}, "start shop-web-1 as shop-web-1", "shop-web-1 is paused"),
    ],
)
def test_what_is_not_as_wanted_is_mended(said: dict[str, Any], operation: str, reason: str) -> None:
    asked = wish({"web": {}})
    one = change(planned(asked, engine(asked, container(asked, "web", **said))), "service/web")
    assert operations(one) == [operation]
    assert one.reasons == (reason,)
    assert one.action is (Action.REPLACE if operation.startswith("exchange") else Action.UPDATE)


def test_the_network_of_a_stopped_container_need_not_be_known() -> None:
    asked = wish({"web": {}})
    found = engine(asked, container(asked, "web", networks={"shop_default": ""}))
    assert not planned(asked, found).work


@pytest.mark.parametrize("state", ["running", "restarting"])
def test_what_runs_is_left_alone(state: str) -> None:
    asked = wish({"web": {}})
    assert not planned(asked, engine(asked, container(asked, "web", state=state))).work


@pytest.mark.parametrize(
    ("said", "rests"),
    [
        ({}, False),
        ({"restart": "no"}, True),
        ({"restart": "on-failure:3"}, True),
        ({"restart": "always"}, False),
        ({"deploy": {"mode": "replicated-job"}}, True),
        ({"deploy": {"restart_policy": {"condition": "on-failure"}}}, True),
        ({"deploy": {"restart_policy": {"condition": "any"}}}, False),
    ],
)
def test_what_ended_well_is_started_again_unless_it_is_to_end(said: dict[str, Any], rests: bool) -> None:
    asked = wish({"web": said})
    ended = engine(asked, container(asked, "web", state="exited", exit_code=0))
    assert bool(planned(asked, ended).work) is not rests
    failed = engine(asked, container(asked, "web", state="exited", exit_code=1))
    assert planned(asked, failed).work


def test_what_others_wait_for_to_end_is_not_run_twice() -> None:
    asked = wish({"seed": {}, "web": {"depends_on": {"seed": {"condition": "service_completed_successfully"}}}})
    ended = container(asked, "seed", state="exited", exit_code=0)
    assert not planned(asked, engine(asked, ended, container(asked, "web"))).work


class TestInterrupted:
    """An exchange that was killed leaves containers of one number behind."""

    asked = wish({"web": {}})

    def of(self, *ones: SeenContainer) -> list[str]:
        return operations(change(planned(self.asked, engine(self.asked, *ones)), "service/web"))

    def one(self, fill: str, name: str = "", **said: Any) -> SeenContainer:
        made = container(self.asked, "web", **said)
        identity = fill * 64
        return replace(made, id=identity, name=name or made.name)

    def test_set_aside_only(self) -> None:
        old = self.one("a", f"{'a' * 12}_shop-web-1", labels={REVISION: "older"})
        assert self.of(old) == [f"exchange 1 for {old.name}"]

    def test_set_aside_and_the_file_was_put_back(self) -> None:
        old = self.one("a", f"{'a' * 12}_shop-web-1")
        assert self.of(old) == [f"start {old.name} as shop-web-1"]

    def test_the_new_one_was_made_but_not_started(self) -> None:
        old = self.one("a", f"{'a' * 12}_shop-web-1", labels={REVISION: "older"})
        new = self.one("b", state="created")
        assert self.of(old, new) == ["forget shop-web-1", f"exchange 1 for {old.name}"]

    def test_the_new_one_runs_and_the_old_one_is_still_there(self) -> None:
        old = self.one("a", f"{'a' * 12}_shop-web-1", labels={REVISION: "older"}, state="exited", exit_code=0)
        new = self.one("b")
        assert self.of(old, new) == [f"exchange 1 for {old.name} with shop-web-1"]

    def test_half_made_only(self) -> None:
        assert self.of(self.one("b", state="created")) == ["forget shop-web-1", "make 1"]

    def test_both_are_out_of_date(self) -> None:
        old = self.one("a", f"{'a' * 12}_shop-web-1", labels={REVISION: "oldest"})
        new = self.one("b", labels={REVISION: "older"})
        assert self.of(old, new) == [f"remove {old.name}", "exchange 1 for shop-web-1"]


class TestCounting:
    """How many there are to be."""

    def plan(self, file: int | None, live: int, noted: str | None, **wishes: Any) -> list[str]:
        asked = wish({"web": {} if file is None else {"scale": file}})
        labels = {REPLICAS: noted} | ({REVISION: None} if noted is None else {})
        ones = [container(asked, "web", number, labels=labels) for number in range(1, live + 1)]
        return operations(change(planned(asked, engine(asked, *ones), Wishes(**wishes)), "service/web"))

    def test_the_live_number_stays_while_the_file_says_the_same(self) -> None:
        assert self.plan(2, 4, "2") == []
        assert self.plan(2, 1, "2") == []

    def test_a_new_number_of_the_file_counts(self) -> None:
        assert self.plan(3, 2, "2") == ["make 3"]
        assert self.plan(1, 3, "2") == ["remove shop-web-2", "remove shop-web-3", "remember"]

    def test_a_new_number_that_is_there_already_is_noted(self) -> None:
        assert self.plan(3, 3, "2") == ["remember"]

    def test_what_was_asked_for_counts(self) -> None:
        assert self.plan(2, 2, "2", replicas={"web": 3}) == ["make 3"]

    def test_none_is_remembered_by_a_container_that_never_runs(self) -> None:
        assert self.plan(2, 1, "2", replicas={"web": 0}) == ["remove shop-web-1", "remember"]
        assert self.plan(0, 1, "2") == ["remove shop-web-1"]

    def test_docker_composes_number_stays_unless_the_file_says_one(self) -> None:
        assert self.plan(None, 3, None) == []
        assert self.plan(2, 3, None) == ["remove shop-web-3"]

    def test_gaps_are_filled(self) -> None:
        asked = wish({"web": {"scale": 3}})
        found = engine(asked, container(asked, "web", 1), container(asked, "web", 4))
        plan = planned(asked, found, Wishes(replicas={"web": 3}))
        assert operations(change(plan, "service/web")) == ["make 2"]

    def test_a_remembered_none_stays(self) -> None:
        asked = wish({"web": {"scale": 2}})
        zero = container(asked, "web", 0, state="created")
        assert operations(change(planned(asked, engine(asked, zero)), "service/web")) == []

    def test_a_remembered_none_ends_with_another_number(self) -> None:
        asked = wish({"web": {"scale": 3}})
        zero = container(asked, "web", 0, state="created", labels={REPLICAS: "2"})
        plan = planned(asked, engine(asked, zero))
        assert operations(change(plan, "service/web")) == ["make 1", "make 2", "make 3", "forget shop-web-0"]

    def test_negative(self) -> None:
        asked = wish({"web": {}})
        assert codes(asked, NOTHING, Wishes(replicas={"web": -1})) == ["replicas-negative"]

    @pytest.mark.parametrize("said", [{"ports": ["8080:80"]}, {"container_name": "unique"}])
    def test_only_one_can_have_a_port_or_a_name(self, said: dict[str, Any]) -> None:
        asked = wish({"web": said})
        assert codes(asked, NOTHING, Wishes(replicas={"web": 2})) == ["one-instance-only"]
        planned(asked, NOTHING)

    def test_a_range_of_ports_is_for_many(self) -> None:
        asked = wish({"web": {"ports": ["8080-8089:80"], "scale": 2}})
        assert planned(asked, NOTHING).work


class TestTogether:
    """Services whose containers must be made anew with those of another."""

    def test_network_mode(self) -> None:
        asked = wish({"db": {}, "side": {"network_mode": "service:db"}})
        db = container(asked, "db", labels={REVISION: "older"})
        side = container(asked, "side", lives_in=db.id)
        plan = planned(asked, engine(asked, db, side))
        assert work(plan) == {"service/db": "replace", "service/side": "replace"}
        assert change(plan, "service/side").reasons == ("it lives in a container of db, which is made anew",)

    def test_network_mode_after_an_interruption(self) -> None:
        asked = wish({"db": {}, "side": {"network_mode": "service:db"}})
        found = engine(asked, container(asked, "db"), container(asked, "side", lives_in="gone"))
        assert work(planned(asked, found)) == {"service/side": "replace"}

    @pytest.mark.parametrize(("restart", "expected"), [(True, {"service/db", "service/web"}), (False, {"service/db"})])
    def test_restart_of_dependencies(self, restart: bool, expected: set[str]) -> None:
        asked = wish({"db": {}, "web": {"depends_on": {"db": {"condition": "service_started", "restart": restart}}}})
        found = engine(asked, container(asked, "db", labels={REVISION: "older"}), container(asked, "web"))
        assert set(work(planned(asked, found))) == expected

    def test_restart_of_dependencies_after_an_interruption(self) -> None:
        asked = wish({"db": {}, "web": {"depends_on": {"db": {"condition": "service_started", "restart": True}}}})
        db = container(asked, "db", created=2000)
        assert work(planned(asked, engine(asked, db, container(asked, "web")))) == {"service/web": "replace"}
        old = replace(db, id="c" * 64, name=f"{'c' * 12}_shop-db-1", created=500)
        plan = planned(asked, engine(asked, db, old, container(asked, "web")))
        assert work(plan) == {"service/db": "replace", "service/web": "replace"}


def test_everything_wrong_is_told_at_once() -> None:
    asked = wish(
        {"web": {"image": "gone:1", "pull_policy": "never", "volumes": ["data:/data"]}},
        volumes={"data": {"external": True}},
    )
    assert codes(asked, NOTHING, images=IMAGES) == ["external-missing", "image-not-there"]


def test_plans_show_no_values() -> None:
    asked = wish({"web": {"environment": {"PASSWORD": "hunter2"}}})
    assert "hunter2" not in repr(planned(asked, NOTHING))
    assert IMAGE not in repr(planned(asked, NOTHING))
