"""Health checks. A stack file has them as Compose does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.quantities import format_duration
from intermodal.platforms.swarm.plain import filled

if TYPE_CHECKING:
    from intermodal.model.health import Healthcheck
    from intermodal.platforms.swarm.plain import Object


def healthcheck(check: Healthcheck) -> Object:
    """The check; one that is off says only that, since the client refuses a test beside it."""
    if check.disable or check.test[:1] == ("NONE",):
        return {"disable": True}
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
