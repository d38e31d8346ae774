"""How one knows that an instance is well. Durations are seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    extensions: Mapping[str, Any] = NOTHING
