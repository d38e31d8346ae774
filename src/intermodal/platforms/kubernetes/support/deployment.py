"""Rows for how many instances run, where, in which order they start, and how they are replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact, Missing

if TYPE_CHECKING:
    from intermodal.model.support import Support

_DEPLOY = "services.*.deploy"
_STRATEGY = "the strategy's maxSurge and maxUnavailable"

DEPLOYMENT: Support = {
    _DEPLOY: Exact(how="the workload's controller"),
    f"{_DEPLOY}.mode": Exact(how="the workload's controller"),
    f"{_DEPLOY}.replicas": Exact(how="replicas"),
    "services.*.scale": Exact(how="replicas"),
    f"{_DEPLOY}.labels.*": Exact(how="metadata.labels"),
    "services.*.restart": Exact(how="the workload's controller"),
    f"{_DEPLOY}.restart_policy.condition": Exact(how="the workload's controller"),
    f"{_DEPLOY}.restart_policy.max_attempts": Exact(how="backoffLimit"),
    f"{_DEPLOY}.restart_policy.delay": Missing(
        code="restart-pause",
        why="the kubelet chooses the pause itself: ten seconds, doubled each time up to five minutes",
    ),
    f"{_DEPLOY}.restart_policy.window": Missing(
        code="restart-window",
        why="the kubelet forgives failures after ten minutes of running, whatever is written",
    ),
    f"{_DEPLOY}.update_config.parallelism": Exact(how=_STRATEGY),
    f"{_DEPLOY}.update_config.order": Exact(how=_STRATEGY),
    f"{_DEPLOY}.update_config.delay": Exact(how="minReadySeconds"),
    f"{_DEPLOY}.update_config.failure_action": Missing(
        code="no-automatic-rollback",
        why="an update whose instances fail stops there; Kubernetes neither goes on nor goes back by itself",
        advice="go back with `kubectl rollout undo`, or use Argo Rollouts or Flagger",
    ),
    f"{_DEPLOY}.update_config.monitor": Missing(
        code="update-not-monitored",
        why="an instance counts as updated when it has been ready for minReadySeconds",
        advice="write the time as `delay`: it becomes minReadySeconds",
    ),
    f"{_DEPLOY}.update_config.max_failure_ratio": Missing(
        code="update-failure-ratio",
        why="one instance that does not become ready holds the update up",
    ),
    f"{_DEPLOY}.rollback_config.**": Missing(
        code="rollback-like-update",
        why="`kubectl rollout undo` replaces instances the way an update does",
    ),
    f"{_DEPLOY}.placement.constraints.*": Exact(how="affinity.nodeAffinity"),
    f"{_DEPLOY}.placement.preferences.*.spread": Exact(how="topologySpreadConstraints"),
    f"{_DEPLOY}.placement.max_replicas_per_node": Exact(how="affinity.podAntiAffinity"),
    "services.*.depends_on.*": Exact(how="an init container"),
    "services.*.depends_on.*.condition": Exact(how="an init container"),
    "services.*.depends_on.*.required": Exact(how="an init container that gives up after five minutes"),
    "services.*.depends_on.*.restart": Missing(
        code="dependency-restart",
        why="Kubernetes does not start a service again because one it depends on was replaced",
        advice="make the service connect again by itself, or run `kubectl rollout restart` after the change",
    ),
}
