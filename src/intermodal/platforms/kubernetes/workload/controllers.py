"""The object that runs a service: Deployment, StatefulSet, DaemonSet, Job or CronJob. Never a bare Pod."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.kinds import Kind, mode, pod_of, writes_alone
from intermodal.platforms.kubernetes.labels import sort_labels
from intermodal.platforms.kubernetes.objects import document, make_object, metadata, selector
from intermodal.platforms.kubernetes.terms import UNCHANGED
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes
from intermodal.platforms.kubernetes.workload.pods import pod_template
from intermodal.platforms.kubernetes.workload.restarts import job_retries, note_restarts
from intermodal.platforms.kubernetes.workload.unsupported import note_values
from intermodal.platforms.kubernetes.workload.updates import update_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intermodal.model.application import Service
    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object
    from intermodal.platforms.kubernetes.workload.pods import Plan

_EVERY_NODE = Missing(
    code="replicas-on-every-node",
    why="a DaemonSet runs one instance on every node, however many replicas are written",
    consequence=Consequence.NONE,
)
_ONCE = Approximate(
    code="global-job-runs-once",
    why="Kubernetes has no job that runs on every node; it runs once, on one of them",
    advice="use a DaemonSet whose init container does the work, or one Job per node",
    consequence=Consequence.BEHAVIOUR,
    how="a Job",
)
_WITH_LEADER = Missing(
    code="deployed-with-its-pod",
    why="the service runs in another one's Pod, whose section says how many there are and how they are replaced",
    advice="write it for the service whose namespace is shared",
)
_NO_SCHEDULE = "0 0 * * *"
"""For a CronJob that was asked for without a schedule: daily."""


def workload_documents(plan: Plan, context: Context) -> tuple[Document, ...]:
    """The controllers of all services, in the order of the file."""
    return tuple(
        document(_controller(pod_of(context, name), plan, context))
        for name in plan.kinds
        if context.groups.leader(name) == name
    )


def _controller(members: Sequence[Service], plan: Plan, context: Context) -> Object:
    leader = members[0]
    kind = plan.kinds[leader.name]
    for service in members:
        note_restarts(service, kind, context, awaited=service.name in plan.awaited)
        note_values(service, context)
    for service in members[1:]:
        _note_led(service, context)
    _note_mode(leader, kind, context)
    marks = sort_labels(_deploy_labels(leader), ("services", leader.name, "deploy", "labels"), context)
    name = context.names.workload(leader.name)
    head = metadata(context, name, service=leader.name, labels=marks.labels, annotations=marks.annotations)
    spec = {Kind.JOB: _job, Kind.CRON_JOB: _cron_job}.get(kind, _set)(members, plan, context)
    return make_object(context, kind.value, head, spec=spec)


def _set(members: Sequence[Service], plan: Plan, context: Context) -> Object:
    """The spec of a controller whose Pods run for ever."""
    leader = members[0]
    kind = plan.kinds[leader.name]
    one_writer = writes_alone(members, plan.storage)
    made: Object = {}
    replicas = _replicas(leader)
    if kind is Kind.DAEMON_SET:
        _note_replicas(leader, _EVERY_NODE, context)
    elif replicas is not None:
        made["replicas"] = replicas
    if kind is Kind.STATEFUL_SET:
        exposure = plan.exposures.get(leader.name)
        made["serviceName"] = exposure.service if exposure else context.names.service(leader.name)
        if (replicas or 1) > 1:
            made["podManagementPolicy"] = "Parallel"
    made |= update_fields(leader, kind, context, one_writer=one_writer)
    made["selector"] = {"matchLabels": selector(context, leader.name)}
    return {**made, "template": pod_template(members, plan, context)}


def _job(members: Sequence[Service], plan: Plan, context: Context) -> Object:
    """The spec of a Job. It stays when done: others may still have to see that it ended well."""
    leader = members[0]
    update_fields(leader, Kind.JOB, context, one_writer=False)
    retries = job_retries(leader)
    limit = service_wishes(leader.name, context).cron_backoff_limit
    made: Object = {"backoffLimit": retries.limit if limit is None else limit}
    replicas = _replicas(leader)
    if replicas is not None:
        made |= {"completions": replicas, "parallelism": replicas}
    return {**made, "template": pod_template(members, plan, context, retries.policy)}


def _cron_job(members: Sequence[Service], plan: Plan, context: Context) -> Object:
    wishes = service_wishes(members[0].name, context)
    return {
        "schedule": wishes.schedule or _NO_SCHEDULE,
        **({"concurrencyPolicy": wishes.cron_concurrency} if wishes.cron_concurrency else {}),
        "jobTemplate": {"spec": _job(members, plan, context)},
    }


def _replicas(service: Service) -> int | None:
    """How many instances; `deploy.replicas` and `scale` never differ, the loader sees to that."""
    asked = service.deploy.replicas if service.deploy else None
    return service.scale if asked is None else asked


def _deploy_labels(service: Service) -> dict[str, str]:
    return dict(service.deploy.labels) if service.deploy else {}


def _note_mode(leader: Service, kind: Kind, context: Context) -> None:
    path = ("services", leader.name, "deploy", "mode")
    if mode(leader) == "global-job":
        context.notes(path, _ONCE)
    elif mode(leader) == "replicated":
        context.notes(path, UNCHANGED)
    elif kind.ends != mode(leader).endswith("-job") or (mode(leader) == "global") != (kind is Kind.DAEMON_SET):
        context.notes(path, _OTHER_CONTROLLER)


_OTHER_CONTROLLER = Missing(
    code="controller-asked-for",
    why="another controller was asked for by name",
    consequence=Consequence.NONE,
)


def _note_led(service: Service, context: Context) -> None:
    for path in _led_fields(service):
        context.notes(("services", service.name, *path), _WITH_LEADER)


def _led_fields(service: Service) -> Iterator[tuple[str, ...]]:
    for field in ("scale", "hostname", "dns", "dns_opt", "dns_search"):
        if getattr(service, field) not in {None, "", ()}:
            yield (field,)
    if service.deploy is not None:
        for field in ("mode", "replicas", "labels", "update_config"):
            yield ("deploy", field)


def _note_replicas(service: Service, outcome: Missing, context: Context) -> None:
    for path in (("scale",), ("deploy", "replicas")):
        context.notes(("services", service.name, *path), outcome)
