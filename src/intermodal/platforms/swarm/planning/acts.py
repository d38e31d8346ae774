"""Scaling, restarting and going back: changes of services that need no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Action, Change, Condition, Difference, Kind, NotDone, Plan, Requirement
from intermodal.model.labels import DEPENDS_ON
from intermodal.platforms.swarm.observe import differences
from intermodal.platforms.swarm.planning.choosing import BEGIN, negative, one_on_every_node, unknown
from intermodal.platforms.swarm.planning.instructions import GoBack, Restart, Scale
from intermodal.platforms.swarm.planning.previous import before
from intermodal.platforms.swarm.planning.seen import (
    force,
    labels,
    lasting,
    live_replicas,
    mode,
    name,
    network_names,
    short,
    with_network_names,
    with_replicas,
)
from intermodal.platforms.swarm.planning.services import REPLICAS_FIELD
from intermodal.platforms.swarm.refusals import problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.platforms.swarm.planning.seen import Raw, Seen


def scaled(stack: str, seen: Seen, replicas: Mapping[str, int]) -> Plan:
    """The plan that gives services that many instances. Raises `NotDone` for what cannot be scaled."""
    there = _services(stack, seen, tuple(replicas))
    of_nodes = [one_on_every_node(one) for one, raw in there.items() if live_replicas(raw["Spec"]) is None]
    if problems := [*negative(replicas), *of_nodes]:
        raise NotDone(problems)
    changes = [_scaled(one, raw, replicas[one]) for one, raw in there.items()]
    return _plan(stack, changes)


def restarted(stack: str, seen: Seen, names: tuple[str, ...]) -> Plan:
    """The plan that starts every instance anew, dependencies before those that depend on them.

    Jobs run again only where they are named.
    """
    there = _services(stack, seen, names)
    chosen = {one: raw for one, raw in there.items() if names or not mode(raw["Spec"]).endswith("Job")}
    changes = [
        Change(
            action=Action.REPLACE,
            kind=Kind.SERVICE,
            name=one,
            reasons=("asked for new instances",),
            after=_after(raw, chosen),
            instruction=Restart(full_name=name(raw), force=force(raw["Spec"]) + 1),
        )
        for one, raw in chosen.items()
    ]
    return _plan(stack, changes)


def rolled_back(stack: str, seen: Seen, names: tuple[str, ...]) -> Plan:
    """The plan back to what ran before the last change. Raises `NotDone` where there is nothing to go back to."""
    there = _services(stack, seen, names)
    specs = {one: before(raw) for one, raw in there.items()}
    without = [one for one, spec in specs.items() if spec is None]
    if without and (names or len(without) == len(specs)):
        raise NotDone([_nothing(one) for one in without] or [_nothing(stack)])
    changes = [_back(one, there[one], spec, seen) for one, spec in specs.items()]
    return _plan(stack, changes)


def _scaled(service: str, raw: Raw, wanted: int) -> Change:
    live = live_replicas(raw["Spec"])
    if live == wanted:
        return Change(action=Action.KEEP, kind=Kind.SERVICE, name=service)
    return Change(
        action=Action.UPDATE,
        kind=Kind.SERVICE,
        name=service,
        reasons=(f"asked for {wanted} instances, there are {live}",),
        differences=(Difference(field=REPLICAS_FIELD, before=str(live), after=str(wanted)),),
        instruction=Scale(full_name=name(raw), replicas=wanted),
    )


def _back(service: str, raw: Raw, spec: Raw | None, seen: Seen) -> Change:
    if spec is None:
        return Change(action=Action.KEEP, kind=Kind.SERVICE, name=service, reasons=("it has not been changed",))
    names = network_names(seen.networks)
    there = with_network_names(with_replicas(spec, live_replicas(raw["Spec"])), names)
    return Change(
        action=Action.REPLACE,
        kind=Kind.SERVICE,
        name=service,
        reasons=("back to what ran before its last change; the number of instances stays",),
        differences=tuple(differences(there, raw["Spec"], names)),
        instruction=GoBack(full_name=name(raw), spec=spec),
    )


def _services(stack: str, seen: Seen, names: tuple[str, ...]) -> dict[str, Raw]:
    """The named services, all where none is named."""
    there = {short(name(raw), stack): raw for raw in lasting(seen.services)}
    if not there:
        raise NotDone([problem("application-not-there", f"nothing of {stack} runs here", BEGIN)])
    if problems := unknown(names, there):
        raise NotDone(problems)
    return {one: raw for one, raw in there.items() if not names or one in names}


def _after(raw: Raw, there: Mapping[str, Raw]) -> tuple[Requirement, ...]:
    needs = [one for one in labels(raw).get(DEPENDS_ON, "").split(",") if one in there]
    return tuple(Requirement(key=f"{Kind.SERVICE.value}/{one}", condition=Condition.HEALTHY) for one in needs)


def _plan(stack: str, changes: list[Change]) -> Plan:
    waits = tuple(change.name for change in changes)
    return Plan(application=stack, platform="swarm", changes=tuple(changes), waits=waits)


def _nothing(service: str) -> Diagnostic:
    return problem(
        "nothing-to-roll-back",
        f"{service} has nothing to go back to: it was never changed, or was taken back already",
        "`intermodal up -f OLDER.yaml` brings up any other revision",
    )
