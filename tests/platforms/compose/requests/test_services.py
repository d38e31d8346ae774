from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.emitter import emit
from intermodal.model.application import Dependency, Provider
from intermodal.model.building import Hook
from intermodal.model.files import Grant, SharedFile
from intermodal.model.networks import Attachment, Ipam, Network, Pool
from intermodal.model.placement import Deploy
from intermodal.model.platform import Settings
from intermodal.model.volumes import Mount, Volume
from intermodal.platforms.compose.requests import Wanted, wanted
from intermodal.platforms.compose.requests.needs import unmet
from tests.applications import FilesInMemory, application, service
from tests.platforms.compose.samples import asked, file_of, load_text

if TYPE_CHECKING:
    from pathlib import Path


def revision(**fields: Any) -> str:
    return wanted(application(service(**fields)), Settings(), FilesInMemory()).services["web"].revision


def test_the_revision_hangs_on_the_container_and_not_on_how_many_there_are() -> None:
    plain = revision()
    assert revision() == plain
    assert revision(deploy=Deploy(replicas=5)) == revision(scale=2) == plain
    assert revision(depends_on={"db": Dependency()}) == revision(pull_policy="always") == plain
    assert len({plain, revision(image="other"), revision(environment={"A": "1"}), revision(labels={"a": "1"})}) == 4
    assert revision(post_start=(Hook(command=("x",)),)) != revision(pre_stop=(Hook(command=("x",)),))
    assert revision(stop_grace_period=3) != plain


def test_the_revision_hangs_on_content_but_does_not_show_it() -> None:
    def of(value: str) -> str:
        whole = application(
            service(secrets=(Grant(source="s"),)), secrets={"s": SharedFile(environment="S", value=value)}
        )
        return wanted(whole, Settings(), FilesInMemory()).services["web"].revision

    assert of("1") == of("1") != of("2")


def test_the_revision_of_a_folder_moved_elsewhere_is_the_same() -> None:
    one, other = (
        wanted(application(service(), working_dir=folder), Settings(), FilesInMemory()) for folder in ("/a", "/b")
    )
    assert one.services["web"].revision == other.services["web"].revision


def test_only_what_services_use_is_made() -> None:
    whole = application(
        service(networks={"a": Attachment()}, volumes=(Mount(type="volume", source="v", target="/v"),)),
        service("other", provider=Provider(type="x"), networks={"b": Attachment()}),
        networks={"a": Network(name="shop_a"), "b": Network(name="shop_b")},
        volumes={"v": Volume(name="shop_v"), "w": Volume(name="shop_w")},
    )
    made = wanted(whole, Settings(), FilesInMemory())
    assert (list(made.services), list(made.networks), list(made.volumes)) == (["web"], ["a"], ["v"])
    told = {path: getattr(outcome, "code", "") for path, outcome in made.notes.notes.items()}
    assert told[("services", "other")] == "compose-provider"
    assert told[("networks", "b")] == told[("volumes", "w")] == "compose-unused"


def test_a_networks_body() -> None:
    said = Network(
        name="shop_a",
        driver="macvlan",
        driver_opts={"o": "1"},
        internal=True,
        attachable=True,
        enable_ipv6=True,
        labels={"l": "1"},
        ipam=Ipam(
            driver="own",
            config=(
                Pool(subnet="10.0.0.0/24", ip_range="10.0.0.0/25", gateway="10.0.0.1", aux_addresses={"a": "10.0.0.2"}),
            ),
            options={"i": "1"},
        ),
    )
    shared = of_network(said)
    assert {key: value for key, value in shared.body.items() if key != "Labels"} == {
        "Name": "shop_a",
        "CheckDuplicate": True,
        "Driver": "macvlan",
        "Internal": True,
        "Attachable": True,
        "EnableIPv6": True,
        "IPAM": {
            "Driver": "own",
            "Config": [
                {
                    "Subnet": "10.0.0.0/24",
                    "IPRange": "10.0.0.0/25",
                    "Gateway": "10.0.0.1",
                    "AuxiliaryAddresses": {"a": "10.0.0.2"},
                }
            ],
            "Options": {"i": "1"},
        },
        "Options": {"o": "1"},
    }
    assert shared.body["Labels"]["com.docker.compose.network"] == "a"
    assert (
        shared.body["Labels"]["intermodal.revision"] == shared.revision != of_network(Network(name="shop_a")).revision
    )


def of_network(said: Network) -> Any:
    whole = application(service(networks={"a": Attachment()}), networks={"a": said})
    return wanted(whole, Settings(), FilesInMemory()).networks["a"]


def test_an_external_one_is_never_made() -> None:
    shared = of_network(Network(name="theirs", external=True))
    assert (shared.name, shared.external, shared.body, shared.revision) == ("theirs", True, {}, "")


def told(found: Wanted, version: tuple[int, int]) -> dict[str, str]:
    return {one.message.partition(" ")[0]: one.severity.word for one in unmet(found, version)}


def test_what_an_engine_is_too_old_for(tmp_path: Path) -> None:
    expected = {
        "annotations": {"services.annotations.annotations": "warning"},
        "healthcheck-start": {"services.healthcheck-start.healthcheck.start_interval": "warning"},
        "mounts-newer": {
            "services.mounts-newer.volumes.0.type": "error",
            "services.mounts-newer.volumes.1.volume.subpath": "error",
            "services.mounts-newer.volumes.2.bind.recursive": "error",
        },
        "network-details": {
            "services.network-details.networks.front.interface_name": "warning",
            "services.network-details.networks.front.gw_priority": "warning",
            "services.network-details.networks": "warning",
            "networks.four.enable_ipv4": "warning",
        },
    }
    for name, messages in expected.items():
        found = asked(load_text(emit(file_of(name)), tmp_path))
        assert told(found, (1, 41)) == messages
        assert told(found, (1, 48)) == {}
        assert all(one.place is not None for one in unmet(found, (1, 41)))


def test_a_plain_service_needs_nothing_new(tmp_path: Path) -> None:
    assert told(asked(load_text(emit(file_of("plain")), tmp_path)), (1, 41)) == {}
