"""What a container may use and what is kept for it: resources.requests and resources.limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.resources import Limits, Reservations, Resources
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.quantities import byte_quantity, cpu_quantity
from intermodal.platforms.kubernetes.terms import UNCHANGED
from intermodal.platforms.kubernetes.workload.accelerators import accelerators

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object
    from intermodal.platforms.kubernetes.wishes.wishes import ServiceWishes

DOCKER_PERIOD = 100_000
"""Docker's default cpu_period, microseconds."""
SHARES_PER_CORE = 1024

_SHADOWED = Missing(
    code="said-again-in-deploy",
    why="`deploy.resources` says the same and is the stronger",
    consequence=Consequence.NONE,
)
_SHARES = Approximate(
    code="cpu-shares-as-request",
    why="a weight among neighbours becomes a request that the scheduler also keeps free: 1024 shares are one core",
    how="resources.requests.cpu",
)
_CAPPED = Approximate(
    code="reservation-over-limit",
    why="Kubernetes refuses a request above the limit, so the limit is requested",
    advice="lower the reservation or raise the limit",
    how="resources.requests",
)
_ALSO_REQUEST = Approximate(
    code="limit-is-also-request",
    why="where nothing is reserved, Kubernetes keeps the limit free, so nodes fill up sooner",
    advice="write a reservation, be it a small one",
    how="resources.limits",
)
_NO_QUOTA = Missing(
    code="cpu-period-alone",
    why="a period limits nothing without `cpu_quota`",
    consequence=Consequence.NONE,
)


@record
class _Amounts:
    """Cores and bytes; None means no limit and nothing kept."""

    cpus: float | None = None
    memory: int | None = None


def resources(service: Service, wishes: ServiceWishes, context: Context) -> Object:
    """A container's `resources`; empty when nothing is asked."""
    asked = (service.deploy.resources if service.deploy else None) or Resources()
    limits = _limits(service, asked.limits or Limits(), context)
    requests = _requests(service, asked.reservations or Reservations(), limits, context)
    _note_unreserved(service, asked.limits or Limits(), requests, context)
    extended = accelerators(service, context)
    made = {
        "requests": _quantities(requests) | _storage(wishes.ephemeral_request),
        "limits": _quantities(limits) | extended | _storage(disk_limit(service) or wishes.ephemeral_limit),
    }
    return {key: value for key, value in made.items() if value}


def _limits(service: Service, asked: Limits, context: Context) -> _Amounts:
    cpus = asked.cpus or None
    for field, value in (("cpus", service.cpus), ("cpu_quota", _from_quota(service)), ("cpu_count", service.cpu_count)):
        if cpus is None:
            cpus = value or None
        elif value:
            context.notes(("services", service.name, field), _SHADOWED)
    if service.cpu_period is not None and not service.cpu_quota:
        context.notes(("services", service.name, "cpu_period"), _NO_QUOTA)
    _note_unlimited(service, context)
    memory = asked.memory or service.mem_limit
    if asked.memory and service.mem_limit:
        context.notes(("services", service.name, "mem_limit"), _SHADOWED)
    return _Amounts(cpus=cpus, memory=memory or None)


def _note_unreserved(service: Service, asked: Limits, requests: _Amounts, context: Context) -> None:
    path: Path = ("services", service.name)
    in_deploy = (*path, "deploy", "resources", "limits")
    if requests.cpus is None:
        field = (*in_deploy, "cpus") if asked.cpus else (*path, "cpus") if service.cpus else (*path, "cpu_quota")
        context.notes.notes.setdefault(field, _ALSO_REQUEST)
    if requests.memory is None:
        context.notes.notes.setdefault((*in_deploy, "memory") if asked.memory else (*path, "mem_limit"), _ALSO_REQUEST)


def _note_unlimited(service: Service, context: Context) -> None:
    for field in ("cpus", "cpu_quota", "cpu_count", "cpu_shares", "mem_limit", "mem_reservation"):
        if getattr(service, field) in {0, -1}:
            context.notes(("services", service.name, field), UNCHANGED)


def _from_quota(service: Service) -> float | None:
    if not service.cpu_quota or service.cpu_quota < 0:
        return None
    return service.cpu_quota / (service.cpu_period or DOCKER_PERIOD)


def _requests(service: Service, asked: Reservations, limits: _Amounts, context: Context) -> _Amounts:
    cpus, memory = asked.cpus or None, asked.memory or None
    if service.cpu_shares:
        shares = ("services", service.name, "cpu_shares")
        context.notes(shares, _SHADOWED if cpus else _SHARES)
        cpus = cpus or service.cpu_shares / SHARES_PER_CORE
    if memory and service.mem_reservation:
        context.notes(("services", service.name, "mem_reservation"), _SHADOWED)
    memory = memory or service.mem_reservation or None
    reservations: Path = ("services", service.name, "deploy", "resources", "reservations")
    if cpus and limits.cpus and cpus > limits.cpus:
        context.notes((*reservations, "cpus") if asked.cpus else ("services", service.name, "cpu_shares"), _CAPPED)
        cpus = limits.cpus
    if memory and limits.memory and memory > limits.memory:
        context.notes(
            (*reservations, "memory") if asked.memory else ("services", service.name, "mem_reservation"), _CAPPED
        )
        memory = limits.memory
    return _Amounts(cpus=cpus, memory=memory)


def _quantities(amounts: _Amounts) -> Object:
    made: Object = {}
    if amounts.cpus:
        made["cpu"] = cpu_quantity(amounts.cpus)
    if amounts.memory:
        made["memory"] = byte_quantity(amounts.memory)
    return made


def disk_limit(service: Service) -> str:
    """`storage_opt.size` ("120G": docker reads binary units), as a quantity; "" where it is not understood."""
    written = service.storage_opt.get("size", "").strip().upper().removesuffix("B").removesuffix("I")
    number, unit = written.rstrip("KMGTP"), written[-1:]
    if not number.isdigit():
        return ""
    return f"{int(number)}{unit}i" if unit in set("KMGTP") else number


def _storage(quantity: str) -> Object:
    return {"ephemeral-storage": quantity} if quantity else {}
