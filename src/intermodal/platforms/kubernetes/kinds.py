"""Which controller runs a service: something that serves for ever, or a task that ends. Told in docs: workloads.

Compose does not say which of the two a service is, so evidence decides, strongest first: a wish, `deploy.mode`, a
schedule, a dependent that waits for completion, and `restart: "no"` or `on-failure` on a service that shows no sign
of serving. In doubt it is a Job: a server in a Job still serves, but a task in a Deployment is run again for ever.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.network.image_ports import image_ports
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.volumes import StoragePlan

COMPLETED = "service_completed_successfully"


class Kind(Enum):
    """A controller of Pods."""

    DEPLOYMENT = "Deployment"
    STATEFUL_SET = "StatefulSet"
    DAEMON_SET = "DaemonSet"
    JOB = "Job"
    CRON_JOB = "CronJob"

    @property
    def ends(self) -> bool:
        """Whether its Pods are expected to end."""
        return self in {Kind.JOB, Kind.CRON_JOB}


_BY_WISH = {kind.value.lower(): kind for kind in Kind}


def decide_kinds(context: Context, storage: StoragePlan) -> Mapping[str, Kind]:
    """The controller of every service that has one, by service; all of a Pod's services have the same."""
    awaited = awaited_ends(context)
    kinds: dict[str, Kind] = {}
    for name, service in context.application.services.items():
        if context.groups.leader(name) == name and service.provider is None:
            members = pod_of(context, name)
            kind = _kind(members, context, storage, awaited)
            kinds.update((member.name, kind) for member in members)
    return kinds


def pod_of(context: Context, leader: str) -> tuple[Service, ...]:
    """The services of a Pod, its leader first."""
    return tuple(context.application.services[name] for name in context.groups.members(leader))


def awaited_ends(context: Context) -> frozenset[str]:
    """The services that another one waits for to end well."""
    return frozenset(
        name
        for service in context.application.services.values()
        for name, dependency in service.depends_on.items()
        if dependency.condition == COMPLETED
    )


def ends(service: Service, awaited: Collection[str]) -> bool:
    """Whether a service is a task by the evidence of its own section and of those who wait for it."""
    if mode(service).endswith("-job") or service.name in awaited:
        return True
    return restart_condition(service) in {"no", "on-failure"} and not _serves(service)


def mode(service: Service) -> str:
    """The mode of the service's deployment."""
    return (service.deploy.mode if service.deploy else "") or "replicated"


def restart_condition(service: Service) -> str:
    """When it is started again: no, on-failure, always, unless-stopped, or "" where nothing is said.

    `deploy.restart_policy` is stronger than `restart`, as in docker compose.
    """
    policy = service.deploy.restart_policy if service.deploy else None
    said = policy.condition if policy else ""
    return {"none": "no", "any": "always"}.get(said, said) or service.restart.partition(":")[0]


def _kind(members: tuple[Service, ...], context: Context, storage: StoragePlan, awaited: Collection[str]) -> Kind:
    wishes = service_wishes(members[0].name, context)
    if wishes.controller in _BY_WISH:
        return _BY_WISH[wishes.controller]
    if mode(members[0]) == "global":
        return Kind.DAEMON_SET
    if wishes.schedule:
        return Kind.CRON_JOB
    if all(ends(service, awaited) for service in members):
        return Kind.JOB
    return Kind.STATEFUL_SET if writes_alone(members, storage) else Kind.DEPLOYMENT


def writes_alone(members: Sequence[Service], storage: StoragePlan) -> bool:
    """Whether a Pod writes to storage that outlives it, and nothing else writes there."""
    return any(storage.owns(service.name) and storage.single_writer(service.name) for service in members)


def _serves(service: Service) -> bool:
    deploy = service.deploy
    rolled = deploy is not None and (deploy.replicas is not None or deploy.update_config is not None)
    known = service.command is None and service.entrypoint is None and bool(image_ports(service.image))
    tested = service.healthcheck is not None and service.healthcheck.test[:1] not in {(), ("NONE",)}
    return bool(service.ports or service.expose or rolled or tested or known or (service.scale or 0) > 1)
