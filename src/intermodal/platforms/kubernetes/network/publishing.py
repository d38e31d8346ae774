"""What of a service is reachable from outside, and how: decided here, with a verdict for every published port.

A published port answers on every address of the machine under its own number. The only kind of Service that keeps
that is a LoadBalancer, so it is the default; the option `expose` chooses another for all, wishes choose for one.
Ports bound to 127.0.0.1 were never reachable from elsewhere and stay inside unless the service's own wish says more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.names import slug
from intermodal.platforms.kubernetes.network import ports as reading
from intermodal.platforms.kubernetes.terms import DEFAULT
from intermodal.platforms.kubernetes.wishes.values import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Service
    from intermodal.model.networks import Port
    from intermodal.model.origin import Path
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.wishes.wishes import ExposureWish

INSIDE = frozenset({"none", "cluster", "headless"})
ROUTED = frozenset({"ingress", "gateway"})
DEFAULT_KIND = "loadbalancer"
NODE_PORTS = range(30000, 32768)
MOST_NODE_PORTS = 200
NOT_HTTP = frozenset(
    {*(21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1025, 1433, 1521, 1883, 2379, 3306, 4222, 5432, 5672)}
    | {*(6379, 8883, 9042, 9092, 11211, 27017, 28015, 61616)}
)
"""TCP ports that an HTTP route cannot carry, by custom."""


@record
class OutsidePort:
    """One port as seen from outside: the number asked for, the container's, and where the file says so."""

    number: int
    target: int
    protocol: str = "tcp"
    name: str = ""
    app_protocol: str = ""
    node_port: int | None = None
    path: Path = ()


@record
class Outside:
    """How a service is reached from outside: `kind` is nodeport, loadbalancer, ingress or gateway."""

    kind: str
    ports: tuple[OutsidePort, ...]


def outside(
    service: Service, wish: ExposureWish, context: Context, inner: tuple[tuple[int, str], ...]
) -> Outside | None:
    """What of a service is reachable from outside; None where nothing is. `inner` are its known container ports."""
    kind = wish.kind or default_kind(context)
    candidates = tuple(_unique(list(_candidates(service, wish, kind, context)), context))
    if wish.kind and wish.kind not in INSIDE and not service.ports:
        candidates = tuple(OutsidePort(number=number, target=number, protocol=protocol) for number, protocol in inner)
    if kind in INSIDE or not candidates:
        return None
    if kind in ROUTED:
        return _routed(kind, candidates, wish, context)
    if kind == "nodeport":
        candidates = tuple(_node_ports(candidates, wish, context))
    elif len(candidates) > MOST_NODE_PORTS:
        context.notes(("services", service.name, "ports"), _MANY)
    return Outside(kind=kind, ports=candidates)


def default_kind(context: Context) -> str:
    """How published ports are reached where a service's own wish says nothing (option `expose`)."""
    return KINDS.get(context.settings.options.get("expose", "").lower(), DEFAULT_KIND)


def _candidates(service: Service, wish: ExposureWish, kind: str, context: Context) -> Iterator[OutsidePort]:
    """The ports to show outside; every other is noted."""
    if service.network_mode == "host":
        context.notes(("services", service.name, "ports"), _HOST_NETWORK)
        return
    for index, port in enumerate(service.ports):
        path: Path = ("services", service.name, "ports", index)
        if not reading.protocol_of(port):
            context.notes(path, _NO_PROTOCOL)
            continue
        _note_constants(port, path, context)
        if reading.on_host(port, asked=wish.host_ports):
            context.notes((*path, "published"), Exact(how="hostPort"))
        elif kind in INSIDE:
            context.notes((*path, "published"), _KEPT_INSIDE)
        elif reading.is_loopback(port.host_ip) and not wish.kind:
            context.notes((*path, "published"), _loopback(service, port))
        else:
            _note_address(port, path, wish, context)
            _note_number(port, path, context)
            yield OutsidePort(
                number=reading.first_published(port) or port.target,
                target=port.target,
                protocol=reading.protocol_of(port),
                name=port.name,
                app_protocol=port.app_protocol,
                path=path,
            )


def _note_constants(port: Port, path: Path, context: Context) -> None:
    """Verdicts that hang on the value alone."""
    default = Exact(how=DEFAULT)
    if reading.protocol_of(port) == "tcp":
        context.notes((*path, "protocol"), default)
    if port.mode == "ingress":
        context.notes((*path, "mode"), default)
    elif not port.published:
        context.notes((*path, "mode"), _RANDOM_HOST_PORT)
    if port.host_ip and reading.is_everywhere(port.host_ip):
        context.notes((*path, "host_ip"), default)
    if port.name and port.name != slug(port.name)[:15]:
        context.notes((*path, "name"), _RENAMED)
    if port.app_protocol and not reading.is_app_protocol(port.app_protocol):
        context.notes((*path, "app_protocol"), _NO_APP_PROTOCOL)


