"""Fields that build nothing here, whose verdict still hangs on the value: most often, whether it is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.terms import UNCHANGED
from intermodal.platforms.kubernetes.workload.resources import DOCKER_PERIOD, disk_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Service
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context

_DEFAULT = UNCHANGED
_FALSE_IS_DEFAULT = ("privileged", "read_only", "stdin_open", "tty", "oom_kill_disable", "init", "use_api_socket")
_DEFAULTS = {"cgroup": "private", "userns_mode": "host", "isolation": "default", "mem_swappiness": 0}
"""Values that say what Kubernetes does anyway; it gives containers no swap and no user namespace unless asked."""
_NODE_DRIVERS = frozenset({"", "json-file", "local", "journald"})

_ROTATED = Missing(
    code="logs-kept-by-node",
    why="the kubelet keeps and rotates what containers write, by its own limits",
    advice="set containerLogMaxSize and containerLogMaxFiles on the nodes if the limits matter",
    consequence=Consequence.NONE,
)
_SHIPPED = Missing(
    code="logs-not-shipped",
    why="a Pod cannot choose where its output goes; the node keeps it",
    advice="run a log agent on the nodes (Fluent Bit, Vector, Promtail) that sends it there",
)
_DISK = Approximate(
    code="disk-limit-evicts",
    why="beyond the limit the Pod is evicted, where Docker would say that the disk is full",
    how="resources.limits.ephemeral-storage",
)
_STORAGE_OPTION = Missing(
    code="storage-option-unknown",
    why="the node's container engine decides how it stores images and containers",
)


def note_values(service: Service, context: Context) -> None:
    """Tell the notes what became of such fields."""
    disk = disk_limit(service)
    for field, outcome in (*_defaults(service), *_others(service)):
        context.notes(("services", service.name, field), outcome)
    for name in service.storage_opt:
        kept = name == "size" and disk
        context.notes(("services", service.name, "storage_opt", name), _DISK if kept else _STORAGE_OPTION)


def _defaults(service: Service) -> Iterator[tuple[str, Outcome]]:
    for field in _FALSE_IS_DEFAULT:
        if not getattr(service, field):
            yield field, _DEFAULT
    for field, default in _DEFAULTS.items():
        if getattr(service, field) == default:
            yield field, _DEFAULT


def _others(service: Service) -> Iterator[tuple[str, Outcome]]:
    if service.logging is not None:
        yield "logging", _ROTATED if service.logging.driver in _NODE_DRIVERS else _SHIPPED
    if service.memswap_limit is not None and service.memswap_limit in {service.mem_limit, 0}:
        yield "memswap_limit", _DEFAULT
    if service.cpu_period == DOCKER_PERIOD and service.cpu_quota:
        yield "cpu_period", _DEFAULT
