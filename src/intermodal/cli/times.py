"""Moments as people type and read them on a command line. The time of day itself is the kit's clock's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.kit.quantities import duration

if TYPE_CHECKING:
    from intermodal.kit.clock import Clock

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Moment(click.ParamType):
    """A moment: a duration back from now (`10m`), seconds since 1970, or RFC 3339; gives a function of the clock."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        """Check the text; raises click's own error for what is no moment."""
        try:
            moment(value, 0.0)
        except ValueError:
            self.fail(f"{value!r} is no moment: write 10m, 2026-01-31T08:00:00 or seconds since 1970", param, ctx)
        return value


def moment(text: str, now: float) -> float:
    """Seconds since 1970 of a moment as typed; raises `ValueError`."""
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    if "T" in text or text.count("-") == 2:
        from datetime import datetime  # noqa: PLC0415 - few are given dates

        return datetime.fromisoformat(text).timestamp()
    return now - duration(text)


def since(text: str | None, clock: Clock) -> float | None:
    """The moment an option names, None where it was not given."""
    return None if text is None else moment(text, clock.now())


def stamp(seconds: float) -> str:
    """A moment in UTC as RFC 3339 with milliseconds."""
    from datetime import UTC, datetime  # noqa: PLC0415 - only where times are shown

    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def age(seconds: float) -> str:
    """How long something has lasted, in one unit: `12s`, `5m`, `3h`, `4d`."""
    seconds = max(0.0, seconds)
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds)}s"


def size(count: int) -> str:
    """Bytes in the largest unit that leaves a whole number in front: `12.3 MB`, powers of 1000 as Docker shows."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} TB"