def _note_address(port: Port, path: Path, wish: ExposureWish, context: Context) -> None:
    if not reading.is_everywhere(port.host_ip):
        consequence = Consequence.NONE if wish.kind or reading.is_loopback(port.host_ip) else Consequence.SECURITY
        outcome = Missing(
            code="host-address-lost",
            why="the port answers wherever the cluster shows it, not on this address of one machine alone",
            advice="keep it inside with `--set expose.<service>=cluster`, or limit it at the load balancer",
            consequence=consequence,
        )
        context.notes((*path, "host_ip"), outcome)


def _note_number(port: Port, path: Path, context: Context) -> None:
    number = reading.first_published(port)
    if reading.is_range(port):
        context.notes((*path, "published"), _FIRST_OF_RANGE)
    elif number == port.target:
        context.notes((*path, "published"), Exact(how=DEFAULT))


def _unique(candidates: list[OutsidePort], context: Context) -> Iterator[OutsidePort]:
    """The candidates without those whose number and protocol are shown already."""
    seen: set[tuple[int, str]] = set()
    for port in candidates:
        if (port.number, port.protocol) in seen:
            context.notes((*port.path, "published"), _REPEATED)
        else:
            seen.add((port.number, port.protocol))
            yield port


def _node_ports(ports: tuple[OutsidePort, ...], wish: ExposureWish, context: Context) -> Iterator[OutsidePort]:
    """The ports with the nodes' numbers: the one wished for, the published one where it is in the range for that."""
    for index, port in enumerate(ports):
        node_port = wish.node_port if index == 0 else None
        if node_port is None and port.number in NODE_PORTS:
            node_port = port.number
        if node_port is None and port.path:
            context.notes((*port.path, "published"), _OTHER_NUMBER)
        yield OutsidePort(
            number=port.number,
            target=port.target,
            protocol=port.protocol,
            name=port.name,
            app_protocol=port.app_protocol,
            node_port=node_port,
            path=port.path,
        )


def _routed(kind: str, ports: tuple[OutsidePort, ...], wish: ExposureWish, context: Context) -> Outside | None:
    """The one port that HTTP routes lead to; the others are noted."""
    chosen = next((port for port in ports if wish.port in {port.target, port.number}), None)
    if chosen is None and wish.port is not None:
        chosen = OutsidePort(number=wish.port, target=wish.port)
    if chosen is None:
        speaks = (port for port in ports if port.protocol == "tcp" and (wish.kind or port.target not in NOT_HTTP))
        chosen = next(speaks, None)
    for port in ports:
        if port.path:
            context.notes((*port.path, "published"), _THROUGH_ROUTE if port is chosen else _NOT_ROUTED)
    return None if chosen is None else Outside(kind=kind, ports=(chosen,))


def _loopback(service: Service, port: Port) -> Missing:
    number = reading.first_published(port) or port.target
    return Missing(
        code="loopback-port-kept-inside",
        why="a port bound to the machine itself has no place on a cluster; it answers inside the cluster only",
        advice=f"`kubectl port-forward service/<{service.name}> {number}:{port.target}`, or ask for an exposure",
        consequence=Consequence.BEHAVIOUR,
    )


_HOST_NETWORK = Missing(
    code="ports-of-host-network",
    why="a service in the host's network shows its ports there by itself; Docker discards this list as well",
    consequence=Consequence.NONE,
)
_KEPT_INSIDE = Missing(
    code="port-kept-inside", why="an option or a wish keeps it inside the cluster", consequence=Consequence.NONE
)
_RANDOM_HOST_PORT = Missing(
    code="host-port-not-said",
    why="without a published number there is no port of the node to bind",
    advice="name the published port",
)
_NO_PROTOCOL = Missing(
    code="port-protocol-unknown",
    why="ports of Services are TCP, UDP or SCTP",
    advice="write tcp, udp or sctp",
    consequence=Consequence.START,
)
_RENAMED = Approximate(
    code="port-name-changed", why="names of ports are at most 15 lower-case letters, digits and hyphens"
)
_NO_APP_PROTOCOL = Missing(
    code="app-protocol-invalid",
    why="appProtocol must be a name of IANA's or one like example.org/name",
    advice="correct the name",
    consequence=Consequence.NONE,
)
_FIRST_OF_RANGE = Approximate(
    code="published-range", why="any port of the range would do, so the first is taken", consequence=Consequence.NONE
)
_REPEATED = Missing(code="port-repeated", why="another entry shows the same port already", consequence=Consequence.NONE)
_OTHER_NUMBER = Approximate(
    code="node-port-chosen-by-cluster",
    why="ports of nodes are numbered 30000 to 32767; the cluster chooses one",
    advice="publish a number of that range, or set node_port in x-intermodal",
    consequence=Consequence.BEHAVIOUR,
)
_THROUGH_ROUTE = Missing(
    code="published-through-route",
    why="HTTP routes answer on the controller's ports 80 and 443",
    consequence=Consequence.NONE,
)
_NOT_ROUTED = Missing(
    code="port-not-routed",
    why="an HTTP route leads to one port of a service; this one stays inside the cluster",
    advice="choose it with `port` in x-intermodal, or expose the service as loadbalancer or nodeport",
)
_MANY = Approximate(
    code="many-published-ports",
    why="so many ports would use up the cluster's node ports, so none are allocated; "
    "not every load balancer can do without",
    advice="consider network_mode: host for media servers",
    consequence=Consequence.BEHAVIOUR,
)
