from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.health import Healthcheck
from intermodal.model.networks import Attachment, Network, Port
from intermodal.model.support import Exact
from intermodal.platforms.kubernetes.network.exposure import exposures
from intermodal.platforms.kubernetes.network.services import service_documents
from tests.applications import application, kubernetes_context, service, settings

if TYPE_CHECKING:
    from intermodal.platforms.kubernetes.context import Context

CHOSEN = {"app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "shop"}
WEB = service("web", image="own", ports=(Port(target=80, published="8080"),))


def context_of(*services: Any, options: dict[str, str] | None = None, version: str = "", **rest: Any) -> Context:
    return kubernetes_context(application(*services, **rest), settings(options=options or {}, version=version))


def specs(context: Context) -> dict[str, Any]:
    """The Services by name."""
    documents = service_documents(context, exposures(context))
    return {document.content["metadata"]["name"]: document.content["spec"] for document in documents}


def told(context: Context, field: str, index: int = 0, name: str = "web") -> tuple[str, str]:
    """Code (or `how`) and consequence of what was noted for a field of a port."""
    outcome = context.notes.notes["services", name, "ports", index, field]
    if isinstance(outcome, Exact):
        return outcome.how, ""
    return outcome.code, outcome.consequence.name


def test_inside_by_container_port_and_outside_by_published_port() -> None:
    assert specs(context_of(WEB)) == {
        "web": {"selector": CHOSEN, "ports": [{"name": "port-80", "port": 80}]},
        "web-published": {
            "type": "LoadBalancer",
            "selector": CHOSEN,
            "ports": [{"name": "port-8080", "port": 8080, "targetPort": 80}],
        },
    }


def test_equal_numbers_are_the_default() -> None:
    context = context_of(service("web", ports=(Port(target=80, published="80"),)))
    assert specs(context)["web-published"]["ports"] == [{"name": "port-80", "port": 80}]
    assert told(context, "published") == ("the default", "")


@pytest.mark.parametrize("kind", ["cluster", "headless"])
def test_kept_inside_by_wish(kind: str) -> None:
    context = context_of(service("web", ports=WEB.ports, extensions={"x-intermodal": {"expose": kind}}))
    found = specs(context)
    assert set(found) == {"web"}
    assert ("clusterIP" in found["web"]) == (kind == "headless")
    assert told(context, "published")[0] == "port-kept-inside"


def test_no_service_by_wish() -> None:
    context = context_of(service("web", ports=WEB.ports, extensions={"x-intermodal": {"expose": "none"}}))
    assert specs(context) == {}
    assert context.notes.notes["services", "web", "ports"].code == "no-service-made"  # type: ignore[union-attr]


def test_kept_inside_by_option() -> None:
    context = context_of(WEB, options={"expose": "cluster"})
    assert set(specs(context)) == {"web"}
    assert told(context, "published") == ("port-kept-inside", "NONE")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "[::1]", "127.1.2.3"])
def test_ports_of_the_machine_itself_stay_inside(address: str) -> None:
    local = (Port(target=80, published="8080", host_ip=address),)
    context = context_of(service("web", ports=local))
    assert set(specs(context)) == {"web"}
    assert told(context, "published") == ("loopback-port-kept-inside", "BEHAVIOUR")
    asked = context_of(service("web", ports=local, extensions={"x-intermodal": {"expose": "nodeport"}}))
    assert specs(asked)["web-published"]["type"] == "NodePort"


@pytest.mark.parametrize(("address", "outcome"), [("0.0.0.0", ("the default", "")), ("::", ("the default", ""))])  # noqa: S104
def test_all_addresses_are_the_default(address: str, outcome: tuple[str, str]) -> None:
    context = context_of(service("web", ports=(Port(target=80, published="8080", host_ip=address),)))
    assert "web-published" in specs(context)
    assert told(context, "host_ip") == outcome


def test_one_address_of_the_machine_is_lost_with_a_warning_about_security() -> None:
    context = context_of(service("web", ports=(Port(target=80, published="8080", host_ip="192.0.2.7"),)))
    specs(context)
    assert told(context, "host_ip") == ("host-address-lost", "SECURITY")


def test_node_ports() -> None:
    ports = (Port(target=80, published="30080"), Port(target=81, published="8081"))
    context = context_of(service("web", ports=ports), options={"expose": "nodeport"})
    assert specs(context)["web-published"]["ports"] == [
        {"name": "port-30080", "port": 30080, "targetPort": 80, "nodePort": 30080},
        {"name": "port-8081", "port": 8081, "targetPort": 81},
    ]
    assert told(context, "published", 1) == ("node-port-chosen-by-cluster", "BEHAVIOUR")
    asked = context_of(service("web", ports=WEB.ports, labels={"kompose.service.nodeport.port": "31000"}))
    assert specs(asked)["web-published"]["ports"][0]["nodePort"] == 31000


def test_ports_bound_on_the_node_need_no_service_for_outside() -> None:
    context = context_of(service("web", ports=(Port(target=80, published="80", mode="host"),)))
    assert set(specs(context)) == {"web"}
    assert told(context, "published") == ("hostPort", "")
    context = context_of(service("web", ports=(Port(target=80, mode="host"),)))
    specs(context)
    assert told(context, "mode")[0] == "host-port-not-said"


def test_any_port_of_a_range_will_do() -> None:
    context = context_of(service("web", ports=(Port(target=80, published="8000-8010"),)))
    assert specs(context)["web-published"]["ports"][0]["port"] == 8000
    assert told(context, "published") == ("published-range", "NONE")


