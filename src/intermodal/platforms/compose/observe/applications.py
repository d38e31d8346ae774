"""Applications as they run, from the engine's lists. One-off containers are not part of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.running import Running, ServiceState
from intermodal.platforms.compose import seen
from intermodal.platforms.compose.observe.instances import instance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intermodal.platforms.compose.seen import Row

PLATFORM = "compose"


def running(name: str, containers: Iterable[Row], networks: Iterable[Row] = (), volumes: Iterable[Row] = ()) -> Running:
    """The application of that name; rows of others may be among those given."""
    rows = [row for row in containers if _label(row, seen.PROJECT) == name and not _one_off(row)]
    services = sorted({_label(row, seen.SERVICE) for row in rows} - {""})
    return Running(
        application=name,
        platform=PLATFORM,
        services={one: _service(one, [row for row in rows if _label(row, seen.SERVICE) == one]) for one in services},
        networks=_names(name, networks),
        volumes=_names(name, volumes),
    )


def applications(
    containers: Iterable[Row], networks: Iterable[Row] = (), volumes: Iterable[Row] = ()
) -> tuple[Running, ...]:
    """Every application of which containers or networks are there."""
    containers, networks, volumes = list(containers), list(networks), list(volumes)
    of_project: dict[str, tuple[list[Row], list[Row], list[Row]]] = {}
    for place, rows in enumerate((containers, networks, volumes)):
        for row in rows:
            of_project.setdefault(_label(row, seen.PROJECT), ([], [], []))[place].append(row)
    return tuple(running(name, *parts) for name, parts in sorted(of_project.items()) if name and (parts[0] or parts[1]))


def _service(name: str, rows: Sequence[Row]) -> ServiceState:
    """Its containers by number, those that are up first. One with the number 0 only says that there should be none."""
    found = [(row, instance(row)) for row in rows]
    found.sort(key=lambda pair: (pair[1].number, not pair[1].phase.up, -(pair[1].created or 0)))
    newest = max(found, key=lambda pair: pair[1].created or 0)
    instances = tuple(one for _, one in found if one.number)
    return ServiceState(
        name=name,
        image=newest[1].image,
        wanted=len({one.number for one in instances}),
        revision=newest[1].revision,
        instances=instances,
        ports=tuple(dict.fromkeys(port for one in instances for port in one.ports)),
        labels=newest[0].get("Labels") or {},
    )


def _names(project: str, rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(sorted(row["Name"] for row in rows if _label(row, seen.PROJECT) == project))


def _label(row: Row, name: str) -> str:
    found: str = (row.get("Labels") or {}).get(name, "")
    return found


def _one_off(row: Row) -> bool:
    return _label(row, seen.ONEOFF).lower() == "true"
