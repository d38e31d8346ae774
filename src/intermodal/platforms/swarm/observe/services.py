"""Services with their tasks -> `Running`. One-off runs are left out: they are no part of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.moments import seconds
from intermodal.kit.records import NOTHING
from intermodal.model.labels import ONEOFF, REVISION
from intermodal.model.running import Running, ServiceState, Update
from intermodal.platforms.swarm.observe.instances import Surroundings, instances, published
from intermodal.platforms.swarm.observe.nodes import lost, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Raw: TypeAlias = "Mapping[str, Any]"

PLATFORM = "swarm"
NAMESPACE = "com.docker.stack.namespace"
IMAGE = "com.docker.stack.image"
_UPDATES = {
    "rollback_started": "rolling-back",
    "rollback_paused": "paused",
    "rollback_completed": "rolled-back",
}


def running(  # noqa: PLR0913 - one list for each kind of object
    application: str,
    services: Iterable[Raw],
    tasks: Iterable[Raw],
    nodes: Sequence[Raw],
    *,
    networks: Iterable[Raw] = (),
    configs: Iterable[Raw] = (),
    secrets: Iterable[Raw] = (),
    volumes: Iterable[Raw] = (),
) -> Running:
    """One application as it runs. The lists may hold more than it: its parts are found by their labels."""
    own = [service for service in services if _of(service) == application]
    by_service = _by_service(tasks)
    around = Surroundings(nodes=names(nodes), lost=lost(nodes))
    return Running(
        application=application,
        platform=PLATFORM,
        services=_states(own, application, by_service, around),
        networks=_names(networks, application),
        volumes=_names(volumes, application),
        configs=_names(configs, application),
        secrets=_names(secrets, application),
    )


def applications(services: Iterable[Raw], tasks: Iterable[Raw], nodes: Sequence[Raw]) -> tuple[Running, ...]:
    """Every stack on the Swarm, by name; services that belong to none are left out."""
    stacks: dict[str, list[Raw]] = {}
    for service in services:
        stacks.setdefault(_of(service), []).append(service)
    stacks.pop("", None)
    by_service = _by_service(tasks)
    around = Surroundings(nodes=names(nodes), lost=lost(nodes))
    return tuple(
        Running(application=name, platform=PLATFORM, services=_states(own, name, by_service, around))
        for name, own in sorted(stacks.items())
    )


def _by_service(tasks: Iterable[Raw]) -> dict[str, list[Raw]]:
    found: dict[str, list[Raw]] = {}
    for task in tasks:
        found.setdefault(task.get("ServiceID", ""), []).append(task)
    return found


def _states(
    services: Iterable[Raw], application: str, tasks: Mapping[str, list[Raw]], around: Surroundings
) -> dict[str, ServiceState]:
    made = [
        _state(service, application, tasks.get(service["ID"], []), around)
        for service in services
        if ONEOFF not in _labels(service)
    ]
    return {state.name: state for state in sorted(made, key=lambda state: state.name)}


def _state(service: Raw, application: str, tasks: list[Raw], around: Surroundings) -> ServiceState:
    spec = service["Spec"]
    name = spec["Name"].removeprefix(f"{application}_")
    mode, wanted = _mode(spec.get("Mode") or NOTHING)
    labels = _labels(service)
    inside = spec["TaskTemplate"].get("ContainerSpec") or NOTHING
    return ServiceState(
        name=name,
        image=labels.get(IMAGE) or inside.get("Image", "").partition("@")[0],
        mode=mode,
        wanted=wanted,
        revision=labels.get(REVISION, ""),
        instances=instances(service, name, tasks, around),
        update=_update(service.get("UpdateStatus")),
        ports=tuple(map(published, (service.get("Endpoint") or NOTHING).get("Ports") or ())),
        labels=labels,
    )


def _mode(mode: Raw) -> tuple[str, int | None]:
    if "ReplicatedJob" in mode:
        return "job", mode["ReplicatedJob"].get("TotalCompletions", 1)
    if "GlobalJob" in mode:
        return "job", None
    if "Global" in mode:
        return "global", None
    return "replicated", (mode.get("Replicated") or NOTHING).get("Replicas", 1)


def _update(status: Raw | None) -> Update | None:
    if not status or not status.get("State"):
        return None
    state: str = status["State"]
    return Update(
        state=_UPDATES.get(state, state),
        message=status.get("Message", ""),
        started=seconds(status.get("StartedAt") or ""),
    )


def _labels(raw: Raw) -> Mapping[str, str]:
    found: Mapping[str, str] = (raw.get("Spec") or raw).get("Labels") or NOTHING
    return found


def _of(raw: Raw) -> str:
    return _labels(raw).get(NAMESPACE, "")


def _names(raws: Iterable[Raw], application: str) -> tuple[str, ...]:
    own = [raw for raw in raws if _of(raw) == application]
    return tuple(sorted(str((raw.get("Spec") or raw).get("Name", "")) for raw in own))
