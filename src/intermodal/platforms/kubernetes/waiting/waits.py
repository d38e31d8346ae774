"""`depends_on` as init containers that really wait. Which waits there are; the shell text is in `scripts.py`.

A service is waited for at its Service, which answers when an instance is ready; a task at the API, by a service
account that may read exactly the Jobs it waits for. Pods that would wait for each other in a circle do not wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.kinds import COMPLETED, Kind
from intermodal.platforms.kubernetes.terms import UNCHANGED
from intermodal.platforms.kubernetes.waiting.circles import circles
from intermodal.platforms.kubernetes.waiting.scripts import Ask, Reach, Resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Dependency, Service
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.network.exposure import Exposure
    from intermodal.platforms.kubernetes.waiting.scripts import Question

HEALTHY, STARTED = "service_healthy", "service_started"

_OFF = Missing(
    code="wait-off",
    why="waiting is switched off by `wait=no`",
    advice="make sure that the service tries again until the other one answers",
)
_ABSENT = Missing(
    code="dependency-absent",
    why="the service is not part of the application as loaded, and the dependency is not required",
    consequence=Consequence.NONE,
)
_CIRCLE = Missing(
    code="wait-would-never-end",
    why="services that share a Pod start together, and so these Pods would wait for each other",
    advice="make the service try again until the other one answers",
)
_SCHEDULED = Missing(
    code="wait-for-schedule",
    why="the other service runs by a schedule, so there is no one moment to wait for",
    advice="make the service try again, or run the other one as a Job",
)
_PROVIDED = Missing(
    code="wait-for-provider",
    why="the other service is no container, so there is nothing to wait for",
    advice="make the service try again until it answers",
)
_STOPPED = Missing(
    code="wait-for-nothing",
    why="the other service has no instances, so nothing will ever answer",
    consequence=Consequence.NONE,
)
_AWAITED = Exact(how="an init container")
_STARTED = Approximate(
    code="wait-until-it-answers",
    why="started cannot be told from ready here, so it waits until the other answers, but a minute at most",
    how="an init container",
)
_RESTART = Missing(
    code="dependency-restart",
    why="Kubernetes does not start a service again because one it depends on was replaced",
    advice="make the service connect again by itself, or run `kubectl rollout restart` after the change",
)


@record
class Wait:
    """One Pod's wait for one service."""

    service: str
    question: Question
    condition: str
    required: bool


@record
class Edge:
    """A dependency between two services of different Pods."""

    service: Service
    name: str
    dependency: Dependency


def waits(
    context: Context, kinds: Mapping[str, Kind], exposures: Mapping[str, Exposure]
) -> Mapping[str, tuple[Wait, ...]]:
    """What each Pod waits for, by its leader, in the order of the file."""
    edges = tuple(_edges(context, kinds))
    blocked = _blocked(edges, context)
    found: dict[str, dict[str, Wait]] = {}
    for edge in edges:
        outcome = _refusal(edge, kinds, blocked, context)
        if outcome is None:
            wait = _wait(edge, kinds, exposures, context)
            mine = found.setdefault(context.groups.leader(edge.service.name), {})
            mine[edge.name] = _stronger(mine.get(edge.name), wait)
            outcome = _STARTED if wait.condition == STARTED else _AWAITED
        context.notes(("services", edge.service.name, "depends_on", edge.name), outcome)
        _note_fields(edge, context)
    return {leader: tuple(mine.values()) for leader, mine in found.items()}


def _edges(context: Context, kinds: Mapping[str, Kind]) -> Iterator[Edge]:
    """Dependencies that leave their Pod; the others are settled by the order of containers."""
    services, leader = context.application.services, context.groups.leader
    for name in kinds:
        for other, dependency in services[name].depends_on.items():
            if other not in services or leader(other) != leader(name):
                yield Edge(service=services[name], name=other, dependency=dependency)


def _blocked(edges: tuple[Edge, ...], context: Context) -> Mapping[str, int]:
    """Pod -> the circle of waiting Pods it is in. Compose refuses circles of services, so only shared Pods make any."""
    if not context.groups.pods:
        return {}
    graph: dict[str, list[str]] = {}
    for edge in edges:
        if edge.name in context.application.services:
            leader = context.groups.leader(edge.service.name)
            graph.setdefault(leader, []).append(context.groups.leader(edge.name))
    return circles(graph)


def _refusal(edge: Edge, kinds: Mapping[str, Kind], blocked: Mapping[str, int], context: Context) -> Outcome | None:
    other = context.application.services.get(edge.name)
    if other is None:
        return _ABSENT
    if context.settings.options.get("wait", "yes") == "no":
        return _OFF
    if edge.name not in kinds:
        return _PROVIDED
    ours, theirs = context.groups.leader(edge.service.name), context.groups.leader(edge.name)
    if ours in blocked and blocked[ours] == blocked.get(theirs):
        return _CIRCLE
    if kinds[edge.name] is Kind.CRON_JOB:
        return _SCHEDULED
    return _STOPPED if _instances(other) == 0 else None


def _instances(service: Service) -> int | None:
    asked = service.deploy.replicas if service.deploy else None
    return service.scale if asked is None else asked


def _wait(edge: Edge, kinds: Mapping[str, Kind], exposures: Mapping[str, Exposure], context: Context) -> Wait:
    condition = edge.dependency.condition
    kind = kinds[edge.name]
    name = context.names.workload(context.groups.leader(edge.name))
    exposure = exposures.get(edge.name)
    if kind is Kind.JOB:
        question: Question = Ask(kind=kind, name=name, condition=condition)
    elif condition == COMPLETED or exposure is None or (condition == HEALTHY and exposure.early):
        question = Ask(kind=kind, name=name, condition=HEALTHY)
    else:
        question = _at_service(exposure, kind, name)
    return Wait(service=edge.name, question=question, condition=condition, required=edge.dependency.required)


def _at_service(exposure: Exposure, kind: Kind, name: str) -> Question:
    ports = tuple(port.number for port in exposure.ports if port.protocol == "tcp")
    if ports:
        return Reach(host=exposure.service, ports=ports)
    if exposure.headless:
        return Resolve(host=exposure.service)
    return Ask(kind=kind, name=name, condition=HEALTHY)


def _stronger(one: Wait | None, other: Wait) -> Wait:
    """Of two containers of one Pod that wait for the same, the one that waits for more decides."""
    if one is None:
        return other
    order = (STARTED, HEALTHY, COMPLETED)
    ranks = {
        wait: (wait.required, order.index(wait.condition) if wait.condition in order else 0) for wait in (one, other)
    }
    return max((one, other), key=lambda wait: ranks[wait])


def _note_fields(edge: Edge, context: Context) -> None:
    path = ("services", edge.service.name, "depends_on", edge.name)
    context.notes((*path, "restart"), _RESTART if edge.dependency.restart else UNCHANGED)
    if edge.dependency.required:
        context.notes((*path, "required"), UNCHANGED)
