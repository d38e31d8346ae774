from __future__ import annotations

import pytest

from intermodal.cli.times import age, moment, since, size, stamp
from intermodal.kit.clock import FakeClock


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10m", 400.0),
        ("1.5s", 998.5),
        ("1700000000", 1_700_000_000.0),
        ("1700000000.25", 1_700_000_000.25),
        ("2023-11-14T22:13:20Z", 1_700_000_000.0),
        ("2023-11-14T23:13:20+01:00", 1_700_000_000.0),
    ],
)
def test_moments_as_typed(text: str, seconds: float) -> None:
    assert moment(text, 1000.0) == seconds


@pytest.mark.parametrize("text", ["", "yesterday", "10 parsecs", "2023-13-45"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment(text, 1000.0)


def test_a_moment_not_given_is_none() -> None:
    assert since(None, FakeClock()) is None
    assert since("10s", FakeClock(start=100.0)) == 90.0


def test_stamps_are_utc_with_milliseconds() -> None:
    assert stamp(1_700_000_000.1234) == "2023-11-14T22:13:20.123Z"


@pytest.mark.parametrize(("seconds", "text"), [(-3, "0s"), (59, "59s"), (61, "1m"), (7300, "2h"), (200_000, "2d")])
def test_ages_have_one_unit(seconds: float, text: str) -> None:
    assert age(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (12_345_678, "12.3 MB"), (5 * 10**12, "5 TB")]
)
def test_sizes_are_read_at_a_glance(count: int, text: str) -> None:
    assert size(count) == text
