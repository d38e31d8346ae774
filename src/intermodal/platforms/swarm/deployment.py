"""The `deploy` section: how many instances, where, how they are replaced and started again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.quantities import format_duration
from intermodal.model.placement import Deploy, Placement
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.swarm.plain import filled
from intermodal.platforms.swarm.resources import OUTRANKED, resources
from intermodal.platforms.swarm.spelling import unique

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.placement import RestartPolicy, UpdateConfig
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

ONE_EACH = Missing(
    code="swarm-replicas-of-global",
    why="a global service has one instance on every node, whatever number is named",
    consequence=Consequence.NONE,
)
NO_JOB_UPDATE = Missing(
    code="swarm-job-update",
    why="Swarm refuses update and rollback settings on jobs",
    advice="leave them out",
    consequence=Consequence.NONE,
)
JOB_RESTART = Approximate(
    code="swarm-job-restart",
    why="a job's instances that end well are done, whatever the condition says; those that fail are started again",
    how="condition: on-failure",
    consequence=Consequence.BEHAVIOUR,
)
PLATFORM = Approximate(
    code="swarm-platform",
    why="only nodes of this architecture run the service; none emulates it",
    how="a placement constraint",
)
_CONDITIONS = {"no": "none", "always": "any", "unless-stopped": "any", "on-failure": "on-failure"}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "arm64/v8": "aarch64", "386": "i386", "arm": "armv7l"}
_MACHINES |= {"arm/v7": "armv7l", "arm/v6": "armv6l"}
_NOWHERE = Placement()
_NOTHING = Deploy()


def deployment(context: Context, service: Service, nodes: tuple[str, ...], *, awaited: bool) -> Object:
    """The section; `nodes` hold the service's data, `awaited` says that others wait for it to end well."""
    said = service.deploy or _NOTHING
    path = ("services", service.name, "deploy")
    mode = context.wishes.mode(service) or said.mode
    is_job = mode.endswith("-job")
    return filled(
        mode="" if mode == "replicated" else mode,
        replicas=_replicas(context, service, said, mode),
        endpoint_mode=said.endpoint_mode,
        labels=dict(said.labels),
        update_config=_update(context, (*path, "update_config"), said.update_config, is_job=is_job),
        rollback_config=_update(context, (*path, "rollback_config"), said.rollback_config, is_job=is_job),
        resources=resources(context, service),
        restart_policy=_restart(context, service, said, is_job=is_job, awaited=awaited),
        placement=_placement(context, service, said.placement or _NOWHERE, nodes),
    )


def _replicas(context: Context, service: Service, said: Deploy, mode: str) -> int | None:
    path = ("services", service.name)
    if mode.startswith("global"):
        for field in ((*path, "deploy", "replicas"), (*path, "scale")):
            context.notes(field, ONE_EACH)
        return None
    if said.replicas is not None and service.scale is not None:
        context.notes((*path, "scale"), OUTRANKED)
    return said.replicas if said.replicas is not None else service.scale


def _update(context: Context, path: Path, said: UpdateConfig | None, *, is_job: bool) -> Object | None:
    if said is None:
        return None
    if is_job:
        context.notes(path, NO_JOB_UPDATE)
        return None
    return filled(
        parallelism=said.parallelism,
        delay=_text(said.delay),
        failure_action=said.failure_action,
        monitor=_text(said.monitor),
        max_failure_ratio=said.max_failure_ratio,
        order=said.order,
    )


def _restart(context: Context, service: Service, said: Deploy, *, is_job: bool, awaited: bool) -> Object:
    """What `deploy` says, else what `restart` says; a service that others wait for is repeated until it ends well."""
    policy = said.restart_policy
    if policy is not None:
        if service.restart:
            context.notes(("services", service.name, "restart"), OUTRANKED)
        made = _policy(policy)
    elif service.restart:
        made = _own_restart(service.restart)
    else:
        made = filled(condition="on-failure" if awaited or is_job else context.wishes.restart)
    if is_job and made.get("condition", "any") == "any":
        written = ("deploy", "restart_policy", "condition") if policy is not None else ("restart",)
        context.notes(("services", service.name, *written), JOB_RESTART)
        made["condition"] = "on-failure"
    return made


def _policy(policy: RestartPolicy) -> Object:
    return filled(
        condition=policy.condition,
        delay=_text(policy.delay),
        max_attempts=policy.max_attempts,
        window=_text(policy.window),
    )


def _own_restart(restart: str) -> Object:
    condition, _, attempts = restart.partition(":")
    count = int(attempts) if attempts.isdecimal() and int(attempts) > 0 else None
    return filled(condition=_CONDITIONS.get(condition, "any"), max_attempts=count)


def _placement(context: Context, service: Service, said: Placement, nodes: tuple[str, ...]) -> Object:
    bindings = [f"node.hostname == {node}" for node in nodes]
    return filled(
        constraints=unique((*said.constraints, *bindings, *_platform(context, service))),
        preferences=[{"spread": preference.spread} for preference in said.preferences],
        max_replicas_per_node=said.max_replicas_per_node,
    )


def _platform(context: Context, service: Service) -> list[str]:
    """Constraints that stand for `platform`: system/machine[/variant]."""
    if not service.platform:
        return []
    context.notes(("services", service.name, "platform"), PLATFORM)
    system, _, rest = service.platform.partition("/")
    machine = _MACHINES.get(rest, rest.partition("/")[0])
    made = [f"node.platform.os == {system}"]
    return [*made, f"node.platform.arch == {machine}"] if machine else made


def _text(seconds: float | None) -> str | None:
    return None if seconds is None else format_duration(seconds)
