"""Which service has a port of the nodes that another service's instances wait for; Swarm itself does not say. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.swarm.planning.seen import name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.platforms.swarm.planning.seen import Raw

_WAITS = "host-mode port already in use"


def waiting(tasks: Iterable[Raw]) -> frozenset[str]:
    """The ids of services that have instances which wait for a port."""
    return frozenset(str(task["ServiceID"]) for task in tasks if _WAITS in (task.get("Status") or {}).get("Err", ""))


def named(tasks: Iterable[Raw], services: Iterable[Raw]) -> tuple[Raw, ...]:
    """The tasks with who has the port in the message; `services` are those of every stack."""
    all_of_them = tuple(services)
    mine = {raw["ID"]: raw for raw in all_of_them}
    said: dict[str, str] = {}
    for one in waiting(tasks := tuple(tasks)):
        said[one] = "; ".join(_held(mine[one], all_of_them)) if one in mine else ""
    return tuple(_with(task, said.get(str(task.get("ServiceID")), "")) for task in tasks)


def _with(task: Raw, said: str) -> Raw:
    status = task.get("Status") or {}
    if not said or _WAITS not in status.get("Err", ""):
        return task
    return {**task, "Status": {**status, "Err": f"{status['Err']}; {said}"}}


def _held(wanting: Raw, services: Iterable[Raw]) -> Iterator[str]:
    for port in _ports(wanting):
        holders = sorted(name(raw) for raw in services if raw["ID"] != wanting["ID"] and port in _ports(raw))
        if holders:
            yield f"service {' or '.join(holders)} has port {port[0]}/{port[1]}"


def _ports(raw: Raw) -> list[tuple[int, str]]:
    """The ports of nodes that a service's instances take."""
    ports = ((raw.get("Spec") or {}).get("EndpointSpec") or {}).get("Ports") or ()
    return [
        (port.get("PublishedPort", 0), port.get("Protocol", "tcp"))
        for port in ports
        if port.get("PublishMode") == "host" and port.get("PublishedPort")
    ]
