from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.networks import Attachment, Ipam, Network, Pool, Port
from intermodal.model.placement import Deploy
from intermodal.model.support import Consequence
from tests.applications import application, service
from tests.platforms.swarm.swarming import codes, outcomes, stack, translation, web

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.model.platform import Translation


def test_the_default_network_needs_no_words() -> None:
    made = application(service(networks={"default": Attachment()}), networks={"default": Network(name="shop_default")})
    assert "networks" not in stack(made)
    assert "networks" not in stack(made)["services"]["web"]


def test_networks_become_overlay_networks_with_what_those_know() -> None:
    bridge = Network(
        name="shop_back",
        driver="bridge",
        driver_opts={"com.docker.network.bridge.name": "br0", "com.docker.network.driver.mtu": "1400"},
        ipam=Ipam(config=(Pool(subnet="10.9.0.0/16", gateway="10.9.0.1"),)),
        internal=True,
        attachable=True,
        labels={"a": "b"},
    )
    made = application(service(networks={"back": Attachment()}), networks={"back": bridge})
    assert stack(made)["networks"]["back"] == {
        "driver_opts": {"com.docker.network.driver.mtu": "1400"},
        "ipam": {"config": [{"subnet": "10.9.0.0/16"}]},
        "internal": True,
        "attachable": True,
        "labels": {"a": "b"},
    }
    assert codes(made) == {
        "networks.back.driver": "swarm-overlay-network",
        "networks.back.driver_opts.com.docker.network.bridge.name": "swarm-network-driver-option",
        "networks.back.ipam.config.0.gateway": "swarm-address-range",
    }


def test_external_and_named_networks_keep_their_names() -> None:
    networks = {"a": Network(name="outside", external=True), "b": Network(name="own"), "c": Network(name="shop_c")}
    assert stack(application(service(), networks=networks))["networks"] == {
        "a": {"name": "outside", "external": True},
        "b": {"name": "own"},
        "c": {},
    }


def test_a_network_of_one_node_stops_the_application() -> None:
    made = application(service(), networks={"lan": Network(name="shop_lan", driver="macvlan")})
    outcome = outcomes(made)["networks.lan.driver"]
    assert getattr(outcome, "consequence", None) is Consequence.START
    assert stack(made)["networks"]["lan"] == {}


def test_host_network_is_the_nodes_own_and_publishes_nothing(accepted: Callable[[Translation], Any]) -> None:
    made = application(
        service(network_mode="host", ports=(Port(target=80, published="80"),)), networks={"host": Network(name="x")}
    )
    read = accepted(translation(made))
    assert list(read["services"]["web"]["networks"]) == ["host-2"]
    assert read["networks"]["host-2"] == {"name": "host", "external": True}
    assert "ports" not in read["services"]["web"]
    assert codes(made)["services.web.ports.0.published"] == "swarm-ports-host-network"


def test_no_network_is_an_internal_one_for_each_service() -> None:
    made = stack(application(service("a", network_mode="none"), service("b", network_mode="none")))
    assert made["services"]["a"]["networks"] == {"a-alone": None}
    assert made["networks"] == {"a-alone": {"internal": True}, "b-alone": {"internal": True}}


def test_services_on_the_default_bridge_share_a_network_apart() -> None:
    made = stack(application(service("a", network_mode="bridge"), service("b", network_mode="bridge"), service("c")))
    assert made["services"]["a"]["networks"] == made["services"]["b"]["networks"] == {"bridge": None}
    assert "networks" not in made["services"]["c"]


def test_a_shared_network_namespace_is_lost_but_the_other_stays_in_reach() -> None:
    made = application(
        service("vpn", networks={"out": Attachment()}),
        service("web", network_mode="service:vpn"),
        networks={"out": Network(name="shop_out")},
    )
    assert stack(made)["services"]["web"]["networks"] == {"out": None}
    assert codes(made) == {"services.web.network_mode": "swarm-shared-network-namespace"}


def test_container_names_and_links_go_on_resolving() -> None:
    made = application(
        service("web", container_name="shop-front", links=("db:mysql", "db")),
        service("db", networks={"default": Attachment(aliases=("sql",))}),
        networks={"default": Network(name="shop_default")},
    )
    read = stack(
        application(
            service("web", container_name="shop-front", links=("db:mysql",), networks={"default": Attachment()}),
            service("db", networks={"default": Attachment(aliases=("sql",))}),
        )
    )["services"]
    assert read["web"]["networks"] == {"default": {"aliases": ["shop-front"]}}
    assert read["db"]["networks"] == {"default": {"aliases": ["sql", "mysql"]}}
    assert codes(made) == {
        "services.web.container_name": "swarm-container-name",
        "services.web.links.0": "swarm-link",
    }


def test_a_link_name_that_means_two_services_is_not_made_one() -> None:
    made = application(
        service("a", links=("db1:db",), networks={"default": Attachment()}),
        service("b", links=("db2:db",), networks={"default": Attachment()}),
        service("db1", networks={"default": Attachment()}),
        service("db2", container_name="a", networks={"default": Attachment()}),
    )
    assert "networks" not in stack(made)["services"]["db1"]
    assert codes(made) == {
        "services.a.links.0": "swarm-link-lost",
        "services.b.links.0": "swarm-link-lost",
        "services.db2.container_name": "swarm-container-name-lost",
    }


@pytest.mark.parametrize(
    ("port", "spelled", "code"),
    [
        (Port(target=80, published="8080"), {"published": 8080, "mode": "ingress"}, ""),
        (Port(target=80, published="8080", mode="host"), {"published": 8080, "mode": "host"}, ""),
        (Port(target=80), {"mode": "ingress"}, "swarm-port-chosen"),
        (Port(target=80, published="8000-8010"), {"published": 8000, "mode": "ingress"}, "swarm-port-range"),
        (
            Port(target=80, published="1", host_ip="127.0.0.1"),
            {"published": 1, "mode": "ingress"},
            "swarm-port-on-every-address",
        ),
        (Port(target=80, published="1", host_ip="0.0.0.0"), {"published": 1, "mode": "ingress"}, ""),  # noqa: S104
        (Port(target=80, published="1", name="http"), {"published": 1, "mode": "ingress"}, "swarm-port-description"),
    ],
)
def test_published_ports(port: Port, spelled: dict[str, Any], code: str) -> None:
    assert web(ports=(port,))["ports"] == [{"target": 80, "protocol": "tcp"} | spelled]
    written = set(codes(application(service(ports=(port,)))).values())
    assert written == ({code} if code else set())


def test_a_port_that_becomes_public_is_a_matter_of_security() -> None:
    made = application(service(ports=(Port(target=80, published="1", host_ip="127.0.0.1"),)))
    assert getattr(outcomes(made)["services.web.ports.0.host_ip"], "consequence", None) is Consequence.SECURITY


def test_mesh_ports_and_round_robin_do_not_go_together() -> None:
    made = service(ports=(Port(target=80, published="80"),), deploy=Deploy(endpoint_mode="dnsrr"))
    assert web(ports=made.ports, deploy=made.deploy)["ports"][0]["mode"] == "host"
    assert codes(application(made)) == {"services.web.ports.0.target": "swarm-ports-round-robin"}


def test_one_port_published_twice_is_said_once() -> None:
    port = Port(target=80, published="80")
    assert len(web(ports=(port, port))["ports"]) == 1
