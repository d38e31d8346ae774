"""What a container may use, as fields of its HostConfig. `deploy.resources` outranks the container's own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker import objects
from intermodal.model.resources import Limits, Reservations

if TYPE_CHECKING:
    from intermodal.clients.docker.objects import Object
    from intermodal.model.application import Service

_MODES = {"none": "no", "any": "always"}
"""The words of `deploy.restart_policy` that the engine spells otherwise."""


def resources(service: Service) -> Object:
    """CPUs, memory, processes, block I/O, devices and kernel limits."""
    limits, reserved = deployed(service)
    cores = limits.cpus or service.cpus
    return objects.filled(
        Memory=limits.memory or service.mem_limit,
        MemoryReservation=reserved.memory or service.mem_reservation,
        MemorySwap=service.memswap_limit,
        MemorySwappiness=service.mem_swappiness,
        OomKillDisable=service.oom_kill_disable or None,
        OomScoreAdj=service.oom_score_adj,
        NanoCpus=objects.nano_cpus(cores) if cores else None,
        CpuCount=service.cpu_count,
        CpuPercent=None if service.cpu_percent is None else round(service.cpu_percent),
        CpuShares=service.cpu_shares,
        CpuPeriod=service.cpu_period,
        CpuQuota=service.cpu_quota,
        CpuRealtimePeriod=service.cpu_rt_period,
        CpuRealtimeRuntime=service.cpu_rt_runtime,
        CpusetCpus=service.cpuset,
        PidsLimit=limits.pids or service.pids_limit or None,
        CgroupParent=service.cgroup_parent,
        Devices=objects.devices(service.devices),
        DeviceCgroupRules=list(service.device_cgroup_rules),
        DeviceRequests=_requests(service, reserved),
        Ulimits=objects.ulimits(service.ulimits),
        **objects.block_io(service.blkio_config),
    )


def deployed(service: Service) -> tuple[Limits, Reservations]:
    """What `deploy.resources` says."""
    said = service.deploy.resources if service.deploy is not None else None
    limits = said.limits if said is not None else None
    reserved = said.reservations if said is not None else None
    return limits or Limits(), reserved or Reservations()


def _requests(service: Service, reserved: Reservations) -> list[Object]:
    return [
        *objects.device_requests(reserved.devices),
        *objects.interface_devices(service.devices),
        *objects.device_requests(service.gpus, always="gpu"),
    ]


def restart_policy(service: Service) -> Object | None:
    """When the engine starts an ended container again; `deploy.restart_policy` outranks `restart`."""
    deployed_policy = service.deploy.restart_policy if service.deploy is not None else None
    if deployed_policy is not None:
        mode = _MODES.get(deployed_policy.condition, deployed_policy.condition)
        return _policy(mode or "no", deployed_policy.max_attempts or 0)
    if not service.restart:
        return None
    mode, _, attempts = service.restart.partition(":")
    return _policy(_MODES.get(mode, mode), int(attempts) if attempts.isdecimal() else 0)


def _policy(mode: str, attempts: int) -> Object:
    """Only `on-failure` counts attempts; the engine refuses a number beside another mode."""
    return {"Name": mode, "MaximumRetryCount": attempts if mode == "on-failure" else 0}
