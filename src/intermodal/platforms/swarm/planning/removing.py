"""What `down` does: services in the reverse order of their dependencies, then what only they needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Action, Change, Kind, NotDone, Plan, Requirement
from intermodal.model.labels import DEPENDS_ON, ONEOFF
from intermodal.platforms.swarm.planning.choosing import unknown
from intermodal.platforms.swarm.planning.instructions import RemoveService, RemoveVolume
from intermodal.platforms.swarm.planning.objects import FILES, removal_of
from intermodal.platforms.swarm.planning.references import volumes
from intermodal.platforms.swarm.planning.seen import STACK, container, labels, name, of_stack, short
from intermodal.platforms.swarm.refusals import caution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.platforms.swarm.planning.seen import Raw, Seen

_GRACE = 10.0


def removed(
    stack: str, seen: Seen, here: str, reachable: Iterable[str], *, with_volumes: bool, names: tuple[str, ...] = ()
) -> Plan:
    """What `down` will do. `here` is the id of the node whose engine is asked, `reachable` names of others that can be.

    `names` are the services to remove, none for everything. Raises `NotDone` for services that are not there.
    """
    leaving = _ordered(_leaving(stack, seen, names), stack)
    going = {short(name(raw), stack) for raw in leaving}
    services = [service_removal(raw, stack, _dependents(raw, leaving, stack)) for raw in leaving]
    objects = [] if names else _objects(stack, seen, going)
    kept = _volumes(stack, seen, leaving, here) if with_volumes else {}
    there = set(reachable)
    gone = [_volume(one, node, going) for one, nodes in kept.items() for node in nodes if not node or node in there]
    lost = {one: [node for node in nodes if node and node not in there] for one, nodes in kept.items()}
    warnings = tuple(_not_reached(lost))
    changes = (*services, *objects, *gone)
    return Plan(application=stack, platform="swarm", changes=changes, warnings=warnings)


def service_removal(raw: Raw, stack: str, dependents: Iterable[str] = ()) -> Change:
    """The end of a service, after that of those that depend on it."""
    grace = container(raw["Spec"]).get("StopGracePeriod")
    return Change(
        action=Action.REMOVE,
        kind=Kind.SERVICE,
        name=short(name(raw), stack),
        after=tuple(Requirement(key=f"{Kind.SERVICE.value}/{one}", required=False) for one in dependents),
        instruction=RemoveService(
            id=raw["ID"],
            full_name=name(raw),
            stack=stack,
            grace=_GRACE if grace is None else grace / 1e9,
        ),
    )


def _leaving(stack: str, seen: Seen, names: tuple[str, ...]) -> list[Raw]:
    if not names:
        return list(seen.services)
    there = {short(name(raw), stack): raw for raw in seen.services if ONEOFF not in labels(raw)}
    if there and (problems := unknown(names, there)):
        raise NotDone(problems)
    return [raw for one, raw in there.items() if one in names]


def _ordered(leaving: list[Raw], stack: str) -> list[Raw]:
    """Dependents before what they depend on, else as they were."""
    left, done = list(leaving), []
    while left:
        ready = [raw for raw in left if not any(one in left for one in _users(raw, leaving, stack))] or left
        done += ready
        left = [raw for raw in left if raw not in ready]
    return done


def _users(raw: Raw, leaving: list[Raw], stack: str) -> list[Raw]:
    own = short(name(raw), stack)
    return [one for one in leaving if one is not raw and own in _needs(one)]


def _dependents(raw: Raw, leaving: list[Raw], stack: str) -> list[str]:
    """The services that depend on this one, and one-off runs of others, which need what those need."""
    return [short(name(one), stack) for one in _users(raw, leaving, stack)]


def _needs(raw: Raw) -> list[str]:
    return [one for one in labels(raw).get(DEPENDS_ON, "").split(",") if one]


def _objects(stack: str, seen: Seen, services: set[str]) -> list[Change]:
    after = tuple(Requirement(key=f"{Kind.SERVICE.value}/{one}") for one in sorted(services))
    kinds: Mapping[str, Kind] = {"networks": Kind.NETWORK, **FILES}
    return [
        removal_of(section, kind, raw, after=after)
        for section, kind in kinds.items()
        for raw in of_stack(getattr(seen, section), stack)
    ]


def _volumes(stack: str, seen: Seen, leaving: list[Raw], here: str) -> dict[str, list[str]]:
    """The volumes of the services, and the names of the nodes that may have one; "" is the node that is asked."""
    names = {raw["ID"]: raw.get("Description", {}).get("Hostname") or raw["ID"] for raw in seen.nodes}
    found: dict[str, list[str]] = {
        raw["Name"]: [""] for raw in seen.volumes if (raw.get("Labels") or {}).get(STACK) == stack
    }
    for raw in leaving:
        nodes = {str(task.get("NodeID") or here) for task in seen.tasks if task["ServiceID"] == raw["ID"]} - {here}
        for one in volumes(raw["Spec"]):
            if not one.startswith(f"{stack}_"):
                continue
            known = found.setdefault(one, [])
            known += [names.get(node, node) for node in sorted(nodes) if names.get(node, node) not in known]
    return {one: nodes for one, nodes in found.items() if nodes}


def _volume(named: str, node: str, services: set[str]) -> Change:
    return Change(
        action=Action.REMOVE,
        kind=Kind.VOLUME,
        name=f"{named} on {node}" if node else named,
        after=tuple(Requirement(key=f"{Kind.SERVICE.value}/{one}") for one in sorted(services)),
        instruction=RemoveVolume(name=named, node=node),
    )


def _not_reached(volumes_: Mapping[str, list[str]]) -> Iterable[Diagnostic]:
    by_node: dict[str, list[str]] = {}
    for one, nodes in volumes_.items():
        for node in nodes:
            by_node.setdefault(node, []).append(one)
    for node, names in by_node.items():
        yield caution(
            "volume-on-another-node",
            f"volumes that {node} may have stay there: {', '.join(names)}",
            f"on {node}: docker volume rm {' '.join(names)}; or name its engine: --set engine.{node}=HOST, or a Docker "
            f"context called {node}",
        )
