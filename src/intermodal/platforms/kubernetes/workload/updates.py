"""How the instances of a service are replaced: `deploy.update_config` as a controller's strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.placement import UpdateConfig
from intermodal.model.support import Consequence, Missing
from intermodal.platforms.kubernetes.kinds import Kind
from intermodal.platforms.kubernetes.quantities import whole_seconds
from intermodal.platforms.kubernetes.terms import UNCHANGED

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

_NO_UPDATES = Missing(
    code="jobs-are-not-rolled",
    why="a Job is not updated in steps: a changed one is deleted and made anew",
    consequence=Consequence.NONE,
)
_SINGLE_WRITER = Missing(
    code="rollout-one-writer",
    why="its volume takes one writer at a time, so the old instance stops before the new one starts",
    advice="give the volume an access mode that many can write to, or accept the pause",
)
_ORDER = Missing(
    code="start-first-not-possible",
    why="this controller stops an instance before it starts the one that replaces it",
    advice="ask for a Deployment if the service keeps nothing on a volume of its own",
)
_PARALLEL = Missing(
    code="update-one-at-a-time",
    why="before Kubernetes 1.35 a StatefulSet replaces one instance at a time",
    advice="write for 1.35 or later, or ask for a Deployment",
)
_DELAY = Missing(
    code="update-without-delay",
    why="before Kubernetes 1.23 a StatefulSet does not wait between instances",
    advice="write for 1.23 or later",
)


def update_fields(service: Service, kind: Kind, context: Context, *, one_writer: bool) -> Object:
    """The fields of the controller's spec that say how instances are replaced."""
    asked = (service.deploy.update_config if service.deploy else None) or UpdateConfig()
    path: Path = ("services", service.name, "deploy", "update_config")
    if kind.ends:
        context.notes(path, _NO_UPDATES)
        return {}
    _note_failure(asked, path, context)
    fields = _pause(asked, path, kind, context)
    if kind is Kind.DEPLOYMENT:
        strategy = _recreate(asked, path, context) if one_writer else _rolling_deployment(asked, path, context)
        return {**fields, "strategy": strategy} if strategy else fields
    rolling = _rolling_set(asked, path, kind, context)
    return {**fields, "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": rolling}} if rolling else fields


def _note_failure(asked: UpdateConfig, path: Path, context: Context) -> None:
    if asked.failure_action == "pause":
        context.notes((*path, "failure_action"), UNCHANGED)


def _pause(asked: UpdateConfig, path: Path, kind: Kind, context: Context) -> Object:
    if asked.delay is None:
        return {}
    if kind is Kind.STATEFUL_SET and not context.target.has("stateful-min-ready"):
        context.notes((*path, "delay"), _DELAY)
        return {}
    if asked.delay == 0:
        context.notes((*path, "delay"), UNCHANGED)
        return {}
    return {"minReadySeconds": whole_seconds(asked.delay)}


def _recreate(asked: UpdateConfig, path: Path, context: Context) -> Object:
    if asked.order == "start-first":
        context.notes((*path, "order"), _SINGLE_WRITER)
    elif asked.order:
        context.notes((*path, "order"), UNCHANGED)
    if asked.parallelism is not None:
        context.notes((*path, "parallelism"), _SINGLE_WRITER)
    return {"type": "Recreate"}


def _rolling_deployment(asked: UpdateConfig, path: Path, context: Context) -> Object:
    if not asked.order and asked.parallelism is None:
        return {}
    _note_defaults(asked, path, context)
    step = _step(asked)
    surge, gap = (step, 0) if asked.order == "start-first" else (0, step)
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": gap}}


def _rolling_set(asked: UpdateConfig, path: Path, kind: Kind, context: Context) -> Object:
    _note_defaults(asked, path, context)
    first = asked.order == "start-first"
    if first and kind is Kind.DAEMON_SET and context.target.has("daemonset-surge"):
        return {"maxSurge": _step(asked), "maxUnavailable": 0}
    if first:
        context.notes((*path, "order"), _ORDER)
    elif asked.order:
        context.notes((*path, "order"), UNCHANGED)
    if asked.parallelism in {None, 1}:
        return {}
    if kind is Kind.STATEFUL_SET and not context.target.has("stateful-parallel-updates"):
        context.notes((*path, "parallelism"), _PARALLEL)
        return {}
    return {"maxUnavailable": _step(asked)}


def _note_defaults(asked: UpdateConfig, path: Path, context: Context) -> None:
    if asked.parallelism == 1:
        context.notes((*path, "parallelism"), UNCHANGED)
    if asked.order == "stop-first" and asked.parallelism is not None:
        context.notes((*path, "order"), UNCHANGED)


def _step(asked: UpdateConfig) -> int | str:
    """Compose's default is one at a time; its 0 means all at once."""
    return "100%" if asked.parallelism == 0 else (asked.parallelism or 1)
