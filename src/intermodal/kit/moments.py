"""Moments as engines write them (RFC 3339: `2026-11-22T08:21:46.122413394Z`) as seconds since 1970, and nothing else.

By arithmetic alone: pure rooms have no clock, and a list of thousands of tasks is read in one go.
"""

from __future__ import annotations

_DAYS_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
"""Days of a common year before each month, counted from 1."""
_DAYS_BEFORE_1970 = 719_162


def seconds(text: str) -> float | None:
    """Seconds since 1970; None for "" and for the year 1, by which engines say "never". Raises `ValueError`."""
    if not text or text.startswith("0001-"):
        return None
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    clock, zone = _zone(text[11:])
    hours, minutes, rest = clock.split(":")
    return _days(year, month, day) * 86_400 + int(hours) * 3_600 + int(minutes) * 60 + float(rest) - zone


def _zone(text: str) -> tuple[str, int]:
    """The time of day, and how many seconds it is ahead of UTC."""
    if text.endswith(("Z", "z")):
        return text[:-1], 0
    clock, sign, ahead = text[:-6], text[-6], text[-5:]
    offset = int(ahead[:2]) * 3_600 + int(ahead[3:]) * 60
    return clock, -offset if sign == "-" else offset


def _days(year: int, month: int, day: int) -> int:
    before = year - 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    whole = before * 365 + before // 4 - before // 100 + before // 400
    return whole + _DAYS_BEFORE[month] + (leap and month > 2) + day - 1 - _DAYS_BEFORE_1970
