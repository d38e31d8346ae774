"""Plans of `up`: what services share (networks, volumes, images), who else is there, and what was wished for."""

from __future__ import annotations

import pytest

from intermodal.clients.docker.images import LocalImage, LocalImages
from intermodal.kit.records import replace
from intermodal.model.changes import Action, Condition, Difference, NotDone
from intermodal.model.labels import REPLICAS, REVISION
from intermodal.model.platform import Wishes
from intermodal.platforms.compose.seen import PROJECT, HostPort, Seen, SeenContainer
from tests.platforms.compose.planning.situations import (
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


class TestNetworks:
    """Networks are made, kept, or made anew with the containers in them."""

    def test_another_description(self) -> None:
        asked = wish({"web": {}})
        found = running(asked)
        [network] = found.networks
        found = replace(found, networks=(replace(network, labels={**network.labels, REVISION: "older"}),))
        plan = planned(asked, found)
        assert work(plan) == {"network/default": "replace", "service/web": "replace"}
        assert [one.key for one in change(plan, "service/web").after] == ["network/default"]
        assert change(plan, "network/default").instruction.replaces == network.id

    def test_strangers_in_it(self) -> None:
        asked = wish({"web": {}})
        found = running(asked)
        [network] = found.networks
        stranger = SeenContainer(id="s" * 64, name="stranger", networks={network.name: network.id})
        found = replace(
            found, networks=(replace(network, labels={**network.labels, REVISION: "older"}),), others=(stranger,)
        )
        assert codes(asked, found) == ["network-in-use"]

    def test_of_docker_compose(self) -> None:
        asked = wish({"web": {}})
        found = running(asked)
        [network] = found.networks
        theirs = replace(network, labels={PROJECT: "shop"})
        found = replace(found, networks=(theirs,))
        assert not planned(asked, found).work
        drift = {theirs.id: (Difference(field="driver", before="bridge", after="macvlan"),)}
        assert work(planned(asked, found, drift=drift)) == {"network/default": "replace", "service/web": "replace"}

    @pytest.mark.parametrize("labels", [{}, {PROJECT: "other"}])
    def test_of_somebody_else(self, labels: dict[str, str]) -> None:
        asked = wish({"web": {}})
        found = running(asked)
        found = replace(found, networks=(replace(found.networks[0], labels=labels),))
        assert codes(asked, found) == ["network-name-taken"]

    def test_external(self) -> None:
        asked = wish({"web": {"networks": ["out"]}}, networks={"out": {"external": True, "name": "lan"}})
        assert codes(asked, NOTHING) == ["external-missing"]
        assert "network/out" not in {one.key for one in planned(asked, running(asked)).changes}


class TestVolumes:
    """Volumes are made or kept, never made anew."""

    asked = wish({"db": {"volumes": ["data:/data"]}}, volumes={"data": {}})

    def warned(self, labels: dict[str, str], *drift: Difference) -> list[str]:
        found = running(self.asked)
        found = replace(found, volumes=(replace(found.volumes[0], labels=labels),))
        plan = planned(self.asked, found, drift={"shop_data": drift})
        assert not plan.work
        return [one.code for one in plan.warnings]

    def test_another_description(self) -> None:
        assert self.warned({PROJECT: "shop", REVISION: "older"}, Difference(field="driver")) == ["volume-differs"]
        assert self.warned({PROJECT: "shop"}) == []

    def test_of_somebody_else(self) -> None:
        assert self.warned({}) == ["volume-differs"]
        assert self.warned({PROJECT: "other"}) == ["volume-differs"]

    def test_external(self) -> None:
        asked = wish({"db": {"volumes": ["data:/data"]}}, volumes={"data": {"external": True}})
        assert codes(asked, engine(wish({"db": {}}))) == ["external-missing"]


class TestImages:
    """Images are there, fetched, or missing before anything is done."""

    nothing = LocalImages([])

    def test_missing_is_pulled(self) -> None:
        asked = wish({"web": {}, "db": {}})
        plan = planned(asked, NOTHING, images=self.nothing)
        assert plan.changes[0].key == "image/web:1"
        assert plan.changes[0].action is Action.CREATE
        assert plan.changes[0].instruction.needed_by == ("web", "db")

    def test_never(self) -> None:
        asked = wish({"web": {"pull_policy": "never"}})
        assert codes(asked, NOTHING, images=self.nothing) == ["image-not-there"]
        assert codes(wish({"web": {}}), NOTHING, Wishes(pull="never"), images=self.nothing) == ["image-not-there"]

    def test_not_built(self) -> None:
        asked = wish({"web": {"image": "own:1", "build": {"context": "/src", "target": "final"}}})
        with pytest.raises(NotDone) as refused:
            planned(asked, NOTHING)
        [found] = refused.value.diagnostics
        assert found.code == "image-unbuilt"
        assert "docker build -t own:1 -f Dockerfile --target final /src" in found.help

    def test_built_images_may_be_pulled(self) -> None:
        asked = wish({"web": {"image": "own:1", "build": "/src", "pull_policy": "always"}})
        assert "image/own:1" in work(planned(asked, NOTHING))

    def test_a_newer_one_replaces(self) -> None:
        asked = wish({"web": {"pull_policy": "always"}})
        assert not planned(asked, running(asked)).work
        plan = planned(asked, running(asked), newer=frozenset({"web:1"}))
        assert work(plan) == {"image/web:1": "update", "service/web": "replace"}

    def test_another_one_by_that_name(self) -> None:
        asked = wish({"web": {}})
        images = LocalImages([LocalImage(id="sha256:new", names=("docker.io/library/web:1",))])
        assert work(planned(asked, running(asked), images=images)) == {"service/web": "replace"}

    def test_mounted(self) -> None:
        mount = {"type": "image", "source": "files:1", "target": "/files"}
        asked = wish({"web": {"volumes": [mount]}})
        assert "image/files:1" in work(planned(asked, running(asked)))


class TestOthers:
    """Containers that are in the way."""

    stranger = SeenContainer(id="s" * 64, name="shop-web-1", project="mall", service="till")

    def test_names(self) -> None:
        asked = wish({"web": {}})
        assert codes(asked, engine(asked, others=(self.stranger,))) == ["container-name-taken"]

    @pytest.mark.parametrize(
        ("ports", "had", "taken"),
        [
            (["8080:80"], HostPort(port=8080), True),
            (["127.0.0.1:8080:80"], HostPort(port=8080), True),
            (["8080:80"], HostPort(port=8080, address="10.0.0.1"), True),
            (["127.0.0.1:8080:80"], HostPort(port=8080, address="10.0.0.1"), False),
            (["8080:80/udp"], HostPort(port=8080), False),
            (["8081:80"], HostPort(port=8080), False),
            (["8080-8081:80"], HostPort(port=8080), False),
            (["80"], HostPort(port=8080), False),
        ],
    )
    def test_ports(self, ports: list[str], had: HostPort, taken: bool) -> None:
        asked = wish({"web": {"ports": ports}})
        found = engine(asked, others=(replace(self.stranger, name="till", ports=(had,)),))
        if taken:
            assert codes(asked, found) == ["port-taken"]
        else:
            assert planned(asked, found).work

    def test_own_ports_are_not_in_the_way(self) -> None:
        asked = wish({"web": {"ports": ["8080:80"]}})
        one = container(asked, "web", ports=(HostPort(port=8080),), labels={REVISION: "older"})
        assert work(planned(asked, engine(asked, one))) == {"service/web": "replace"}

    def test_who_runs_needs_nothing(self) -> None:
        asked = wish({"web": {"ports": ["8080:80"]}})
        found = replace(running(asked), others=(replace(self.stranger, name="x", ports=(HostPort(port=8080),)),))
        assert not planned(asked, found).work


class TestOrphans:
    """Services that the file no longer has."""

    asked = wish({"web": {}})
    found = engine(asked, container(asked, "web"), container(asked, "old"))

    def test_are_told(self) -> None:
        plan = planned(self.asked, self.found)
        assert not plan.work
        assert [one.code for one in plan.warnings] == ["orphaned"]

    def test_are_removed_when_asked(self) -> None:
        plan = planned(self.asked, self.found, Wishes(orphans=True))
        assert work(plan) == {"service/old": "remove"}
        assert operations(change(plan, "service/old")) == ["remove shop-old-1"]

    def test_services_of_profiles_that_are_not_active_are_none(self) -> None:
        asked = replace(self.asked, inactive=("old",))
        plan = planned(asked, self.found, Wishes(orphans=True))
        assert not plan.warnings
        assert not plan.work

    def test_one_offs_are_none(self) -> None:
        one = replace(container(self.asked, "old"), oneoff=True)
        assert not planned(self.asked, engine(self.asked, container(self.asked, "web"), one)).warnings


class TestAdoption:
    """Projects that docker compose brought up."""

    asked = wish({"web": {}})

    def found(self, folder: str = "/shop") -> Seen:
        labels = {REVISION: None, REPLICAS: None, "com.docker.compose.project.working_dir": folder}
        return engine(self.asked, container(self.asked, "web", labels=labels))

    def test_without_differences(self) -> None:
        plan = planned(self.asked, self.found())
        assert not plan.work
        assert not plan.warnings

    def test_with_differences(self) -> None:
        [one] = self.found().containers
        drift = {one.id: (Difference(field="command", before="a", after="b"),)}
        made = change(planned(self.asked, self.found(), drift=drift), "service/web")
        assert made.reasons == ("made by docker compose with other settings",)
        assert made.differences == drift[one.id]

    def test_from_another_folder_only_where_it_is_said(self) -> None:
        assert codes(self.asked, self.found("/mall")) == ["project-elsewhere"]
        assert not planned(self.asked, self.found("/mall"), Wishes(adopt=True)).warnings


class TestWishes:
    """What the user may ask besides the file."""

    asked = wish({"db": {}, "web": {"depends_on": {"db": {"condition": "service_healthy"}}}, "side": {}})

    def test_services_with_what_they_need(self) -> None:
        assert planned(self.asked, NOTHING, Wishes(services=("web",))).waits == ("db", "web")
        assert planned(self.asked, NOTHING, Wishes(services=("web",), alone=True)).waits == ("web",)

    def test_unknown_services(self) -> None:
        assert codes(self.asked, NOTHING, Wishes(services=("wbe",))) == ["service-not-there"]

    def test_requirements(self) -> None:
        after = change(planned(self.asked, NOTHING), "service/web").after
        assert [(one.key, one.condition) for one in after] == [
            ("network/default", Condition.DONE),
            ("service/db", Condition.HEALTHY),
        ]
        alone = planned(self.asked, NOTHING, Wishes(services=("web",), alone=True))
        assert [one.key for one in change(alone, "service/web").after] == ["network/default"]

    def test_recreate(self) -> None:
        found = running(self.asked)
        assert set(work(planned(self.asked, found, Wishes(recreate="always")))) == {
            "service/db",
            "service/web",
            "service/side",
        }
        ones = tuple(replace(one, labels={**one.labels, REVISION: "older"}) for one in found.containers)
        assert not planned(self.asked, replace(found, containers=ones), Wishes(recreate="never")).work
