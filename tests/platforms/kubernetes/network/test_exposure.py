from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.application import Dependency, Provider
from intermodal.model.health import Healthcheck
from intermodal.model.networks import Attachment, Network, Port
from intermodal.model.placement import Deploy
from intermodal.platforms.kubernetes.network.exposure import container_ports, exposures
from intermodal.platforms.kubernetes.network.ports import expose_ports
from tests.applications import application, kubernetes_context, service, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.kubernetes.network.exposure import Exposure


def shown(*services: Any, options: dict[str, str] | None = None, **rest: Any) -> Mapping[str, Exposure]:
    return exposures(kubernetes_context(application(*services, **rest), settings(options=options or {})))


def code(context: Any, *path: str | int) -> str:
    """The code, or the `how`, of what was noted."""
    outcome = context.notes.notes[path]
    return str(getattr(outcome, "code", "") or outcome.how)


def test_services_listen_on_container_ports() -> None:
    found = shown(service("web", ports=(Port(target=80, published="8080"),)))
    assert [(port.number, port.target) for port in found["web"].ports] == [(80, 80)]


def test_every_service_beside_another_has_a_service() -> None:
    found = shown(service("web", image="own"), service("worker", image="own"))
    assert set(found) == {"web", "worker"}
    assert all(exposure.headless and not exposure.ports for exposure in found.values())


@pytest.mark.parametrize(
    "alone",
    [
        {},
        {"network_mode": "none", "ports": (Port(target=80),)},
        {"provider": Provider(type="x")},
        {"network_mode": "host"},
        {"networks": {"own": Attachment()}},
        {"extensions": {"x-intermodal": {"expose": "none"}}, "expose": ("80",)},
    ],
)
def test_a_service_nothing_can_reach_has_none(alone: dict[str, Any]) -> None:
    assert "web" not in shown(service("web", **alone))


@pytest.mark.parametrize(
    "fields",
    [
        {"depends_on": {"db": Dependency()}},
        {"links": ("db",)},
        {"environment": {"DB_HOST": "db"}},
        {"command": ("--db=db",)},
    ],
)
def test_a_service_somebody_names_has_one(fields: dict[str, Any]) -> None:
    apart = {"networks": {"own": Attachment()}}
    assert "db" in shown(service("web", network_mode="host", **fields), service("db", **apart))


def test_a_stateful_set_needs_a_service_in_any_case() -> None:
    context = kubernetes_context(application(service("web", image="own")))
    assert exposures(context, {"web"})["web"].headless
    assert exposures(context) == {}


def test_other_applications_reach_services_of_external_networks() -> None:
    attached = service("web", networks={"shared": Attachment()})
    assert "web" in shown(attached, networks={"shared": Network(external=True)})
    assert "web" not in shown(attached, networks={"shared": Network()})


def test_ports_come_from_everything_that_shows_them() -> None:
    found = shown(
        service("app", image="own", environment={"URL": "amqp://queue:5673"}),
        service(
            "queue",
            image="rabbitmq:3-management",
            ports=(Port(target=15692, published="15692", name="metrics"),),
            expose=("4369", "25672/udp"),
            healthcheck=Healthcheck(test=("CMD-SHELL", "curl http://localhost:15672/health")),
        ),
    )
    ports = [(port.number, port.protocol) for port in found["queue"].ports]
    expected = [(15692, "tcp"), (4369, "tcp"), (25672, "udp"), (5673, "tcp"), (15672, "tcp"), (5672, "tcp")]
    assert ports == expected
    assert found["queue"].ports[0].name == "metrics"
    assert not found["queue"].headless


def test_a_built_image_is_no_well_known_image() -> None:
    from intermodal.model.building import Build  # noqa: PLC0415 - one test builds

    assert shown(service("redis", image="redis", build=Build(context="/project")), service("b"))["redis"].headless
    assert not shown(service("redis", image="redis:7"), service("b"))["redis"].headless


def test_tcp_and_udp_on_one_number() -> None:
    ports = (Port(target=53, published="53"), Port(target=53, published="53", protocol="udp"))
    found = shown(service("dns", ports=ports))
    assert [(port.number, port.protocol, port.name) for port in found["dns"].ports] == [
        (53, "tcp", "port-53"),
        (53, "udp", "port-53-udp"),
    ]
    assert found["dns"].outside is not None
    assert len(found["dns"].outside.ports) == 2


def test_a_service_in_anothers_network_is_reached_through_it() -> None:
    found = shown(
        service("vpn", image="own", ports=(Port(target=8080, published="8080"),)),
        service("torrent", image="own", network_mode="service:vpn", expose=("9000",)),
    )
    assert found["torrent"].service == found["vpn"].service == "vpn"
    assert found["torrent"].owner == "vpn"
    assert [port.number for port in found["vpn"].ports] == [8080, 9000]
    assert [port.number for port in found["torrent"].ports] == [9000]


def test_a_circle_of_shared_networks_ends() -> None:
    assert shown(service("a", network_mode="service:b"), service("b", network_mode="service:a")) is not None


@pytest.mark.parametrize(("mode", "headless"), [("dnsrr", True), ("vip", False), ("", False)])
def test_endpoint_mode(mode: str, headless: bool) -> None:
    found = shown(service("web", expose=("80",), deploy=Deploy(endpoint_mode=mode)))
    assert found["web"].headless is headless


