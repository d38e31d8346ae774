"""Rows for what a container may use: CPUs, memory, devices, kernel settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing

if TYPE_CHECKING:
    from intermodal.model.support import Support

_REAL_TIME = Missing(
    code="realtime-cpu",
    why="Kubernetes gives containers no real-time share of a CPU",
    advice="run it on a node of its own, outside the cluster if it must be real-time",
)
_PROCESSES = Missing(
    code="process-limit",
    why="the number of processes is limited per node, not per container",
    advice="set podPidsLimit in the kubelet's configuration",
)
_ULIMITS = Missing(
    code="ulimits-of-node",
    why="containers have the limits that the node's container engine gives; a Pod cannot change them",
    advice="set them for the engine on the nodes, or lower them with `ulimit` in the entrypoint",
)
_BLOCK = Missing(
    code="block-io-limits",
    why="Kubernetes does not limit block I/O",
    advice="choose a StorageClass with the speed wanted",
)
_GENERIC = Missing(
    code="generic-resource-unknown",
    why="Swarm's own resources mean nothing to Kubernetes' scheduler",
    advice="advertise it on the nodes as an extended resource, or constrain the placement by a node label",
)
_CPU, _MEMORY = "resources.limits.cpu", "resources.limits.memory"
_DEVICES = "resources.limits"
_REQUESTS = ("services.*.gpus", "services.*.deploy.resources.reservations.devices")

LIMITS: Support = {
    "services.*.cpus": Exact(how=_CPU),
    "services.*.cpu_count": Exact(how=_CPU),
    "services.*.cpu_quota": Exact(how=_CPU),
    "services.*.cpu_period": Exact(how=_CPU),
    "services.*.cpu_shares": Exact(how="resources.requests.cpu"),
    "services.*.cpu_percent": Missing(
        code="windows-only", why="it has an effect on Windows only", consequence=Consequence.NONE
    ),
    "services.*.cpu_rt_period": _REAL_TIME,
    "services.*.cpu_rt_runtime": _REAL_TIME,
    "services.*.cpuset": Missing(
        code="cpu-pinning",
        why="a Pod cannot choose which CPUs it runs on",
        advice="use the kubelet's static CPU manager with whole CPUs as request and limit",
    ),
    "services.*.mem_limit": Exact(how=_MEMORY),
    "services.*.mem_reservation": Exact(how="resources.requests.memory"),
    "services.*.memswap_limit": Missing(
        code="swap-limit",
        why="swap is a matter of the node, and most have none",
        advice="raise the memory limit if the application relied on swap",
    ),
    "services.*.mem_swappiness": Missing(
        code="swappiness", why="swap is a matter of the node, and most have none", consequence=Consequence.NONE
    ),
    "services.*.oom_kill_disable": Missing(
        code="killed-when-out-of-memory",
        why="the kernel ends a container that exceeds its memory, and Kubernetes cannot forbid it",
        advice="give it a higher limit",
    ),
    "services.*.oom_score_adj": Missing(
        code="out-of-memory-score",
        why="the kubelet sets it by requests and limits",
        advice="request as much memory as is the limit: such containers are ended last",
    ),
    "services.*.pids_limit": _PROCESSES,
    "services.*.deploy.resources.limits.pids": _PROCESSES,
    "services.*.deploy.resources.limits.cpus": Exact(how=_CPU),
    "services.*.deploy.resources.limits.memory": Exact(how=_MEMORY),
    "services.*.deploy.resources.reservations.cpus": Exact(how="resources.requests.cpu"),
    "services.*.deploy.resources.reservations.memory": Exact(how="resources.requests.memory"),
    "services.*.deploy.resources.reservations.generic_resources.**": _GENERIC,
    **{f"{prefix}.**": Exact(how=_DEVICES) for prefix in _REQUESTS},
    "services.*.shm_size": Exact(how="an emptyDir in memory at /dev/shm"),
    "services.*.sysctls.*": Exact(how="securityContext.sysctls"),
    "services.*.ulimits.*": _ULIMITS,
    "services.*.ulimits.*.soft": _ULIMITS,
    "services.*.ulimits.*.hard": _ULIMITS,
    "services.*.blkio_config.**": _BLOCK,
    "services.*.storage_opt.*": Missing(
        code="storage-option-unknown",
        why="the node's container engine decides how it stores images and containers",
    ),
    "services.*.devices.*.source": Exact(how="a hostPath volume"),
    "services.*.devices.*.target": Exact(how="mountPath"),
    "services.*.devices.*.permissions": Exact(how="the default"),
    "services.*.device_cgroup_rules.*": Missing(
        code="device-rules",
        why="a Pod cannot open device classes to a container that is not privileged",
        advice="install a device plugin, or set `privileged: true` if that is acceptable",
        consequence=Consequence.START,
    ),
}
