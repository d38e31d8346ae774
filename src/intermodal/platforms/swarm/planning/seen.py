"""What one look at a Swarm found: the raw answers of one list call per kind, and plain questions to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.records import NOTHING, record
from intermodal.model.labels import ONEOFF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Raw: TypeAlias = "Mapping[str, Any]"
"""An object as the engine's API spells it."""

STACK = "com.docker.stack.namespace"
"""The label by which Docker's own commands know what belongs to a stack."""
IMAGE = "com.docker.stack.image"
"""The label that keeps the image's name as the file has it, while the service has a digest."""


@record
class Seen:
    """Services are those of the stack; networks, configs and secrets all there are, since external ones count too."""

    services: tuple[Raw, ...] = ()
    networks: tuple[Raw, ...] = ()
    configs: tuple[Raw, ...] = ()
    secrets: tuple[Raw, ...] = ()
    nodes: tuple[Raw, ...] = ()
    tasks: tuple[Raw, ...] = ()
    volumes: tuple[Raw, ...] = ()


def labels(raw: Raw) -> Mapping[str, str]:
    """The labels of a service, config, secret or network."""
    found: Mapping[str, str] = (raw.get("Spec") or raw).get("Labels") or NOTHING
    return found


def name(raw: Raw) -> str:
    """The name of a service, config, secret or network on the engine."""
    found: str = (raw.get("Spec") or raw).get("Name") or ""
    return found


def by_name(raws: Iterable[Raw]) -> dict[str, Raw]:
    """Objects by their names."""
    return {name(raw): raw for raw in raws}


def of_stack(raws: Iterable[Raw], stack: str) -> list[Raw]:
    """The objects that belong to a stack."""
    return [raw for raw in raws if labels(raw).get(STACK) == stack]


def lasting(services: Iterable[Raw]) -> list[Raw]:
    """The services that are not one-off runs."""
    return [raw for raw in services if ONEOFF not in labels(raw)]


def network_names(networks: Iterable[Raw]) -> dict[str, str]:
    """Names of networks by their ids."""
    return {raw["Id"]: raw["Name"] for raw in networks}


def short(full_name: str, stack: str) -> str:
    """What people call a service: `web` of `shop_web`."""
    return full_name.removeprefix(f"{stack}_")


def live_replicas(spec: Raw) -> int | None:
    """How many instances a service has to have now, None where that is not a number to choose."""
    mode = spec.get("Mode") or {}
    if "ReplicatedJob" in mode:
        total: int = (mode["ReplicatedJob"] or {}).get("TotalCompletions", 1)
        return total
    if "Replicated" in mode:
        replicas: int = (mode["Replicated"] or {}).get("Replicas", 1)
        return replicas
    return None


def mode(spec: Raw) -> str:
    """Replicated, Global, ReplicatedJob or GlobalJob."""
    return next(iter(spec.get("Mode") or {}), "Replicated")


def with_replicas(spec: Raw, replicas: int | None) -> dict[str, Any]:
    """The spec with that many instances; as it is where they are not a number to choose."""
    kind = mode(spec)
    if replicas is None or kind not in ("Replicated", "ReplicatedJob"):
        return dict(spec)
    said = dict((spec.get("Mode") or {}).get(kind) or {})
    if kind == "Replicated":
        said["Replicas"] = replicas
    else:
        said["TotalCompletions"] = replicas
        said["MaxConcurrent"] = min(said.get("MaxConcurrent") or replicas, replicas) or replicas
    return {**spec, "Mode": {kind: said}}


def force(spec: Raw) -> int:
    """How often the service was told to start its instances anew."""
    count: int = (spec.get("TaskTemplate") or {}).get("ForceUpdate") or 0
    return count


def with_force(spec: Raw, count: int) -> dict[str, Any]:
    """The spec with that count."""
    return {**spec, "TaskTemplate": {**spec.get("TaskTemplate", {}), "ForceUpdate": count}}


def image(spec: Raw) -> str:
    """The image a service's instances are started from, digest included where it has one."""
    found: str = container(spec).get("Image") or ""
    return found


def with_image(spec: Raw, image: str, platforms: tuple[Raw, ...] = ()) -> dict[str, Any]:
    """The spec with that image, bound to nodes of the platforms it was built for where they are known."""
    template = dict(spec.get("TaskTemplate") or {})
    template["ContainerSpec"] = {**(template.get("ContainerSpec") or {}), "Image": image}
    if platforms:
        template["Placement"] = {**(template.get("Placement") or {}), "Platforms": [dict(one) for one in platforms]}
    return {**spec, "TaskTemplate": template}


def container(spec: Raw) -> Raw:
    """The container's part of a service's spec."""
    return (spec.get("TaskTemplate") or {}).get("ContainerSpec") or {}


def with_network_names(spec: Raw, names: Mapping[str, str]) -> dict[str, Any]:
    """The spec with names in place of the ids of networks."""
    template = dict(spec.get("TaskTemplate") or {})
    if template.get("Networks"):
        joined = [{**one, "Target": names.get(one["Target"], one["Target"])} for one in template["Networks"]]
        template["Networks"] = joined
    return {**spec, "TaskTemplate": template}


def is_paused(raw: Raw) -> bool:
    """Whether an update or a rollback of the service stopped half way."""
    return ((raw.get("UpdateStatus") or {}).get("State") or "").endswith("paused")
