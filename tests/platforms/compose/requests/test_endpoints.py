from __future__ import annotations

from typing import Any

from intermodal.model.networks import Attachment, Network
from intermodal.model.platform import Settings
from intermodal.platforms.compose.requests import Around, ContainerRequest, Neighbour, container, wanted
from tests.applications import FilesInMemory, application, service

OLD, NEW = (1, 41), (1, 48)
NETWORKS = {key: Network(name=f"shop_{key}") for key in ("a", "b", "c")}


def requested(version: tuple[int, int], around: dict[str, Any] | None = None, **fields: Any) -> ContainerRequest:
    made = wanted(application(service(**fields), networks=NETWORKS), Settings(), FilesInMemory())
    return container(made.services["web"], 1, Around(version=version, **(around or {})))


def test_an_old_engine_takes_one_network_at_first_a_new_one_all() -> None:
    said = {"b": Attachment(), "a": Attachment(), "c": Attachment(priority=9)}
    old, new = requested(OLD, networks=said), requested(NEW, networks=said)
    assert list(old.body["NetworkingConfig"]["EndpointsConfig"]) == ["shop_c"]
    assert [one.network for one in old.connections] == ["shop_a", "shop_b"]
    assert list(new.body["NetworkingConfig"]["EndpointsConfig"]) == ["shop_c", "shop_a", "shop_b"]
    assert new.connections == ()
    assert old.body["HostConfig"]["NetworkMode"] == new.body["HostConfig"]["NetworkMode"] == "shop_c"


def test_names_addresses_and_options_of_an_endpoint() -> None:
    said = Attachment(
        aliases=("shop", "web"),
        ipv4_address="10.0.0.9",
        ipv6_address="fd00::9",
        link_local_ips=("169.254.1.1",),
        driver_opts={"o": "1"},
        interface_name="eth7",
        gw_priority=3,
    )
    assert requested(NEW, networks={"a": said}).body["NetworkingConfig"]["EndpointsConfig"]["shop_a"] == {
        "Aliases": ["shop-web-1", "web", "shop"],
        "IPAMConfig": {"IPv4Address": "10.0.0.9", "IPv6Address": "fd00::9", "LinkLocalIPs": ["169.254.1.1"]},
        "DriverOpts": {"o": "1", "com.docker.network.endpoint.ifname": "eth7"},
        "GwPriority": 3,
    }


def test_mac_addresses_are_the_containers_before_they_are_a_networks() -> None:
    said = {"a": Attachment(), "b": Attachment(mac_address="02:00:00:00:00:02")}
    old = requested(OLD, networks=said, mac_address="02:00:00:00:00:01")
    new = requested(NEW, networks=said, mac_address="02:00:00:00:00:01")
    assert old.body["MacAddress"] == "02:00:00:00:00:01"
    assert "MacAddress" not in old.body["NetworkingConfig"]["EndpointsConfig"]["shop_a"]
    endpoints = new.body["NetworkingConfig"]["EndpointsConfig"]
    assert {key: one["MacAddress"] for key, one in endpoints.items()} == {
        "shop_a": "02:00:00:00:00:01",
        "shop_b": "02:00:00:00:00:02",
    }
    assert "MacAddress" not in new.body
    alone = requested(OLD, network_mode="bridge", mac_address="02:00:00:00:00:01")
    assert alone.body["MacAddress"] == "02:00:00:00:00:01"


def test_links_name_every_container_of_a_service() -> None:
    around = {"containers": {"db": (Neighbour(id="1", name="shop-db-1"), Neighbour(id="2", name="shop-db-2"))}}
    fields = {"links": ("db:database",), "external_links": ("old", "older:far")}
    links = [
        *("shop-db-1:database", "shop-db-1:db-1", "shop-db-1:shop-db-1"),
        *("shop-db-2:database", "shop-db-2:db-1", "shop-db-2:shop-db-1"),
        *("old:old", "older:far"),
    ]
    networked = requested(OLD, around, networks={"a": Attachment()}, **fields)
    assert networked.body["NetworkingConfig"]["EndpointsConfig"]["shop_a"]["Links"] == links
    assert "Links" not in networked.body["HostConfig"]
    bridged = requested(OLD, around, network_mode="bridge", **fields)
    assert bridged.body["HostConfig"]["Links"] == links


def test_a_disabled_network() -> None:
    assert requested(OLD, network_mode="disabled").body["NetworkDisabled"] is True
