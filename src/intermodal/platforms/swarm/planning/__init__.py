"""What is wanted and what is there -> the changes in between. Pure: `operating/` looks and carries out.

Belongs here: what becomes of the whole application on `up`. Its parts: one service (`services.py`), networks, configs
and secrets (`objects.py`), images (`pins.py`); `down` is in `removing.py`, scaling and the like in `acts.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.changes import Action, Change, Kind, NotDone, Plan
from intermodal.model.labels import REVISION
from intermodal.platforms.swarm.planning.choosing import chosen, orphans, strangers
from intermodal.platforms.swarm.planning.objects import (
    file_change,
    leftovers,
    missing_externals,
    named_files_that_differ,
    network_change,
)
from intermodal.platforms.swarm.planning.pins import Pin, image_changes, to_find
from intermodal.platforms.swarm.planning.removing import service_removal
from intermodal.platforms.swarm.planning.seen import by_name, lasting, name, network_names, short
from intermodal.platforms.swarm.planning.services import Scene, service_change
from intermodal.platforms.swarm.refusals import caution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.platform import Wishes
    from intermodal.platforms.swarm.planning.seen import Raw, Seen
    from intermodal.platforms.swarm.requests import Wanted, WantedService

__all__ = ["Pin", "images_to_find", "planned"]


def images_to_find(wanted: Wanted, seen: Seen, wishes: Wishes) -> tuple[str, ...]:
    """The images a plan cannot be made without. Raises `NotDone` for wishes that make no sense."""
    return to_find(chosen(wanted, wishes), by_name(seen.services), wishes.pull)


def planned(wanted: Wanted, seen: Seen, wishes: Wishes, pins: Mapping[str, Pin]) -> Plan:
    """Everything `up` will do. Raises `NotDone` with everything that stands in its way."""
    services = chosen(wanted, wishes)
    problems = [
        *strangers(wanted, seen, wishes),
        *missing_externals(wanted, seen),
        *named_files_that_differ(wanted, seen, REVISION),
    ]
    objects = _objects(wanted, services, seen, problems)
    if problems:
        raise NotDone(problems)
    scene = Scene(wishes=wishes, pins=pins, networks=network_names(seen.networks), keys=_keys(objects, services, pins))
    there = by_name(lasting(seen.services))
    changes = [service_change(one, there.get(one.full_name), scene) for one in services]
    left_over = orphans(wanted, there)
    removed = [service_removal(raw, wanted.application) for raw in left_over] if wishes.orphans else []
    after = _afterwards(services, changes, seen, removed)
    return Plan(
        application=wanted.application,
        platform="swarm",
        changes=(
            *image_changes(pins),
            *objects,
            *changes,
            *(replace(one, reasons=("the file no longer has it",)) for one in removed),
            *leftovers(wanted.application, seen, after, _kept(wanted)),
        ),
        waits=tuple(one.name for one in services),
        warnings=tuple(_warnings(wanted, seen, pins, [] if wishes.orphans else left_over)),
    )


def _objects(
    wanted: Wanted, services: tuple[WantedService, ...], seen: Seen, problems: list[Diagnostic]
) -> list[Change]:
    """The changes of what the chosen services need."""
    used = {named for one in services for named in (*one.networks, *one.configs, *one.secrets)}
    return [
        *(network_change(one, seen, problems) for one in wanted.networks if one.name in used and not one.external),
        *(
            file_change(section, one, seen)
            for section in ("configs", "secrets")
            for one in getattr(wanted, section)
            if one.name in used and not one.external
        ),
    ]


def _keys(objects: list[Change], services: tuple[WantedService, ...], pins: Mapping[str, Pin]) -> frozenset[str]:
    return frozenset(
        (
            *(change.key for change in objects),
            *(f"{Kind.SERVICE.value}/{one.name}" for one in services),
            *(f"{Kind.IMAGE.value}/{reference}" for reference in pins),
        )
    )


def _afterwards(
    services: tuple[WantedService, ...], changes: list[Change], seen: Seen, removed: list[Change]
) -> dict[str, Raw]:
    """What every service of the stack will be: its new spec, or the very one it has."""
    gone = {change.instruction.full_name for change in removed}
    after: dict[str, Raw] = {name(raw): raw["Spec"] for raw in seen.services if name(raw) not in gone}
    after.update(
        (one.full_name, one.spec)
        for one, change in zip(services, changes, strict=True)
        if change.action is not Action.KEEP
    )
    return after


def _kept(wanted: Wanted) -> frozenset[str]:
    """What the file has stays, though services that need it were not asked for."""
    return frozenset(one.name for section in (wanted.networks, wanted.configs, wanted.secrets) for one in section)


def _warnings(wanted: Wanted, seen: Seen, pins: Mapping[str, Pin], left_over: list[Raw]) -> list[Diagnostic]:
    local = sorted(reference for reference, pin in pins.items() if pin.local)
    found = []
    if local and len(seen.nodes) > 1:
        found.append(
            caution(
                "image-not-in-registry",
                f"no registry has {', '.join(local)}: instances start only on nodes that have the image themselves",
                "push it to a registry that all nodes reach, or load it on every node",
            )
        )
    if left_over:
        names = ", ".join(short(name(raw), wanted.application) for raw in left_over)
        found.append(
            caution(
                "orphaned",
                f"{wanted.application} also has services that the file does not: {names}",
                "`up --remove-orphans` removes them",
            )
        )
    return found
