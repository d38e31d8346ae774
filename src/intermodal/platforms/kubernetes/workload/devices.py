"""Device files of the host, and shared memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Missing
from intermodal.platforms.kubernetes.context import PodParts
from intermodal.platforms.kubernetes.quantities import byte_quantity
from intermodal.platforms.kubernetes.terms import UNCHANGED

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.resources import HostDevice
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the mount point itself, not a temporary file

_DEVICE = Missing(
    code="device-needs-plugin",
    why="only a privileged container may open a device file of its node; others get devices from a device plugin",
    advice="install a device plugin that offers the device and add its resource to the limits, "
    "or set `privileged: true` if that is acceptable",
    consequence=Consequence.START,
)
_CDI = Missing(
    code="device-by-name",
    why="a device named `vendor/class=name` (CDI) is given out by a device plugin, not by a Pod's own fields",
    advice="install the vendor's device plugin and add its resource to the limits",
    consequence=Consequence.START,
)
_RULES = Missing(
    code="device-rules",
    why="a Pod cannot open device classes to a container that is not privileged",
    advice="install a device plugin, or set `privileged: true` if that is acceptable",
    consequence=Consequence.START,
)
_SHM_TAKEN = Missing(
    code="shared-memory-mounted",
    why="something else is mounted at /dev/shm",
    consequence=Consequence.NONE,
)


def device_parts(service: Service, context: Context) -> PodParts:
    """Host devices of a privileged container, as hostPath volumes."""
    volumes: list[Object] = []
    mounts: list[Object] = []
    if service.device_cgroup_rules:
        outcome = UNCHANGED if service.privileged else _RULES
        context.notes(("services", service.name, "device_cgroup_rules"), outcome)
    for index, device in enumerate(service.devices):
        path = ("services", service.name, "devices", index)
        if not device.source.startswith("/"):
            context.notes(path, _CDI)
        elif not service.privileged:
            context.notes(path, _DEVICE)
        elif _target(device) == device.source:
            context.notes(path, UNCHANGED)
        else:
            name = context.names.object("device", f"{service.name}-device-{index}")
            volumes.append({"name": name, "hostPath": {"path": device.source}})
            mounts.append({"name": name, "mountPath": _target(device)})
            context.notes((*path, "permissions"), UNCHANGED)
    return PodParts(volumes=tuple(volumes), mounts=tuple(mounts))


def shared_memory_parts(service: Service, taken: frozenset[str], context: Context) -> PodParts:
    """Shared memory of the size asked for; `taken` are the paths that others mount."""
    if not service.shm_size:
        return PodParts()
    if SHARED_MEMORY in taken:
        context.notes(("services", service.name, "shm_size"), _SHM_TAKEN)
        return PodParts()
    name = f"shm-{context.names.workload(service.name)}"
    size = byte_quantity(service.shm_size)
    return PodParts(
        volumes=({"name": name, "emptyDir": {"medium": "Memory", "sizeLimit": size}},),
        mounts=({"name": name, "mountPath": SHARED_MEMORY},),
    )


def _target(device: HostDevice) -> str:
    return device.target or device.source