def test_an_address_of_its_own_needs_a_port() -> None:
    context = kubernetes_context(
        application(service("a", image="own", deploy=Deploy(endpoint_mode="vip")), service("b"))
    )
    assert exposures(context)["a"].headless
    assert code(context, "services", "a", "deploy", "endpoint_mode") == "no-port-known"


def test_too_many_ports_make_the_service_headless() -> None:
    found = shown(service("rtp", expose=("10000-20000/udp",)))
    assert found["rtp"].headless
    assert found["rtp"].ports == ()


def test_members_of_a_cluster_are_found_before_they_are_well() -> None:
    check = Healthcheck(test=("CMD", "etcdctl", "endpoint", "health"))
    one = service("etcd1", command=("--peers=http://etcd2:2380",), healthcheck=check)
    two = service("etcd2", command=("--peers=http://etcd1:2380",), healthcheck=check)
    assert shown(one, two)["etcd1"].early
    waits = service("web", depends_on={"etcd1": Dependency(condition="service_healthy")})
    assert not shown(one, two, waits)["etcd1"].early
    assert not shown(one, service("etcd2", healthcheck=check))["etcd1"].early


def test_two_address_families_where_the_network_has_them() -> None:
    web = service("web", expose=("80",), networks={"n": Attachment()})
    assert shown(web, networks={"n": Network(enable_ipv6=True)})["web"].dual_stack
    assert not shown(web, networks={"n": Network()})["web"].dual_stack


def test_names_that_cannot_be_are_told_once_at_a_value() -> None:
    context = kubernetes_context(application(service("my_db"), service("b")))
    assert exposures(context)["my_db"].service == "my-db"
    assert code(context, "services", "my_db", "image") == "service-renamed"


def test_verdicts_on_names() -> None:
    context = kubernetes_context(
        application(
            service("a", container_name="a", links=("b",)),
            service("b", container_name="the_b"),
            service("c", container_name="other", network_mode="host"),
            service("d", environment={"X_HOST": "the_d"}),
            service("e", container_name="the_d"),
        )
    )
    exposures(context)
    assert code(context, "services", "a", "container_name") == "the default"
    assert code(context, "services", "a", "links", 0) == "link-not-needed"
    assert code(context, "services", "b", "container_name") == "name-not-possible"
    assert context.notes.notes["services", "b", "container_name"].consequence.name == "NONE"  # type: ignore[union-attr]
    assert code(context, "services", "c", "container_name") == "name-unused"
    assert context.notes.notes["services", "e", "container_name"].consequence.name == "BEHAVIOUR"  # type: ignore[union-attr]


def test_a_name_that_means_another_service() -> None:
    taken = {"default": Attachment(aliases=("b",))}
    context = kubernetes_context(application(service("a", networks=taken), service("b")))
    exposures(context)
    assert code(context, "services", "a", "networks", "default", "aliases", 0) == "name-taken"


def test_expose_entries_that_change_nothing() -> None:
    context = kubernetes_context(
        application(service("a", ports=(Port(target=80),), expose=("80", "81", "81", "http", "0", "90-80")))
    )
    exposures(context)
    noted = {path[3]: code(context, *path) for path in context.notes.notes if path[2] == "expose"}
    assert noted == {
        0: "port-known-already",
        2: "port-known-already",
        3: "expose-unreadable",
        4: "expose-unreadable",
        5: "expose-unreadable",
    }


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("80", ((80, "tcp"),)),
        ("80/udp", ((80, "udp"),)),
        ("80-82/sctp", ((80, "sctp"), (81, "sctp"), (82, "sctp"))),
        ("", ()),
        ("80/http", ()),
        ("65536", ()),
    ],
)
def test_reading_expose(text: str, ports: tuple[tuple[int, str], ...]) -> None:
    assert expose_ports(text) == ports


def listed(**fields: Any) -> list[dict[str, Any]]:
    return list(container_ports("web", kubernetes_context(application(service("web", **fields)))))


def test_ports_of_a_container() -> None:
    ports = (
        Port(target=80, published="8080", name="HTTP api"),
        Port(target=80, published="8081"),
        Port(target=53, published="53", protocol="udp", mode="host", host_ip="192.0.2.1"),
        Port(target=54, mode="host"),
    )
    assert listed(ports=ports, expose=("80", "9000-9001")) == [
        {"name": "http-api", "containerPort": 80},
        {"containerPort": 53, "protocol": "UDP", "hostPort": 53, "hostIP": "192.0.2.1"},
        {"containerPort": 54},
        {"containerPort": 9000},
        {"containerPort": 9001},
    ]


def test_a_wish_binds_ports_on_the_node() -> None:
    ports = (Port(target=80, published="8080"),)
    assert listed(ports=ports, labels={"kompose.controller.port.expose": "true"})[0]["hostPort"] == 8080


def test_long_ranges_are_not_listed() -> None:
    ports = tuple(Port(target=number, published=str(number), protocol="udp") for number in range(10000, 10300))
    assert listed(ports=ports) == []
    assert listed(ports=(*ports, Port(target=1, published="1", mode="host"))) == [{"containerPort": 1, "hostPort": 1}]


def test_containers_without_a_network_of_their_own_list_none() -> None:
    assert listed(ports=(Port(target=80, published="80"),), network_mode="host") == []
