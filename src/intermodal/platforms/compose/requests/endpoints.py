"""How a container stands in networks: which it is made in, which it joins then, and under what names.

An engine before API 1.44 takes one network when a container is made; the rest are joined by requests of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import Object, filled
from intermodal.kit.records import record
from intermodal.model.networks import Attachment
from intermodal.platforms.compose.requests.records import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.model.application import Service
    from intermodal.platforms.compose.requests.records import Around, Neighbour, ServiceRequest

SEVERAL_ENDPOINTS = (1, 44)
"""The first version that takes several networks, each with its own MAC address, when a container is made."""
INTERFACE = "com.docker.network.endpoint.ifname"
_SERVICE = "service:"
_CONTAINER = "container:"


@record
class Standing:
    """A container's place in networks, as parts of its body, and the networks it joins when it is made."""

    mode: str
    config: Object
    host: Object
    endpoints: Mapping[str, Object]
    connections: tuple[Connection, ...] = ()


def standing(request: ServiceRequest, name: str, number: int, around: Around, *, aliases: bool = True) -> Standing:
    """Where a container of that name stands; without `aliases` other services do not reach it by the service's name."""
    service = request.service
    linked = _links(request, number, around)
    if not request.networks:
        mode = namespace(service.network_mode, around)
        return Standing(mode=mode, config=_alone(service), host=filled(Links=linked), endpoints={})
    names = (name, *((service.name,) if aliases else ()))
    own, late = _mac_addresses(request, around)
    joined = {
        request.application.networks[key].name: _endpoint(service, key, names, linked, own, aliases=aliases)
        for key in request.networks
    }
    first, *rest = joined
    at_once = dict(joined) if around.version >= SEVERAL_ENDPOINTS else {first: joined[first]}
    connections = [Connection(network=one, body={"EndpointConfig": joined[one]}) for one in rest if one not in at_once]
    return Standing(
        mode=first, config=filled(MacAddress=late), host={}, endpoints=at_once, connections=tuple(connections)
    )


def in_order(networks: Mapping[str, Attachment]) -> tuple[str, ...]:
    """The keys of a service's networks as they are joined: by priority, then by name."""
    return tuple(sorted(networks, key=lambda key: (-((networks[key] or Attachment()).priority or 0), key)))


def namespace(said: str, around: Around) -> str:
    """A namespace as the engine knows it: that of another service is its first container's."""
    if not said.startswith(_SERVICE):
        return said
    found = around.containers.get(said.removeprefix(_SERVICE), ())
    return f"{_CONTAINER}{found[0].id}" if found else said


def _alone(service: Service) -> Object:
    return filled(MacAddress=service.mac_address, NetworkDisabled=service.network_mode == "disabled" or None)


def _mac_addresses(request: ServiceRequest, around: Around) -> tuple[str, str]:
    """The service's MAC address for the first network; older engines take one for the container itself."""
    service = request.service
    first = service.networks[request.networks[0]] or Attachment()
    said = first.mac_address or service.mac_address
    return (said, "") if around.version >= SEVERAL_ENDPOINTS else ("", said)


def _endpoint(
    service: Service, key: str, names: Iterable[str], links: list[str], first_mac: str, *, aliases: bool
) -> Object:
    said = service.networks[key] or Attachment()
    mac = said.mac_address or (first_mac if key == in_order(service.networks)[0] else "")
    ipam = filled(IPv4Address=said.ipv4_address, IPv6Address=said.ipv6_address, LinkLocalIPs=list(said.link_local_ips))
    return filled(
        Aliases=list(dict.fromkeys((*names, *(said.aliases if aliases else ())))),
        Links=links,
        IPAMConfig=ipam,
        MacAddress=mac,
        DriverOpts={**said.driver_opts, **({INTERFACE: said.interface_name} if said.interface_name else {})},
        GwPriority=said.gw_priority,
    )


def _links(request: ServiceRequest, number: int, around: Around) -> list[str]:
    """`CONTAINER:NAME` for every name that a linked container has here."""
    found: list[str] = []
    for link in request.service.links:
        other, _, own = link.partition(":")
        for neighbour in around.containers.get(other, ()):
            found += _names(request.project, other, own or other, number, neighbour)
    for link in request.service.external_links:
        container, _, own = link.partition(":")
        found.append(f"{container}:{own or container}")
    return found


def _names(project: str, other: str, own: str, number: int, neighbour: Neighbour) -> list[str]:
    """Docker compose numbers these names by the container that looks, not by the one that is looked at."""
    return [f"{neighbour.name}:{name}" for name in (own, f"{other}-{number}", f"{project}-{other}-{number}")]
