"""Engines' moments against Python's own reading of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.kit.moments import seconds


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2999, 1, 1)),  # noqa: DTZ001 - the zone is next
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_moments_are_read_as_python_reads_them(moment: datetime, ahead: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=ahead)))
    found = seconds(there.isoformat())
    assert found == pytest.approx(there.timestamp(), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0.0),
        ("2000-02-29T12:00:00.5Z", 951825600.5),
        ("2026-11-22T08:21:46.122413394Z", 1795335706.122413394),
        ("2026-11-22T09:21:46+01:00", 1795335706.0),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
    ],
)
def test_what_engines_write(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        seconds("yesterday")
