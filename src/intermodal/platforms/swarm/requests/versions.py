"""What the engine's API version leaves out: values that newer engines take and this one would drop in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import START_INTERVAL
from intermodal.model.support import Consequence, Missing
from intermodal.platforms.swarm.requests.containers import OOM_SCORE

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.support import Notes

NO_START_INTERVAL = Missing(
    code="swarm-engine-too-old",
    why="this engine checks as often while an instance starts as later; Docker 25 (API 1.44) can do it",
    advice="update the engines; health may be seen up to one `interval` later",
    consequence=Consequence.BEHAVIOUR,
)
NO_OOM_SCORE = Missing(
    code="swarm-engine-too-old",
    why="services of this engine have no such score; those of Docker 27 (API 1.46) have",
    advice="update the engines, or limit memory with `deploy.resources.limits.memory`",
    consequence=Consequence.BEHAVIOUR,
)


def note_version(service: Service, version: tuple[int, int], notes: Notes) -> None:
    """Tell the ledger what this service loses."""
    check = service.healthcheck
    if check is not None and check.start_interval is not None and version < START_INTERVAL:
        notes(("services", service.name, "healthcheck", "start_interval"), NO_START_INTERVAL)
    if service.oom_score_adj and version < OOM_SCORE:
        notes(("services", service.name, "oom_score_adj"), NO_OOM_SCORE)
