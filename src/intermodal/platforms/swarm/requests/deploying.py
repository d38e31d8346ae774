"""How many instances, where, with what, replaced how: `deploy` of the stack -> fields of the API's ServiceSpec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import filled, nano_cpus
from intermodal.kit.quantities import nanoseconds, size
from intermodal.kit.records import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from intermodal.platforms.swarm.plain import Object


def mode(deploy: Object) -> tuple[str, int | None, Object]:
    """Its kind (replicated, global, job), the number the file says, and the API's Mode."""
    said = deploy.get("mode", "replicated")
    count = deploy.get("replicas", 1)
    if said == "replicated-job":
        return "job", count, {"ReplicatedJob": {"MaxConcurrent": count, "TotalCompletions": count}}
    if said == "global-job":
        return "job", None, {"GlobalJob": {}}
    if said == "global":
        return "global", None, {"Global": {}}
    return "replicated", count, {"Replicated": {"Replicas": count}}


def update(said: Object | None) -> Object | None:
    """How instances are exchanged, on an update or a rollback; a section that says nothing does one after another."""
    if said is None:
        return None
    return {"Parallelism": said.get("parallelism", 1)} | filled(
        Delay=_time(said, "delay"),
        FailureAction=said.get("failure_action"),
        Monitor=_time(said, "monitor"),
        MaxFailureRatio=said.get("max_failure_ratio"),
        Order=said.get("order"),
    )


def restart(said: Object) -> Object:
    """When an instance that ended is started again."""
    return filled(
        Condition=said.get("condition"),
        Delay=_time(said, "delay"),
        MaxAttempts=said.get("max_attempts"),
        Window=_time(said, "window"),
    )


def resources(said: Object) -> Object:
    """Limits and reservations."""
    limits, kept = said.get("limits", NOTHING), said.get("reservations", NOTHING)
    return filled(
        Limits=filled(**_amounts(limits), Pids=limits.get("pids")),
        Reservations=filled(**_amounts(kept), GenericResources=_generic(kept)),
    )


def _amounts(said: Mapping[str, Any]) -> Object:
    cpus, memory = said.get("cpus"), said.get("memory")
    return {
        "NanoCPUs": None if cpus is None else nano_cpus(float(cpus)),
        "MemoryBytes": None if memory is None else size(memory),
    }


def _generic(said: Mapping[str, Any]) -> list[Object]:
    specs = [one["discrete_resource_spec"] for one in said.get("generic_resources", ()) if one]
    return [{"DiscreteResourceSpec": {"Kind": spec["kind"], "Value": spec["value"]}} for spec in specs]


def placement(said: Object) -> Object:
    """Which nodes may run it."""
    return filled(
        Constraints=said.get("constraints"),
        Preferences=[{"Spread": {"SpreadDescriptor": one["spread"]}} for one in said.get("preferences", ())],
        MaxReplicas=said.get("max_replicas_per_node"),
    )


def endpoint(deploy: Object, ports: list[Object]) -> Object:
    """How the service is reached; ports are sorted as the client sends them."""
    return filled(Mode=deploy.get("endpoint_mode"), Ports=sorted(map(_port, ports), key=_place))


def _port(said: Object) -> Object:
    return filled(
        Protocol=said.get("protocol"),
        TargetPort=said["target"],
        PublishedPort=said.get("published"),
        PublishMode=said.get("mode"),
    )


def _place(port: Object) -> tuple[int, int, str]:
    return port.get("PublishedPort", 0), port["TargetPort"], port.get("Protocol", "")


def _time(said: Object, key: str) -> int | None:
    return nanoseconds(said[key]) if key in said else None
