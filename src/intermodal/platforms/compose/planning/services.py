"""What is to be done to each service, in the order of their dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.changes import Action, Change, Condition, Kind, Requirement
from intermodal.platforms.compose.planning.conflicts import conflicts
from intermodal.platforms.compose.planning.counting import live, target
from intermodal.platforms.compose.planning.instructions import Exchange, Instances
from intermodal.platforms.compose.planning.places import Aim, arrange
from intermodal.platforms.compose.planning.staleness import Tidings, stale
from intermodal.platforms.compose.requests.containers import container_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.model.changes import Difference
    from intermodal.platforms.compose.planning.places import Outcome
    from intermodal.platforms.compose.planning.situation import Findings, Situation
    from intermodal.platforms.compose.requests.records import ServiceRequest
    from intermodal.platforms.compose.seen import SeenContainer

CONDITIONS = {
    "service_started": Condition.STARTED,
    "service_healthy": Condition.HEALTHY,
    "service_completed_successfully": Condition.COMPLETED,
}
_JOBS = frozenset({"replicated-job", "global-job"})
_GO_ON = frozenset({"running", "restarting"})
_ENDS = frozenset({"no", "none", "on-failure"})


def services(situation: Situation, findings: Findings, earlier: Iterable[Change]) -> tuple[Change, ...]:
    """The changes of the chosen services; `earlier` are those of images, networks and volumes."""
    before = tuple(earlier)
    keys = {change.key for change in before}
    awaited = _awaited(situation)
    tidings = _tidings(situation, before)
    changes = []
    for service in situation.chosen:
        there = situation.seen.of(service.name)
        outcome = _outcome(service, there, situation, tidings, rests=service.name in awaited or _ends(service))
        if outcome.operations and not outcome.kept:
            tidings = replace(tidings, exchanged=tidings.exchanged | {service.name})
        findings.problems += conflicts(service, outcome, situation)
        changes.append(_change(service, there, outcome, situation, tidings, keys))
    return tuple(changes)


def short_of(situation: Situation) -> dict[str, tuple[int, int]]:
    """How many instances run, and how many there are to be, of each service where these differ."""
    awaited = _awaited(situation)
    found = {}
    for service in situation.chosen:
        there = situation.seen.of(service.name)
        rests = service.name in awaited or _ends(service)
        good = [one for one in there if not one.aside and (one.state in _GO_ON or (rests and one.exit_code == 0))]
        found[service.name] = (live(good), target(service, there, situation.wishes.replicas))
    return {name: counts for name, counts in found.items() if counts[0] != counts[1]}


def _outcome(
    service: ServiceRequest,
    there: tuple[SeenContainer, ...],
    situation: Situation,
    tidings: Tidings,
    *,
    rests: bool,
) -> Outcome:
    aim = Aim(
        replicas=target(service, there, situation.wishes.replicas),
        noted=str(service.replicas),
        name=lambda number: container_name(service, number),
        stale=lambda one: stale(one, service, situation, tidings),
        rests=rests,
    )
    return arrange(there, aim)


def _change(
    service: ServiceRequest,
    there: tuple[SeenContainer, ...],
    outcome: Outcome,
    situation: Situation,
    tidings: Tidings,
    earlier: set[str],
) -> Change:
    image = situation.images.find(service.image) if service.image not in tidings.pulled else None
    instruction = Instances(
        project=service.project,
        service=service.name,
        operations=outcome.operations,
        request=service,
        image_id=image.id if image else "",
    )
    action = _action(there, outcome)
    return Change(
        action=action,
        kind=Kind.SERVICE,
        name=service.name,
        reasons=outcome.reasons if action is not Action.CREATE else (),
        differences=_differences(there, outcome, situation),
        after=tuple(_requirements(service, situation, earlier)),
        instruction=instruction,
    )


def _action(there: tuple[SeenContainer, ...], outcome: Outcome) -> Action:
    if not outcome.operations:
        return Action.KEEP
    if any(isinstance(operation, Exchange) for operation in outcome.operations):
        return Action.REPLACE
    return Action.UPDATE if live(there) else Action.CREATE


def _differences(there: tuple[SeenContainer, ...], outcome: Outcome, situation: Situation) -> tuple[Difference, ...]:
    """The fields behind an exchange, those of the first container that is exchanged."""
    exchanged = [operation.old.id for operation in outcome.operations if isinstance(operation, Exchange)]
    known = (situation.drift.get(one.id, ()) for one in there if one.id in exchanged)
    return next((found for found in known if found), ())


def _requirements(service: ServiceRequest, situation: Situation, earlier: set[str]) -> Iterator[Requirement]:
    keys = (f"network/{key}" for key in service.networks), (f"volume/{key}" for key in service.volumes)
    yield from (Requirement(key=key) for some in keys for key in some if key in earlier)
    chosen = {one.name for one in situation.chosen}
    for name, dependency in service.depends_on.items():
        if name in chosen:
            condition = CONDITIONS.get(dependency.condition, Condition.STARTED)
            yield Requirement(key=f"service/{name}", condition=condition, required=dependency.required)


def _tidings(situation: Situation, earlier: tuple[Change, ...]) -> Tidings:
    doing = [change for change in earlier if change.action is not Action.KEEP]
    made = {change.instruction.shared.name: "" for change in doing if change.kind is Kind.NETWORK}
    pulled = frozenset(change.name for change in doing if change.kind is Kind.IMAGE)
    return Tidings(networks={one.name: one.id for one in situation.seen.networks} | made, pulled=pulled)


def _awaited(situation: Situation) -> frozenset[str]:
    """The services that others wait for to end well: once that happened they are not started again."""
    return frozenset(
        name
        for service in situation.wanted.services.values()
        for name, dependency in service.depends_on.items()
        if dependency.condition == "service_completed_successfully"
    )


def _ends(service: ServiceRequest) -> bool:
    """Whether the file says that a container which ended well stays so: a job, or a restart policy that says it."""
    said = service.service
    deploy = said.deploy
    if deploy is not None and (deploy.mode in _JOBS or deploy.restart_policy is not None):
        return deploy.mode in _JOBS or (deploy.restart_policy is not None and deploy.restart_policy.condition in _ENDS)
    return said.restart.partition(":")[0] in _ENDS
