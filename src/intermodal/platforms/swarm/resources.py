"""CPU, memory and process limits. What containers say (`mem_limit`, `cpus` …) moves to `deploy.resources`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.quantities import format_size
from intermodal.model.resources import Limits, Reservations
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.swarm.defaults import DEFAULT
from intermodal.platforms.swarm.plain import filled
from intermodal.platforms.swarm.spelling import cpus as cores

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.resources import GenericResource
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

LEAST_MEMORY = 4 << 20
"""Bytes; Swarm refuses a limit or reservation below it."""
LEAST_CPUS = 0.001
"""Cores; Swarm refuses a limit or reservation below it."""
FLOOR = Approximate(
    code="swarm-resource-floor",
    why="Swarm refuses less than 4 MiB of memory or 0.001 CPUs; it gets that much",
    consequence=Consequence.BEHAVIOUR,
    how="deploy.resources",
)
OUTRANKED = Missing(
    code="swarm-outranked",
    why="the `deploy` section says the same and outranks it",
    consequence=Consequence.NONE,
)
WEAKER = Missing(
    code="swarm-cpu-limit-weaker",
    why="another key of the service limits its CPUs, and a stack file has one limit",
    advice="say it once, as `cpus`",
    consequence=Consequence.NONE,
)
_DEFAULT_PERIOD = 100_000
"""Microseconds: the kernel's scheduling period where `cpu_period` says none."""


def resources(context: Context, service: Service) -> Object:
    """Limits and reservations of every instance."""
    _note_weaker_cpus(context, service)
    said = service.deploy.resources if service.deploy is not None else None
    limits = (said.limits if said is not None else None) or Limits()
    kept = (said.reservations if said is not None else None) or Reservations()
    where = ("services", service.name, "deploy", "resources")
    sizes = _Sizes(context, service)
    return filled(
        limits=filled(
            cpus=sizes.cpus(limits.cpus, (*where, "limits", "cpus"), *_container_cpus(service)),
            memory=sizes.memory(limits.memory, (*where, "limits", "memory"), "mem_limit", service.mem_limit),
            pids=sizes.count(limits.pids, (*where, "limits", "pids"), "pids_limit", service.pids_limit),
        ),
        reservations=filled(
            cpus=sizes.cpus(kept.cpus, (*where, "reservations", "cpus"), "", None),
            memory=sizes.memory(
                kept.memory, (*where, "reservations", "memory"), "mem_reservation", service.mem_reservation
            ),
            generic_resources=[_generic(resource) for resource in kept.generic_resources],
        ),
    )


class _Sizes:
    """Chooses between what `deploy` says and what the container's own key says, and keeps to Swarm's bounds."""

    def __init__(self, context: Context, service: Service) -> None:
        self._context = context
        self._service = service

    def cpus(self, deployed: float | None, path: Path, key: str, own: float | None) -> str | None:
        count, said_at = self._choose(deployed, path, key, own)
        if count is None:
            return None
        if count < LEAST_CPUS:
            self._context.notes(said_at, FLOOR)
        return cores(max(count, LEAST_CPUS))

    def memory(self, deployed: int | None, path: Path, key: str, own: int | None) -> str | None:
        count, said_at = self._choose(deployed, path, key, own)
        if count is None:
            return None
        if count < LEAST_MEMORY:
            self._context.notes(said_at, FLOOR)
        return format_size(int(max(count, LEAST_MEMORY)))

    def count(self, deployed: int | None, path: Path, key: str, own: int | None) -> int | None:
        chosen, _ = self._choose(deployed, path, key, own)
        return None if chosen is None else int(chosen)

    def _choose(self, deployed: float | None, path: Path, key: str, own: float | None) -> tuple[float | None, Path]:
        """The amount in force and the field that says it; nothing for "no limit", which is what Swarm does unasked."""
        own_path = ("services", self._service.name, key)
        if deployed is not None and own is not None:
            self._context.notes(own_path, OUTRANKED)
        count, said_at = (deployed, path) if deployed is not None else (own, own_path)
        if count is not None and count <= 0:
            self._context.notes(said_at, DEFAULT)
            return None, said_at
        return count, said_at


def _container_cpus(service: Service) -> tuple[str, float | None]:
    """The container's own key that limits its cores, and how many: `cpus`, or a quota of each scheduling period."""
    if service.cpus is not None:
        return "cpus", service.cpus
    if service.cpu_quota and service.cpu_quota > 0:
        return "cpu_quota", service.cpu_quota / (service.cpu_period or _DEFAULT_PERIOD)
    return "cpu_count", service.cpu_count


def _note_weaker_cpus(context: Context, service: Service) -> None:
    """Of several container keys for the same thing only the first counts."""
    keys = ("cpus", "cpu_quota", "cpu_count")
    said = [key for key in keys if getattr(service, key)]
    weaker = said[1:] + (["cpu_period"] if service.cpu_period and said[:1] != ["cpu_quota"] else [])
    for key in weaker:
        context.notes(("services", service.name, key), WEAKER)


def _generic(resource: GenericResource) -> Object:
    spec = resource.discrete_resource_spec
    return {} if spec is None else {"discrete_resource_spec": {"kind": spec.kind, "value": spec.value}}
