"""Rows for how many instances there are, where they run and what they may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.support.words import SAME, START, rows

if TYPE_CHECKING:
    from intermodal.model.support import Support

_GPUS = Missing(
    code="swarm-devices",
    why="Swarm does not hand out devices by capability",
    advice="advertise GPUs as generic resources of the nodes (`node-generic-resources` in daemon.json) and ask with "
    "`deploy.resources.reservations.generic_resources`",
    consequence=START,
)
_UPDATE = "parallelism delay failure_action monitor max_failure_ratio order"

DEPLOYING: Support = {
    **rows("services.*.deploy.", SAME, "mode replicas endpoint_mode labels.*"),
    **rows("services.*.deploy.update_config.", SAME, _UPDATE),
    **rows("services.*.deploy.rollback_config.", SAME, _UPDATE),
    **rows("services.*.deploy.resources.limits.", SAME, "cpus memory pids"),
    **rows("services.*.deploy.resources.reservations.", SAME, "cpus memory generic_resources.**"),
    "services.*.deploy.resources.reservations.devices.**": _GPUS,
    **rows("services.*.deploy.restart_policy.", SAME, "condition delay max_attempts window"),
    **rows("services.*.deploy.placement.", SAME, "constraints.* preferences.*.spread max_replicas_per_node"),
    **rows("services.*.", Exact(how="deploy.resources.limits.cpus"), "cpus cpu_count cpu_quota cpu_period"),
    "services.*.mem_limit": Exact(how="deploy.resources.limits.memory"),
    "services.*.mem_reservation": Exact(how="deploy.resources.reservations.memory"),
    "services.*.pids_limit": Exact(how="deploy.resources.limits.pids"),
    "services.*.platform": Exact(how="deploy.placement.constraints"),
    "services.*.restart": Exact(how="deploy.restart_policy"),
    "services.*.scale": Exact(how="deploy.replicas"),
}
