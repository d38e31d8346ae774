"""GPUs and other countable devices: requests to Docker become extended resources of a device plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.terms import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.resources import DeviceRequest
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

RESOURCES = {
    "": "nvidia.com/gpu",
    "nvidia": "nvidia.com/gpu",
    "nvidia.com/gpu": "nvidia.com/gpu",
    "amd": "amd.com/gpu",
    "amd.com/gpu": "amd.com/gpu",
    "intel": "gpu.intel.com/i915",
}
"""Docker's device driver -> the resource of that maker's device plugin."""
CAPABILITIES = frozenset({"gpu", "nvidia", "compute", "utility", "graphics", "video", "display", "compat32"})

_PLUGIN = Approximate(
    code="gpu-needs-device-plugin",
    why="GPUs are counted by the maker's device plugin; without it on the nodes the Pod waits for ever",
    advice="install the device plugin or operator of the GPUs' maker",
    how="resources.limits",
)
_ALL = Missing(
    code="all-gpus-not-known",
    why="how many GPUs a node has is not known here, so one is asked for",
    advice="write `count` with the number wanted",
)
_CAPABILITIES = Missing(
    code="gpu-capabilities-together",
    why="a GPU comes with every capability of its driver that the image asks for",
    consequence=Consequence.NONE,
)
_IDS = Approximate(
    code="gpu-ids-as-count",
    why="the scheduler gives out GPUs by number, not by name, so as many as were listed are asked for",
    advice="choose nodes with a placement constraint if the kind of GPU matters",
    consequence=Consequence.BEHAVIOUR,
    how="resources.limits",
)
_UNKNOWN = Missing(
    code="device-request-unknown",
    why="no device plugin is known for this driver and these capabilities",
    advice="install a device plugin for the device and add its resource to the container's limits",
    consequence=Consequence.START,
)
_OPTIONS = Missing(
    code="device-options-dropped",
    why="a device plugin takes no options of the container's",
    consequence=Consequence.BEHAVIOUR,
)
_GENERIC = Missing(
    code="generic-resource-unknown",
    why="Swarm's own resources mean nothing to Kubernetes' scheduler",
    advice="advertise it on the nodes as an extended resource, or constrain the placement by a node label",
)


def accelerators(service: Service, context: Context) -> Object:
    """Extended resources for a container's limits."""
    made: dict[str, int] = {}
    for path, request in _requests(service):
        resource, count, outcome = _answer(request)
        context.notes(path, outcome)
        if resource:
            _note_fields(path, request, context)
            made[resource] = made.get(resource, 0) + count
    for resource, count in _generic(service, context):
        made[resource] = made.get(resource, 0) + count
    return {name: str(count) for name, count in made.items()}


def _note_fields(path: Path, request: DeviceRequest, context: Context) -> None:
    """Fields that change nothing: capabilities come all together, and one NVIDIA GPU is what is asked for unsaid."""
    context.notes((*path, "capabilities"), _CAPABILITIES)
    context.notes((*path, "options"), _OPTIONS)
    if RESOURCES[request.driver] == RESOURCES[""]:
        context.notes((*path, "driver"), UNCHANGED)
    if request.count == -1:
        context.notes((*path, "count"), _ALL)
    elif request.count == 1:
        context.notes((*path, "count"), UNCHANGED)


def _requests(service: Service) -> Iterator[tuple[Path, DeviceRequest]]:
    for index, request in enumerate(service.gpus):
        yield ("services", service.name, "gpus", index), request
    deploy = service.deploy
    reservations = deploy.resources.reservations if deploy and deploy.resources else None
    for index, request in enumerate(reservations.devices if reservations else ()):
        yield ("services", service.name, "deploy", "resources", "reservations", "devices", index), request


def _answer(request: DeviceRequest) -> tuple[str, int, Outcome]:
    known = CAPABILITIES.issuperset(request.capabilities) and request.driver in RESOURCES
    if not known:
        return "", 0, _UNKNOWN
    resource = RESOURCES[request.driver]
    if request.device_ids:
        return resource, len(request.device_ids), _IDS
    if request.count in {None, -1}:
        return resource, 1, _PLUGIN
    return resource, request.count or 0, _PLUGIN


def _generic(service: Service, context: Context) -> Iterator[tuple[str, int]]:
    deploy = service.deploy
    reservations = deploy.resources.reservations if deploy and deploy.resources else None
    for index, resource in enumerate(reservations.generic_resources if reservations else ()):
        path = ("services", service.name, "deploy", "resources", "reservations", "generic_resources", index)
        spec = resource.discrete_resource_spec
        name = _extended_name(spec.kind) if spec else ""
        if spec and name and spec.value > 0:
            context.notes(path, _PLUGIN)
            yield name, spec.value
        else:
            context.notes(path, _GENERIC)


def _extended_name(kind: str) -> str:
    """A domain-qualified kind is a resource's name already; Swarm's customary NVIDIA-GPU is nvidia.com/gpu."""
    domain, slash, name = kind.partition("/")
    if slash and domain and name and "." in domain:
        return kind
    return "nvidia.com/gpu" if kind.upper() in {"NVIDIA-GPU", "NVIDIA_GPU", "GPU"} else ""
