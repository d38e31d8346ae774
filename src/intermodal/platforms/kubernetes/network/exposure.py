"""Which services have a Service, under which names and with which ports: decided here, written by `services.py`.

Every service that stands in a network beside another gets one, because anything there may call it: code, an image's
own configuration, a mounted file. Services listen on container ports, as Compose's containers do. Known are the ports
that `ports` and `expose` list, that other services name it with, that its health check asks, and that its well-known
image listens on. Where none is known the Service is headless: its name leads to the containers, and any port answers.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.dns_names import networks_of
from intermodal.platforms.kubernetes.groups import host
from intermodal.platforms.kubernetes.names import port_name
from intermodal.platforms.kubernetes.network.exposed import Exposure, ServicePort
from intermodal.platforms.kubernetes.network.image_ports import image_ports
from intermodal.platforms.kubernetes.network.name_notes import note_names
from intermodal.platforms.kubernetes.network.ports import container_ports, expose_ports, is_app_protocol, protocol_of
from intermodal.platforms.kubernetes.network.publishing import default_kind, outside
from intermodal.platforms.kubernetes.terms import DEFAULT
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.wishes.wishes import ExposureWish

__all__ = ["Exposure", "ServicePort", "container_ports", "exposures"]

MOST_PORTS = 250
"""With more ports than this a Service is headless, where any port answers."""
_OWN_ADDRESS = re.compile(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d{1,5})(?!\d)")


def exposures(context: Context, stateful: Collection[str] = ()) -> Mapping[str, Exposure]:
    """How each service is reached; one that nothing can reach is left out, unless its StatefulSet needs a name."""
    view = _View(context)
    services = context.application.services
    owners = {name: _owner(service, context) for name, service in services.items() if service.provider is None}
    found: dict[str, Exposure] = {}
    for name, owner in owners.items():
        wish = service_wishes(name, context).exposure
        if not owner and (name in stateful or view.reachable(services[name], wish)):
            found[name] = _exposure(services[name], wish, view)
    for name, owner in owners.items():
        if owner in found:
            found[name] = _shared(services[name], owner, found[owner], view)
    note_names(context, found)
    return found


class _View:
    """What is known of all services together, gathered once."""

    def __init__(self, context: Context) -> None:
        services = context.application.services
        self.context = context
        self.sightings = context.dns.sightings
        self.crowd = Counter(network for service in services.values() for network in networks_of(service))
        self.guests: dict[str, list[Service]] = {}
        for service in services.values():
            owner = _owner(service, context)
            if owner:
                self.guests.setdefault(owner, []).append(service)
        self.awaited = {
            name
            for service in services.values()
            for name, dependency in service.depends_on.items()
            if dependency.condition == "service_healthy"
        }
        networks = context.application.networks
        self.dual_stack = {name for name, network in networks.items() if network.enable_ipv6}
        self.external = {name for name, network in networks.items() if network.external}

    def reachable(self, service: Service, wish: ExposureWish) -> bool:
        """Whether anything can want to reach a service."""
        if service.network_mode == "none" or wish.kind == "none":
            return False
        return bool(
            service.ports
            or service.expose
            or wish.kind
            or wish.dns_name
            or service.name in self.sightings.named_by
            or any(self.crowd[network] > 1 or network in self.external for network in networks_of(service))
            or any(guest.expose for guest in self.guests.get(service.name, ()))
        )

    def early(self, service: Service) -> bool:
        """Whether a service must be found before it is well: the members of a cluster need each other to become so."""
        checked = service.healthcheck is not None and service.healthcheck.test[:1] not in {(), ("NONE",)}
        if not checked or service.name in self.awaited:
            return False
        called_by = self.sightings.called_by
        return any(service.name in called_by.get(other, ()) for other in called_by.get(service.name, ()))


def _owner(service: Service, context: Context) -> str:
    """The service whose network this one uses; "" where it has its own."""
    owner, seen = service.name, {service.name}
    while found := host(context.application.services[owner], "network_mode", context.application):
        if found in seen:
            return ""
        owner = found
        seen.add(owner)
    return "" if owner == service.name else owner


def _exposure(service: Service, wish: ExposureWish, view: _View) -> Exposure:
    context = view.context
    ports = _ports(service, wish, view)
    shown = outside(service, wish, context, tuple((port.target, port.protocol) for port in ports))
    extra = context.names.alias(wish.dns_name) if wish.dns_name else None
    aliases = (*context.dns.aliases_of(service.name), *([extra] if extra else ()))
    return Exposure(
        service=context.names.service(service.name),
        ports=ports if len(ports) <= MOST_PORTS else (),
        headless=_headless(service, wish, ports, context),
        aliases=tuple(dict.fromkeys(aliases)),
        early=view.early(service),
        dual_stack=any(network in view.dual_stack for network in networks_of(service)),
        outside=shown,
        wish=wish,
    )


def _shared(guest: Service, owner: str, exposure: Exposure, view: _View) -> Exposure:
    """A service in another's network is reached through that one's Service."""
    wanted = {(port, protocol) for port, protocol, _ in _own_ports(guest, view)}
    ports = tuple(port for port in exposure.ports if (port.target, port.protocol) in wanted)
    wish = service_wishes(guest.name, view.context).exposure
    _note_expose(guest, view)
    return Exposure(
        service=exposure.service,
        ports=ports,
        headless=exposure.headless,
        owner=owner,
        outside=outside(guest, wish, view.context, tuple((port.target, port.protocol) for port in ports)),
        wish=wish,
    )


def _headless(service: Service, wish: ExposureWish, ports: tuple[ServicePort, ...], context: Context) -> bool:
    """Whether the Service has no address of its own; tells what became of `endpoint_mode`."""
    mode = service.deploy.endpoint_mode if service.deploy else ""
    path = ("services", service.name, "deploy", "endpoint_mode")
    unknown = not ports or len(ports) > MOST_PORTS
    kind = wish.kind or default_kind(context)
    if mode == "vip":
        context.notes(path, _NO_ADDRESS if unknown else Exact(how=DEFAULT))
    elif mode == "dnsrr" and unknown:
        context.notes(path, Exact(how=DEFAULT))
    return unknown or mode == "dnsrr" or kind == "headless"


def _ports(service: Service, wish: ExposureWish, view: _View) -> tuple[ServicePort, ...]:
    """The ports of the Service, each once, in the order in which they are known."""
    found: dict[tuple[int, str], ServicePort] = {}
    taken: set[str] = set()
    guests = view.guests.get(service.name, ())
    known = [*_own_ports(service, view), *(port for guest in guests for port in _own_ports(guest, view))]
    if wish.port is not None and not any(wish.port in _numbers(port.published) for port in service.ports):
        known.append((wish.port, "tcp", ""))
    for number, protocol, name in known:
        if (number, protocol) not in found:
            found[number, protocol] = ServicePort(
                number=number,
                target=number,
                protocol=protocol,
                name=port_name(name, number, protocol, taken),
                app_protocol=_app_protocol(service, number, protocol),
            )
    _note_expose(service, view)
    return tuple(found.values())


def _own_ports(service: Service, view: _View) -> Iterator[tuple[int, str, str]]:
    """The known ports of one service: number, protocol, name; those the file lists come first."""
    yield from ((port.target, protocol_of(port), port.name) for port in service.ports if protocol_of(port))
    yield from ((number, protocol, "") for text in service.expose for number, protocol in expose_ports(text))
    yield from ((number, "tcp", "") for number in _guessed(service, view))


def _guessed(service: Service, view: _View) -> Iterator[int]:
    """TCP ports that the file does not list but shows, or that the image is known for."""
    yield from view.sightings.ports.get(service.name, ())
    if service.healthcheck:
        found = (int(number) for text in service.healthcheck.test for number in _OWN_ADDRESS.findall(text))
        yield from (number for number in found if 0 < number <= 65535)
    if service.build is None:
        yield from image_ports(service.image)


def _note_expose(service: Service, view: _View) -> None:
    """Say which `expose` entries change nothing and which cannot be read."""
    if not service.expose:
        return
    seen = {(port.target, protocol_of(port)) for port in service.ports}
    seen.update((number, "tcp") for number in _guessed(service, view))
    for index, text in enumerate(service.expose):
        ports = set(expose_ports(text))
        if not ports or ports <= seen:
            view.context.notes(("services", service.name, "expose", index), _KNOWN if ports else _UNREADABLE)
        seen |= ports


def _app_protocol(service: Service, number: int, protocol: str) -> str:
    named = (port.app_protocol for port in service.ports if (port.target, protocol_of(port)) == (number, protocol))
    return next((name for name in named if name and is_app_protocol(name)), "")


def _numbers(published: str) -> tuple[int, ...]:
    return tuple(number for number, _ in expose_ports(published))


_KNOWN = Missing(code="port-known-already", why="the Service has this port without it", consequence=Consequence.NONE)
_UNREADABLE = Missing(code="expose-unreadable", why="this names no port", advice="write a number such as 8080")
_NO_ADDRESS = Approximate(
    code="no-port-known",
    why="an address of its own needs a known port, so the name leads to the containers themselves",
    advice="list the port under `expose`",
    consequence=Consequence.BEHAVIOUR,
)
