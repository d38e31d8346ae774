"""Plans for an application that runs, without its file: scaling, restarting, going back, removing. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Action, Change, Kind, NotDone, Plan, Requirement
from intermodal.platforms.compose.planning.counting import live, noted_replicas
from intermodal.platforms.compose.planning.instructions import (
    Exchange,
    Instances,
    Make,
    Remember,
    RemoveNetwork,
    RemoveVolume,
    Restart,
)
from intermodal.platforms.compose.planning.orphans import needed, removals
from intermodal.platforms.compose.planning.places import Aim, arrange, by_service, named, removal
from intermodal.platforms.compose.planning.wording import negative, nothing_there, problem, unknown_service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.platforms.compose.planning.instructions import Named, Operation
    from intermodal.platforms.compose.seen import Seen, SeenContainer

PLATFORM = "compose"
_NEVER_RAN = ("created", "dead", "removing")


def scaled(seen: Seen, replicas: Mapping[str, int]) -> Plan:
    """Give services that many instances; new ones are copies of the youngest there is. Raises `NotDone`."""
    found = by_service(seen.instances)
    _check(seen.project, replicas, found, [negative(name, number) for name, number in replicas.items() if number < 0])
    changes = [_scaled(seen.project, name, found[name], number) for name, number in replicas.items()]
    _stop_if([said for name, number in replicas.items() for said in _one_name(name, found[name], number)])
    return Plan(application=seen.project, platform=PLATFORM, changes=tuple(changes), waits=tuple(replicas))


def restarted(seen: Seen, services: tuple[str, ...]) -> Plan:
    """Stop and start every instance of the services (none: all), each service after those it depends on."""
    found = by_service(one for one in seen.instances if one.state not in _NEVER_RAN and not one.aside)
    _check(seen.project, services, found)
    chosen = {name: ones for name, ones in found.items() if not services or name in services}
    changes = tuple(
        _in_order(name, chosen, Action.UPDATE, seen.project, tuple(Restart(container=named(one)) for one in ones))
        for name, ones in chosen.items()
    )
    return Plan(application=seen.project, platform=PLATFORM, changes=changes, waits=tuple(chosen))


def gone_back(
    seen: Seen, services: tuple[str, ...], former: Mapping[str, str], undone: frozenset[str] = frozenset()
) -> Plan:
    """Replace containers by what they replaced. Raises `NotDone` where nothing is known to go back to.

    `former` has the revision that a container replaced, by the id of each that remembers one. What has the revision
    that is gone back to already stays; services in `undone` went back by themselves and stay altogether.
    """
    found = by_service(one for one in seen.instances if one.number and one.state not in _NEVER_RAN)
    _check(seen.project, services, found)
    chosen = {name: ones for name, ones in found.items() if not services or name in services}
    able = [name for name, ones in chosen.items() if name in undone or any(one.id in former for one in ones)]
    lost = [name for name in services if name not in able]
    if lost or not able:
        raise NotDone([_nothing_to_go_back_to(name) for name in lost or [seen.project]])
    changes = [_gone_back(seen.project, name, chosen, former, stays=name in undone) for name in able]
    return Plan(application=seen.project, platform=PLATFORM, changes=tuple(changes), waits=tuple(able))


def removed(seen: Seen, *, volumes: bool = False, services: tuple[str, ...] = ()) -> Plan:
    """Remove services (none: all, with the project's networks), dependents first; `volumes` also deletes data."""
    found = by_service(_labelled(one) for one in seen.containers)
    if services and found:
        _check(seen.project, services, found)
        found = {name: found[name] for name in dict.fromkeys(services)}
    changes = list(removals(seen.project, found, data=volumes))
    if not services:
        after = tuple(Requirement(key=change.key) for change in changes)
        networks = [one for one in seen.networks if one.project == seen.project]
        changes += [
            _removal(Kind.NETWORK, one.name, RemoveNetwork(id=one.id, name=one.name), after) for one in networks
        ]
        owned = [one.name for one in seen.volumes if volumes and one.project == seen.project]
        changes += [_removal(Kind.VOLUME, name, RemoveVolume(name=name), after) for name in owned]
    return Plan(application=seen.project, platform=PLATFORM, changes=tuple(changes))


def _removal(kind: Kind, name: str, instruction: object, after: tuple[Requirement, ...]) -> Change:
    reasons = ("its data are deleted",) if kind is Kind.VOLUME else ()
    return Change(action=Action.REMOVE, kind=kind, name=name, reasons=reasons, after=after, instruction=instruction)


def _labelled(one: SeenContainer) -> SeenContainer:
    from intermodal.kit.records import replace  # noqa: PLC0415 - only for what nobody labelled

    return one if one.service else replace(one, service=one.name)


def _scaled(project: str, service: str, there: tuple[SeenContainer, ...], replicas: int) -> Change:
    models = sorted((one for one in there if one.state != "removing"), key=lambda one: (bool(one.number), one.created))
    like = named(models[-1])
    noted = noted_replicas(there) or str(live(there))
    aim = Aim(
        replicas=replicas,
        noted=noted,
        name=lambda number: _name(project, service, number, there),
        stale=lambda _: (),
        rests=True,
    )
    outcome = arrange(there, aim)
    operations = tuple(_like(one, like, noted) for one in outcome.operations)
    # What is copied must be there until the copies are made.
    ordered = sorted(operations, key=lambda one: not isinstance(one, (Make, Remember)))
    return Change(
        action=Action.UPDATE if operations else Action.KEEP,
        kind=Kind.SERVICE,
        name=service,
        reasons=outcome.reasons,
        instruction=Instances(project=project, service=service, operations=tuple(ordered)),
    )


def _like(operation: Operation, like: Named, noted: str) -> Operation:
    from intermodal.kit.records import replace  # noqa: PLC0415 - plans of `up` do without it

    return replace(operation, like=like, noted=noted) if isinstance(operation, (Make, Remember)) else operation


def _name(project: str, service: str, number: int, there: Iterable[SeenContainer]) -> str:
    """The name a number has, even one that is not of the usual form."""
    usual = f"{project}-{service}-{number}"
    names = [one.name for one in there if one.number == number]
    return usual if usual in names else next((name for name in names if "_" not in name[:13]), usual)


def _gone_back(
    project: str, name: str, chosen: Mapping[str, tuple[SeenContainer, ...]], former: Mapping[str, str], *, stays: bool
) -> Change:
    ones = [one for one in chosen[name] if not one.aside]
    if stays:
        return _in_order(name, chosen, Action.KEEP, project, ())
    youngest = max((one for one in chosen[name] if one.id in former), key=lambda one: one.created)
    goal = former[youngest.id]
    going = [one for one in ones if one.id in former and one.revision != goal]
    operations: tuple[Operation, ...] = (
        *(removal(one) for one in chosen[name] if one.aside),
        *(Exchange(number=one.number, old=named(one), back=True) for one in going),
    )
    action = Action.REPLACE if going else Action.UPDATE if operations else Action.KEEP
    return _in_order(name, chosen, action, project, operations, "back to what ran before")


def _in_order(
    name: str,
    chosen: Mapping[str, tuple[SeenContainer, ...]],
    action: Action,
    project: str,
    operations: tuple[Operation, ...],
    reason: str = "",
) -> Change:
    earlier = sorted(other for other in needed(chosen[name]) if other in chosen and other != name)
    return Change(
        action=action,
        kind=Kind.SERVICE,
        name=name,
        reasons=(reason,) if reason and operations else (),
        after=tuple(Requirement(key=f"service/{other}", required=False) for other in earlier),
        instruction=Instances(project=project, service=name, operations=operations),
    )


def _check(project: str, asked: Iterable[str], found: Mapping[str, object], more: Iterable[Diagnostic] = ()) -> None:
    if not found:
        raise NotDone([nothing_there(project)])
    _stop_if([*(unknown_service(name, found) for name in asked if name not in found), *more])


def _stop_if(problems: list[Diagnostic]) -> None:
    if problems:
        raise NotDone(problems)


def _one_name(service: str, there: tuple[SeenContainer, ...], replicas: int) -> Iterable[Diagnostic]:
    """A container with a name of its own cannot be there twice."""
    own = [one.name for one in there if one.number and service not in one.name]
    if own and replicas > 1:
        yield problem(
            "one-instance-only",
            f"service {service} cannot have {replicas} instances: all would be called {own[0]}",
            "leave out `container_name`, or scale it to 1",
        )


def _nothing_to_go_back_to(name: str) -> Diagnostic:
    return problem(
        "nothing-to-roll-back",
        f"{name} has replaced nothing that is still known",
        "a rollback undoes one change by `intermodal up`; to go further back, use an older file",
    )
