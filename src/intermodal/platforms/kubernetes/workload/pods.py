"""The Pod that a controller makes: containers of one service, or of several that share its namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.platforms.kubernetes.labels import sort_annotations, sort_labels
from intermodal.platforms.kubernetes.network.pod_labels import pod_labels
from intermodal.platforms.kubernetes.objects import common_labels, selector
from intermodal.platforms.kubernetes.waiting.parts import wait_parts
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes
from intermodal.platforms.kubernetes.workload.containers import container, gather, joined
from intermodal.platforms.kubernetes.workload.lifecycle import grace_period
from intermodal.platforms.kubernetes.workload.placement import placement
from intermodal.platforms.kubernetes.workload.resolving import host_aliases, kernel_settings, resolver
from intermodal.platforms.kubernetes.workload.security import app_armor, supplemental_groups
from intermodal.platforms.kubernetes.workload.stages import Stage, in_order, stages
from intermodal.platforms.kubernetes.workload.surroundings import host_name, namespaces, node_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context, PodParts
    from intermodal.platforms.kubernetes.kinds import Kind
    from intermodal.platforms.kubernetes.network.exposure import Exposure
    from intermodal.platforms.kubernetes.storage.volumes import StoragePlan
    from intermodal.platforms.kubernetes.terms import Object
    from intermodal.platforms.kubernetes.waiting.waits import Wait


@record
class Plan:
    """What was decided for all services together, before the first Pod is written."""

    kinds: Mapping[str, Kind]
    exposures: Mapping[str, Exposure]
    storage: StoragePlan
    waits: Mapping[str, tuple[Wait, ...]]
    awaited: frozenset[str]
    """The services that others wait for to end well."""


def pod_template(members: Sequence[Service], plan: Plan, context: Context, restart_policy: str = "") -> Object:
    """The Pod of these services, the first of which leads it."""
    parts = {service.name: gather(service, plan.storage, context) for service in members}
    annotations, labels = _marks(members, parts, context)
    spec = _spec(members, parts, plan, context, restart_policy)
    return {"metadata": {"labels": labels, **({"annotations": annotations} if annotations else {})}, "spec": spec}


def _spec(
    members: Sequence[Service], parts: Mapping[str, PodParts], plan: Plan, context: Context, restart_policy: str
) -> Object:
    leader = members[0]
    kind = plan.kinds[leader.name]
    wishes = service_wishes(leader.name, context)
    waiting = wait_parts(leader.name, plan.waits.get(leader.name, ()), context)
    together = joined(*parts.values())
    initial, running = _containers(members, parts, plan, context)
    made: Object = {
        **host_name(leader, kind, context),
        "serviceAccountName": waiting.account or wishes.service_account,
        "enableServiceLinks": False,
        **namespaces(members, context),
        **node_kind(members, context),
        **placement(members, together.node_names, context),
        **resolver(leader, context),
        **host_aliases(members, context),
        "securityContext": _security(members, together, context),
        "imagePullSecrets": [{"name": name} for name in wishes.image_pull_secrets],
        "initContainers": [*waiting.init_containers, *together.init_containers, *initial],
        "containers": running,
        "restartPolicy": restart_policy,
        "terminationGracePeriodSeconds": _grace(members, context),
        "volumes": [*waiting.volumes, *together.volumes],
    }
    if not wishes.service_account:
        made["automountServiceAccountToken"] = False
    return {key: value for key, value in made.items() if value or value is False}


def _containers(
    members: Sequence[Service], parts: Mapping[str, PodParts], plan: Plan, context: Context
) -> tuple[list[Object], list[Object]]:
    """Init containers and the others."""
    initial: list[Object] = []
    running: list[Object] = []
    ordered = in_order(members)
    when = stages(ordered, context)
    for service in ordered:
        kind = plan.kinds[service.name]
        made = container(service, parts[service.name], kind, plan.exposures.get(service.name), context)
        if when[service.name] is Stage.MAIN:
            running.append(made)
        elif when[service.name] is Stage.SIDECAR:
            initial.append({**made, "restartPolicy": "Always"})
        else:
            initial.append({key: value for key, value in made.items() if key not in _NOT_BEFORE})
    return initial, running


_NOT_BEFORE = frozenset({"lifecycle", "startupProbe", "livenessProbe", "readinessProbe"})
"""Fields that a container which runs to its end before the others may not have."""


def _security(members: Sequence[Service], together: PodParts, context: Context) -> Object:
    """The Pod's securityContext. Docker filters system calls by default, Kubernetes does not unless told."""
    groups = [number for service in members for number in supplemental_groups(service, context)]
    groups = list(dict.fromkeys([*groups, *together.supplemental_groups]))
    settings = kernel_settings(members, context)
    group = service_wishes(members[0].name, context).fs_group
    return {
        "seccompProfile": {"type": "RuntimeDefault"},
        **({"fsGroup": group} if group is not None else {}),
        **({"supplementalGroups": groups} if groups else {}),
        **({"sysctls": settings} if settings else {}),
    }


def _grace(members: Sequence[Service], context: Context) -> int | None:
    periods = [period for service in members if (period := grace_period(service, context)) is not None]
    return max(periods, default=None)


def _marks(
    members: Sequence[Service], parts: Mapping[str, PodParts], context: Context
) -> tuple[dict[str, str], dict[str, str]]:
    """Annotations and labels of the Pod; what Services select by cannot be overwritten."""
    annotations: dict[str, str] = {}
    labels: dict[str, str] = {}
    for service in members:
        marks = sort_labels(service.labels, ("services", service.name, "labels"), context)
        labels |= marks.labels
        annotations |= marks.annotations
        annotations |= sort_annotations(service.annotations, ("services", service.name, "annotations"), context)
        annotations |= dict(parts[service.name].annotations)
        annotations |= _app_armor(service, context)
    own = [pod_labels(service.name, context) for service in members]
    for found in own:
        labels |= found
    return annotations, {**labels, **common_labels(context, members[0].name), **selector(context, members[0].name)}


def _app_armor(service: Service, context: Context) -> dict[str, str]:
    profile = app_armor(service)
    if not profile or context.target.has("apparmor-field"):
        return {}
    return {f"container.apparmor.security.beta.kubernetes.io/{context.names.workload(service.name)}": profile}
