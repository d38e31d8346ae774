"""How many instances, where they go, and how they are replaced (the `deploy` section). Durations are seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.resources import Resources


@record
class UpdateConfig:
    """How instances are replaced, on an update or a rollback. `parallelism` 0 means all at once."""

    parallelism: int | None = None
    delay: float | None = None
    failure_action: str = ""
    monitor: float | None = None
    max_failure_ratio: float | None = None
    order: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class RestartPolicy:
    """When an instance that ended is started again; `condition` is none, on-failure or any."""

    condition: str = ""
    delay: float | None = None
    max_attempts: int | None = None
    window: float | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class Preference:
    """Spread instances over the values of a node label."""

    spread: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class Placement:
    """Which nodes may run the service."""

    constraints: tuple[str, ...] = ()
    preferences: tuple[Preference, ...] = ()
    max_replicas_per_node: int | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class Deploy:
    """The deployment of a service; `mode` is replicated, global, replicated-job or global-job."""

    mode: str = ""
    replicas: int | None = None
    endpoint_mode: str = ""
    labels: Mapping[str, str] = NOTHING
    update_config: UpdateConfig | None = None
    rollback_config: UpdateConfig | None = None
    resources: Resources | None = None
    restart_policy: RestartPolicy | None = None
    placement: Placement | None = None
    extensions: Mapping[str, Any] = NOTHING