def test_an_unpublished_port_answers_outside_under_its_own_number() -> None:
    assert specs(context_of(service("web", ports=(Port(target=80),))))["web-published"]["ports"][0]["port"] == 80


def test_names_and_protocols_of_ports() -> None:
    ports = (
        Port(target=80, published="80", name="Public web site API", app_protocol="kubernetes.io/h2c"),
        Port(target=53, published="53", protocol="udp", name="dns", app_protocol="two words"),
    )
    context = context_of(service("web", ports=ports))
    assert specs(context)["web"]["ports"] == [
        {"name": "public-web-site", "port": 80, "appProtocol": "kubernetes.io/h2c"},
        {"name": "dns", "port": 53, "protocol": "UDP"},
    ]
    assert told(context, "name") == ("port-name-changed", "NONE")
    assert told(context, "app_protocol", 1) == ("app-protocol-invalid", "NONE")


def test_old_clusters_have_a_load_balancer_per_protocol() -> None:
    ports = (Port(target=53, published="53"), Port(target=53, published="53", protocol="udp"))
    old = specs(context_of(service("web", ports=ports), version="1.23"))
    assert {"web-published", "web-published-udp"} < set(old)
    assert old["web-published-udp"]["ports"] == [{"name": "port-53-udp", "port": 53, "protocol": "UDP"}]
    assert "web-published-udp" not in specs(context_of(service("web", ports=ports), version="1.24"))
    by_node = context_of(service("web", ports=ports), version="1.23", options={"expose": "nodeport"})
    assert "web-published-udp" not in specs(by_node)


def test_the_same_number_twice_is_shown_once() -> None:
    ports = (Port(target=80, published="80"), Port(target=81, published="80", host_ip="192.0.2.1"))
    context = context_of(service("web", ports=ports))
    assert len(specs(context)["web-published"]["ports"]) == 1
    assert told(context, "published", 1) == ("port-repeated", "NONE")


def test_a_range_too_long_for_node_ports_takes_none() -> None:
    ports = tuple(Port(target=number, published=str(number), protocol="udp") for number in range(10000, 10300))
    context = context_of(service("web", ports=ports))
    assert specs(context)["web-published"]["allocateLoadBalancerNodePorts"] is False
    assert specs(context)["web"]["clusterIP"] == "None"
    assert "ports" not in specs(context)["web"]


def test_ports_in_the_hosts_network_are_dockers_to_discard() -> None:
    context = context_of(service("web", ports=WEB.ports, network_mode="host"))
    assert "web-published" not in specs(context)
    assert context.notes.notes["services", "web", "ports"].code == "ports-of-host-network"  # type: ignore[union-attr]


def test_aliases_lead_to_the_same_pods() -> None:
    found = specs(context_of(WEB, service("db", links=("web:front",), container_name="the-db")))
    assert found["front"] == found["web"]
    assert found["the-db"] == found["db"] == {"clusterIP": "None", "selector": found["db"]["selector"]}


def test_an_alias_of_two_services_is_one_service() -> None:
    shared = {"default": Attachment(aliases=("node",))}
    one, two = (service(name, image="own", networks=shared, expose=("80",)) for name in ("one", "two"))
    assert specs(context_of(one, two))["node"] == {
        "selector": {"alias.intermodal.io/node": "member"},
        "ports": [{"name": "port-80", "port": 80}],
    }
    assert specs(context_of(one, service("two", networks=shared, image="own")))["node"]["clusterIP"] == "None"


def test_wishes_for_a_service() -> None:
    asked = {"kind": "loadbalancer", "traffic_policy": "local", "session_affinity": "clientip"}
    asked_service = service("web", ports=WEB.ports, extensions={"x-intermodal": {"expose": asked}})
    found = specs(context_of(asked_service))
    assert found["web-published"]["externalTrafficPolicy"] == "Local"
    assert found["web-published"]["sessionAffinity"] == found["web"]["sessionAffinity"] == "ClientIP"


def test_a_wish_shows_ports_that_nothing_publishes() -> None:
    asked = service("web", image="own", expose=("80",), extensions={"x-intermodal": {"expose": "loadbalancer"}})
    assert specs(context_of(asked))["web-published"]["ports"] == [{"name": "port-80", "port": 80}]


def test_addresses_of_containers_that_are_not_ready() -> None:
    check = Healthcheck(test=("CMD", "true"))
    one = service("one", command=("http://two:1",), healthcheck=check)
    two = service("two", command=("http://one:1",), healthcheck=check)
    assert specs(context_of(one, two))["one"]["publishNotReadyAddresses"] is True


def test_both_families() -> None:
    web = service("web", ports=WEB.ports, networks={"n": Attachment()})
    found = specs(context_of(web, networks={"n": Network(enable_ipv6=True)}))
    assert {spec["ipFamilyPolicy"] for spec in found.values()} == {"PreferDualStack"}


def test_a_protocol_no_service_has() -> None:
    context = context_of(service("web", ports=(Port(target=80, published="80", protocol="tcpx"), *WEB.ports)))
    assert [port["port"] for port in specs(context)["web-published"]["ports"]] == [8080]
    assert context.notes.notes["services", "web", "ports", 0].code == "port-protocol-unknown"  # type: ignore[union-attr]


def test_protocols_in_capitals() -> None:
    context = context_of(service("web", ports=(Port(target=80, published="80", protocol="UDP"),)))
    assert specs(context)["web"]["ports"] == [{"name": "port-80-udp", "port": 80, "protocol": "UDP"}]
