"""Health checks. A stack file has them as Compose does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.quantities import format_duration
from intermodal.model.support import Approximate, Consequence
from intermodal.platforms.swarm.plain import filled

if TYPE_CHECKING:
    from intermodal.model.health import Healthcheck
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object


REPLACED = Approximate(
    code="swarm-unhealthy-is-replaced",
    why="Swarm stops an unhealthy instance and starts a new one; Docker alone leaves it running",
    advice="see that the check fails only where a new start helps, and give it time with `start_period`",
    consequence=Consequence.BEHAVIOUR,
    how="healthcheck",
)


def healthcheck(context: Context, service: str, check: Healthcheck) -> Object:
    """The check; one that is off says only that, since the client refuses a test beside it."""
    if check.disable or check.test[:1] == ("NONE",):
        return {"disable": True}
    context.notes(("services", service, "healthcheck", "test", 0), REPLACED)
    return filled(
        test=list(check.test),
        interval=_text(check.interval),
        timeout=_text(check.timeout),
        retries=check.retries,
        start_period=_text(check.start_period),
        start_interval=_text(check.start_interval),
    )


def _text(seconds: float | None) -> str | None:
    return None if seconds is None else format_duration(seconds)
