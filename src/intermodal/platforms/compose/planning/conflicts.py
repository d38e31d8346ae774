"""What keeps a service's containers from being made or started: names and ports that others have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.compose.planning.instructions import Exchange, Make, Start
from intermodal.platforms.compose.planning.wording import problem
from intermodal.platforms.compose.requests.containers import container_name
from intermodal.platforms.compose.seen import HostPort

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.networks import Port
    from intermodal.platforms.compose.planning.places import Outcome
    from intermodal.platforms.compose.planning.situation import Situation
    from intermodal.platforms.compose.requests.records import ServiceRequest
    from intermodal.platforms.compose.seen import SeenContainer

_ANYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - recognised, not bound


def conflicts(service: ServiceRequest, outcome: Outcome, situation: Situation) -> list[Diagnostic]:
    """Why these operations cannot succeed; none where they can, as far as lists tell."""
    beginning = [one for one in outcome.operations if isinstance(one, (Make, Exchange, Start))]
    if not beginning:
        return []
    numbers = [one.number for one in beginning if isinstance(one, (Make, Exchange))]
    strangers = [*situation.seen.others, *_orphans(situation)]
    count = len(outcome.kept) + len(numbers)
    return [*_names(service, numbers, situation), *_ports(service, strangers), *_alone(service, count)]


def _names(service: ServiceRequest, numbers: Iterable[int], situation: Situation) -> Iterator[Diagnostic]:
    holders = {one.name: one for one in (*situation.seen.others, *situation.seen.containers)}
    for number in numbers:
        holder = holders.get(container_name(service, number))
        if holder and (holder.project, holder.service) != (service.project, service.name):
            yield problem(
                "container-name-taken",
                f"service {service.name} needs the container name {holder.name}, which {_whose(holder)} has",
                f"remove that container (`docker rm {holder.name}`), or choose another project name with -p",
            )


def _ports(service: ServiceRequest, strangers: Iterable[SeenContainer]) -> Iterator[Diagnostic]:
    taken = [(port, one) for one in strangers for port in one.ports]
    for wanted in fixed(service.service.ports):
        for port, holder in taken:
            if port.meets(wanted):
                yield port_taken(service.name, wanted, f"{_whose(holder)}, container {holder.name},")
                break


def _alone(service: ServiceRequest, count: int) -> Iterator[Diagnostic]:
    """More instances than can be told apart by the one port or name they have."""
    if count < 2:
        return
    if service.container_name:
        yield problem(
            "one-instance-only",
            f"service {service.name} cannot have {count} instances: all would be called {service.container_name}",
            "leave out `container_name`, or scale it to 1",
        )
    ports = [port.port for port in fixed(service.service.ports)]
    if ports:
        yield problem(
            "one-instance-only",
            f"service {service.name} cannot have {count} instances: all would need port {ports[0]} of the host",
            "publish a range of ports, or none and let another service pass requests on; or scale it to 1",
        )


def port_taken(service: str, wanted: HostPort, holder: str) -> Diagnostic:
    """That a port of the host is not free; `holder` is who has it, "" where that cannot be told."""
    where = f"{wanted.address}:{wanted.port}" if wanted.address else f"{wanted.port}"
    look = "" if holder else f" (`ss -lpn sport = :{wanted.port}` shows it)"
    return problem(
        "port-taken",
        f"service {service} needs port {where}/{wanted.protocol} of the host, which {holder or 'something else'} has",
        f"stop what has it{look}, or publish another port",
    )


def fixed(ports: Iterable[Port]) -> Iterator[HostPort]:
    """The ports of the host that only one container can have, those out of a range left out."""
    for port in ports:
        if port.published.isdecimal() and int(port.published):
            address = "" if port.host_ip in _ANYWHERE else port.host_ip
            yield HostPort(port=int(port.published), protocol=port.protocol, address=address)


def _orphans(situation: Situation) -> list[SeenContainer]:
    """Containers of services that the file no longer has, and that stay."""
    gone = [one for one in situation.seen.containers if one.oneoff or one.service not in situation.wanted.services]
    return [one for one in gone if one.oneoff or not situation.wishes.orphans]


def _whose(holder: SeenContainer) -> str:
    if holder.project:
        return f"service {holder.service} of project {holder.project!r}"
    return "a container of no project"
