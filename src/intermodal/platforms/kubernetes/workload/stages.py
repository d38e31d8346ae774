"""The order of containers in a Pod of several services: what must end first, what must be ready first, the rest.

A service that its neighbours wait for until it ended is an init container; one they wait for until it is healthy is
an init container that goes on running (a sidecar, since Kubernetes 1.29). Nothing else inside a Pod can be awaited.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.kinds import COMPLETED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context

HEALTHY = "service_healthy"

_ORDER_ONLY = Missing(
    code="same-pod-not-awaited",
    why="containers of one Pod start together, and before Kubernetes 1.29 none waits for another to be healthy",
    advice="write for 1.29 or later, or make the service try again",
)
_TOGETHER = Missing(
    code="same-pod-starts-together",
    why="containers of one Pod are started one right after the other, in the order of their dependencies",
    consequence=Consequence.NONE,
)


class Stage(Enum):
    """When a container of a Pod runs."""

    FIRST = "before all others, to its end"
    SIDECAR = "before those that wait for it, and on beside them"
    MAIN = "with the others"


def in_order(members: Sequence[Service]) -> tuple[Service, ...]:
    """Dependencies before dependents, otherwise the order given."""
    by_name = {service.name: service for service in members}
    done: dict[str, Service] = {}

    def visit(service: Service, above: frozenset[str]) -> None:
        for name in service.depends_on:
            if name in by_name and name not in done and name not in above:
                visit(by_name[name], above | {service.name})
        done.setdefault(service.name, service)

    for service in members:
        visit(service, frozenset())
    return tuple(done.values())


def stages(members: Sequence[Service], context: Context) -> Mapping[str, Stage]:
    """The stage of each of a Pod's services; `members` in order of their dependencies."""
    found = dict.fromkeys((service.name for service in members), Stage.MAIN)
    if len(members) == 1:
        return found
    sidecars = context.target.has("sidecars")
    for service in reversed(members):
        for name, dependency in service.depends_on.items():
            if name not in found:
                continue
            stage = _stage(dependency.condition, found[service.name], sidecars=sidecars)
            found[name] = min(found[name], stage, key=list(Stage).index)
            _note(service, name, dependency.condition, stage, context)
    return found


def _stage(condition: str, dependent: Stage, *, sidecars: bool) -> Stage:
    """What an init container depends on must be an init container too."""
    if condition == COMPLETED:
        return Stage.FIRST
    early = dependent is not Stage.MAIN
    return Stage.SIDECAR if sidecars and (condition == HEALTHY or early) else Stage.MAIN


def _note(service: Service, name: str, condition: str, stage: Stage, context: Context) -> None:
    path = ("services", service.name, "depends_on", name)
    if stage is not Stage.MAIN:
        context.notes(path, Exact(how="an init container of the same Pod"))
    else:
        context.notes(path, _ORDER_ONLY if condition == HEALTHY else _TOGETHER)
