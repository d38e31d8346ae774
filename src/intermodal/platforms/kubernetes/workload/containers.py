"""One service's container: what every concern makes of it, put together in the customary order of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import replace
from intermodal.platforms.kubernetes.context import PodParts
from intermodal.platforms.kubernetes.files.environment import environment_parts
from intermodal.platforms.kubernetes.files.files import file_parts
from intermodal.platforms.kubernetes.images import image
from intermodal.platforms.kubernetes.network.exposure import container_ports
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes
from intermodal.platforms.kubernetes.workload.commands import command, pull_policy
from intermodal.platforms.kubernetes.workload.devices import device_parts, shared_memory_parts
from intermodal.platforms.kubernetes.workload.lifecycle import lifecycle
from intermodal.platforms.kubernetes.workload.probes import probes
from intermodal.platforms.kubernetes.workload.resources import resources
from intermodal.platforms.kubernetes.workload.security import container_security

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.kinds import Kind
    from intermodal.platforms.kubernetes.network.exposure import Exposure
    from intermodal.platforms.kubernetes.storage.volumes import StoragePlan
    from intermodal.platforms.kubernetes.terms import Object


def gather(service: Service, storage: StoragePlan, context: Context) -> PodParts:
    """Everything that volumes, files, variables and devices add to a service's Pod."""
    found = [
        _fetched_alike(service, storage.parts(service.name), context),
        file_parts(service.name, context),
        environment_parts(service.name, context),
        device_parts(service, context),
    ]
    taken = frozenset(mount["mountPath"] for parts in found for mount in parts.mounts)
    return joined(*found, shared_memory_parts(service, taken, context))


def _fetched_alike(service: Service, parts: PodParts, context: Context) -> PodParts:
    """Init containers of the service's own image follow the service's pull policy."""
    policy = pull_policy(service, service_wishes(service.name, context), context)
    if not policy or not parts.init_containers:
        return parts
    own = image(service, context)
    prepared = ({**made, **policy} if made["image"] == own else made for made in parts.init_containers)
    return replace(parts, init_containers=tuple(prepared))


def joined(*parts: PodParts) -> PodParts:
    """Several parts as one; a volume that several name is there once."""
    if len(parts) == 1:
        return parts[0]
    volumes = {volume["name"]: volume for part in parts for volume in part.volumes}
    return PodParts(
        volumes=tuple(volumes.values()),
        mounts=_together(parts, "mounts"),
        init_containers=_together(parts, "init_containers"),
        env=_together(parts, "env"),
        env_from=_together(parts, "env_from"),
        annotations=_together(parts, "annotations"),
        supplemental_groups=tuple(dict.fromkeys(_together(parts, "supplemental_groups"))),
        node_names=tuple(dict.fromkeys(_together(parts, "node_names"))),
    )


def _together(parts: tuple[PodParts, ...], field: str) -> tuple[Any, ...]:
    return tuple([each for part in parts for each in getattr(part, field)])


def container(service: Service, parts: PodParts, kind: Kind, exposure: Exposure | None, context: Context) -> Object:
    """The container that runs a service."""
    wishes = service_wishes(service.name, context)
    made: Object = {
        "name": context.names.workload(service.name),
        "image": image(service, context),
        **pull_policy(service, wishes, context),
        **command(service, context),
        "workingDir": service.working_dir,
        "ports": list(container_ports(service.name, context)),
        "envFrom": list(parts.env_from),
        "env": list(parts.env),
        "resources": resources(service, wishes, context),
        "volumeMounts": list(parts.mounts),
        "lifecycle": lifecycle(service, context),
        **probes(service, kind, _open_ports(exposure), context),
        "securityContext": container_security(service, context),
        "stdin": service.stdin_open,
        "tty": service.tty,
    }
    return {key: value for key, value in made.items() if value}


def _open_ports(exposure: Exposure | None) -> frozenset[int]:
    ports = exposure.ports if exposure else ()
    return frozenset(port.target for port in ports if port.protocol == "tcp")
