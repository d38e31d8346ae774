"""Plans without a file: scaling, restarting, going back, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intermodal.kit.records import replace
from intermodal.model.changes import Action, NotDone
from intermodal.model.labels import REPLICAS, REVISION
from intermodal.platforms.compose.planning.afterwards import gone_back, removed, restarted, scaled
from tests.platforms.compose.planning.situations import change, container, engine, operations, running, wish

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = wish({"db": {"volumes": ["data:/data"]}, "web": {"depends_on": ["db"], "scale": 2}}, volumes={"data": {}})
HERE = running(ASKED)


def codes(act: Callable[[], object]) -> list[str]:
    with pytest.raises(NotDone) as refused:
        act()
    return [one.code for one in refused.value.diagnostics]


class TestScaled:
    def test_more_are_copies_with_the_files_number(self) -> None:
        plan = scaled(HERE, {"web": 3})
        [make] = change(plan, "service/web").instruction.operations
        assert (make.number, make.like.name, make.noted) == (3, "shop-web-2", "2")
        assert plan.waits == ("web",)

    def test_fewer(self) -> None:
        assert operations(change(scaled(HERE, {"web": 1}), "service/web")) == ["remove shop-web-2"]

    def test_none_is_remembered_before_the_last_one_goes(self) -> None:
        assert operations(change(scaled(HERE, {"web": 0}), "service/web")) == [
            "remember",
            "remove shop-web-1",
            "remove shop-web-2",
        ]

    def test_from_none(self) -> None:
        zero = container(ASKED, "web", 0, state="created")
        plan = scaled(engine(ASKED, zero), {"web": 1})
        assert operations(change(plan, "service/web")) == ["make 1", "forget shop-web-0"]

    def test_the_number_that_is_remembered_goes_on_to_copies(self) -> None:
        zero = container(ASKED, "web", 0, state="created", labels={REPLICAS: "1"})
        plan = scaled(engine(ASKED, zero, container(ASKED, "web")), {"web": 2})
        [make, _] = change(plan, "service/web").instruction.operations
        assert (make.like.name, make.noted) == ("shop-web-1", "1")

    def test_as_many_as_there_are(self) -> None:
        assert change(scaled(HERE, {"web": 2}), "service/web").action is Action.KEEP

    def test_what_cannot_be(self) -> None:
        assert codes(lambda: scaled(HERE, {"wbe": 2, "web": -1})) == ["service-not-there", "replicas-negative"]
        own = engine(ASKED, container(ASKED, "web", name="unique"))
        assert codes(lambda: scaled(own, {"web": 2})) == ["one-instance-only"]


class TestRestarted:
    def test_in_the_order_of_dependencies(self) -> None:
        plan = restarted(HERE, ())
        assert [one.key for one in change(plan, "service/web").after] == ["service/db"]
        assert operations(change(plan, "service/web")) == ["restart shop-web-1", "restart shop-web-2"]

    def test_only_what_was_named(self) -> None:
        plan = restarted(HERE, ("web",))
        assert [one.key for one in plan.changes] == ["service/web"]
        assert not plan.changes[0].after
        assert codes(lambda: restarted(HERE, ("wbe",))) == ["service-not-there"]


class TestGoneBack:
    def ids(self, service: str) -> list[str]:
        return [one.id for one in HERE.of(service)]

    def test_all_that_remember(self) -> None:
        plan = gone_back(HERE, (), dict.fromkeys(self.ids("web"), "older"))
        assert [one.key for one in plan.changes] == ["service/web"]
        assert operations(plan.changes[0]) == ["exchange 1 for shop-web-1", "exchange 2 for shop-web-2"]
        assert all(operation.back for operation in plan.changes[0].instruction.operations)

    def test_what_is_as_before_already_stays(self) -> None:
        first, second = HERE.of("web")
        first = replace(first, labels={**first.labels, REVISION: "older"})
        seen = replace(HERE, containers=(first, replace(second, created=2000)))
        plan = gone_back(seen, ("web",), {first.id: "oldest", second.id: "older"})
        assert operations(plan.changes[0]) == ["exchange 2 for shop-web-2"]

    def test_what_went_back_by_itself_stays(self) -> None:
        plan = gone_back(HERE, ("web",), dict.fromkeys(self.ids("web"), "older"), frozenset({"web"}))
        assert [one.action for one in plan.changes] == [Action.KEEP]

    def test_what_was_set_aside_is_removed(self) -> None:
        new, _ = HERE.of("web")
        old = replace(new, id="c" * 64, name=f"{'c' * 12}_shop-web-1", created=1)
        plan = gone_back(replace(HERE, containers=(new, old)), ("web",), {new.id: "older"})
        assert operations(plan.changes[0]) == [f"remove {old.name}", "exchange 1 for shop-web-1"]

    def test_nothing_known(self) -> None:
        assert codes(lambda: gone_back(HERE, (), {})) == ["nothing-to-roll-back"]
        some = dict.fromkeys(self.ids("web"), "older")
        assert codes(lambda: gone_back(HERE, ("web", "db"), some)) == ["nothing-to-roll-back"]
        assert codes(lambda: gone_back(HERE, ("wbe",), some)) == ["service-not-there"]


class TestRemoved:
    def test_dependents_go_first_and_networks_last(self) -> None:
        plan = removed(HERE)
        assert [one.key for one in change(plan, "service/db").after] == ["service/web"]
        assert not change(plan, "service/web").after
        network = change(plan, "network/shop_default")
        assert {one.key for one in network.after} == {"service/web", "service/db"}
        assert not [one for one in plan.changes if one.kind.value == "volume"]

    def test_with_data(self) -> None:
        plan = removed(HERE, volumes=True)
        assert change(plan, "volume/shop_data").reasons == ("its data are deleted",)

    def test_volumes_of_others_never_go(self) -> None:
        seen = replace(HERE, volumes=(replace(HERE.volumes[0], labels={}),))
        assert not [one for one in removed(seen, volumes=True).changes if one.kind.value == "volume"]

    def test_some_services(self) -> None:
        plan = removed(HERE, services=("web",))
        assert [one.key for one in plan.changes] == ["service/web"]
        assert codes(lambda: removed(HERE, services=("wbe",))) == ["service-not-there"]

    def test_one_offs_and_leftovers_go_too(self) -> None:
        one_off = replace(container(ASKED, "web", 1), id="d" * 64, name="shop-web-run-1", oneoff=True)
        zero = container(ASKED, "web", 0, state="created")
        plan = removed(engine(ASKED, one_off, zero))
        assert operations(change(plan, "service/web")) == ["remove shop-web-run-1", "remove shop-web-0"]

    def test_circles_of_labels_come_to_an_end(self) -> None:
        def tied(service: str, other: str) -> object:
            label = {"com.docker.compose.depends_on": f"{other}:service_started:false"}
            return container(ASKED, service, labels=label)

        plan = removed(engine(ASKED, tied("db", "web"), tied("web", "db")))  # type: ignore[arg-type]
        assert len(plan.changes) == 3
        assert not (change(plan, "service/db").after and change(plan, "service/web").after)
