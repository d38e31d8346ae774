"""How one knows that an instance is well. Durations are seconds."""

from __future__ import annotations

from intermodal.kit.records import record


@record
class Healthcheck:
    """A health check; `test` starts with NONE, CMD or CMD-SHELL. None means: the image's or Docker's default."""

    test: tuple[str, ...] = ()
    interval: float | None = None
    timeout: float | None = None
    retries: int | None = None
    start_period: float | None = None
    start_interval: float | None = None
    disable: bool = False
