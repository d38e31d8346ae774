"""Which services answer to which DNS names, as Docker's resolver has it, and what of that a cluster's DNS can say.

Docker knows a container by its service's name, its container name, its host name and its aliases on each network
(moby, daemon/container_operations.go, buildEndpointDNSNames); links add names for the linking service alone. On
Kubernetes a name is a Service: one per namespace, an RFC 1035 label. What cannot be one is replaced where it is used.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.platforms.kubernetes.hosts import look_around

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.origin import Path
    from intermodal.platforms.kubernetes.names import Names

DEFAULT_NETWORK = "default"
"""The network of services that name none."""
NAMELESS_MODES = ("none", "host", "service:", "container:")
"""Network modes in which Docker gives a container no name of its own."""


@record
class Claim:
    """A service's claim to a name: where it is written (() for its own name), and on which networks it holds."""

    name: str
    service: str
    path: Path = ()
    scope: frozenset[str] = frozenset()


class Fate(Enum):
    """What becomes of a name that is asked for."""

    OWN = "the service answers to it anyway"
    ALIAS = "a Service of that name is made"
    TAKEN = "it means another service"
    IMPOSSIBLE = "no Service can have it"


class DnsNames:
    """The names of one application's services, decided once.

    `answers` says for every name in lower case which services answer. `aliases` are the Services to make besides the
    own ones, with whom they lead to. `sightings` says who uses which names. `replaced` are the names in use that no
    Service can have, with the Service to name instead. `fates` says of every written name what becomes of it,
    `claims` which names each service asks for.
    """

    def __init__(self, application: Application, names: Names) -> None:
        self.answers: dict[str, tuple[str, ...]] = {}
        self.aliases: dict[str, tuple[str, ...]] = {}
        self.replaced: dict[str, str] = {}
        self.fates: dict[Path, Fate] = {}
        self.claims: dict[str, list[Claim]] = {}
        self._names = names
        for name, claims in _by_name(application).items():
            self._settle(name, claims)
            for claim in claims:
                self.claims.setdefault(claim.service, []).append(claim)
        for name, service in _generated(application):
            if name not in self.answers:
                self.answers[name] = (service,)
                self.replaced[name] = names.service(service)
        self.sightings = look_around(application, self.answers)
        self.replaced = {name: self.replaced[name] for name in self.replaced if name in self.sightings.words}

    def aliases_of(self, service: str) -> tuple[str, ...]:
        """The further Services that lead to this service, alone or with others."""
        return tuple(alias for alias, services in self.aliases.items() if service in services)

    def _settle(self, name: str, claims: list[Claim]) -> None:
        """Decide who answers to a name: a service of that name, else the first to ask and those beside it."""
        first = claims[0]
        if not first.path:
            winners: tuple[str, ...] = (first.service,)
            good = Fate.OWN
            if self._names.service(first.service) != name:
                self.replaced[name] = self._names.service(first.service)
        else:
            winners = tuple(dict.fromkeys(claim.service for claim in claims if claim.scope & first.scope))
            good = self._alias(name, winners)
        self.answers[name] = winners
        for claim in claims:
            if claim.path:
                self.fates[claim.path] = good if claim.service in winners else Fate.TAKEN

    def _alias(self, name: str, winners: tuple[str, ...]) -> Fate:
        if any(self._names.service(winner) == name for winner in winners):
            return Fate.OWN
        alias = self._names.alias(name)
        if alias is None:
            self.replaced[name] = self._names.service(winners[0])
            return Fate.IMPOSSIBLE
        self.aliases[alias] = winners
        return Fate.ALIAS


def networks_of(service: Service) -> tuple[str, ...]:
    """The networks a service stands in; Docker's own bridge counts as one called "bridge"."""
    if service.networks:
        return tuple(service.networks)
    if service.network_mode.startswith(NAMELESS_MODES):
        return ()
    return (service.network_mode or DEFAULT_NETWORK,)


def _by_name(application: Application) -> Mapping[str, list[Claim]]:
    """Every claim, by name in lower case: services' own names first, then those they ask for, then links."""
    found: dict[str, list[Claim]] = {}
    services = [service for service in application.services.values() if service.provider is None]
    reached = [service for service in services if networks_of(service)]
    own = (Claim(name=one.name, service=one.name, scope=frozenset(networks_of(one))) for one in services)
    asked = (claim for service in reached for claim in _further(service))
    linked = (claim for service in reached for claim in _linked(service, application))
    for claim in (*own, *asked, *linked):
        found.setdefault(claim.name.lower(), []).append(claim)
    return found


def _further(service: Service) -> Iterator[Claim]:
    """The names a service asks for besides its own."""
    start: Path = ("services", service.name)
    everywhere = frozenset(networks_of(service))
    for field in ("container_name", "hostname"):
        name = getattr(service, field)
        if name:
            yield Claim(name=name, service=service.name, path=(*start, field), scope=everywhere)
    for network, attachment in service.networks.items():
        for index, alias in enumerate(attachment.aliases):
            path = (*start, "networks", network, "aliases", index)
            yield Claim(name=alias, service=service.name, path=path, scope=frozenset({network}))


def _linked(service: Service, application: Application) -> Iterator[Claim]:
    """The names by which a service's links call other services."""
    for index, link in enumerate(service.links):
        target, _, alias = link.partition(":")
        if alias and target in application.services:
            path = ("services", service.name, "links", index)
            yield Claim(name=alias, service=target, path=path, scope=frozenset(networks_of(service)))


def _generated(application: Application) -> Iterator[tuple[str, str]]:
    """Names Docker Compose makes up for first containers, and addresses that are given by hand."""
    for service in application.services.values():
        if not service.container_name:
            yield f"{application.name}-{service.name}-1".lower(), service.name
            yield f"{application.name}_{service.name}_1".lower(), service.name
        for attachment in service.networks.values():
            if attachment.ipv4_address:
                yield attachment.ipv4_address, service.name
