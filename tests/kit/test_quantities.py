from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.kit import quantities


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("0s", 0),
        ("1s", 1),
        ("1.5s", 1.5),
        (".5s", 0.5),
        ("1.s", 1),
        ("1m30s", 90),
        ("1h", 3600),
        ("1h1m1s1ms1us1ns", 3661.001001001),
        ("2d", 172_800),
        ("1w", 604_800),
        ("100ms", 0.1),
        ("5µs", 5e-6),
        ("5μs", 5e-6),
        ("-1s", -1),
        ("+1s", 1),
        ("1.123456789s", 1.123456789),
    ],
)
def test_durations_are_go_s_with_days_and_weeks(text: str, seconds: float) -> None:
    assert quantities.duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "1", "s", "1x", "1H", "1 s", "1s ", "1h 1m", "--1s", "+-1s", ".s", "9999999h", "1e3s"]
)
def test_what_is_no_duration_says_why(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w{3}"):
        quantities.duration(text)


def test_a_duration_of_a_million_digits_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="a number with a unit"):
        quantities.duration("1" * 1_000_000 + "s")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (90, "1m30s"),
        (3600, "1h0m0s"),
        (5400.5, "1h30m0.5s"),
        (0.0015, "1.5ms"),
        (1e-6, "1µs"),
        (1e-9, "1ns"),
        (-1.5, "-1.5s"),
    ],
)
def test_durations_are_written_as_go_writes_them(seconds: float, text: str) -> None:
    assert quantities.format_duration(seconds) == text


@given(st.integers(min_value=0, max_value=10**15))
def test_a_written_duration_reads_back_the_same(count: int) -> None:
    assert quantities.nanoseconds(quantities.format_duration(count / 1e9)) == round(count / 1e9 * 1e9)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("1024", 1024),
        ("64m", 64 << 20),
        ("64MB", 64 << 20),
        ("64 MiB", 64 << 20),
        ("1.5g", 3 << 29),
        ("1b", 1),
        ("1KiB", 1024),
        ("2tb", 2 << 40),
        (".5k", 512),
        ("5.", 5),
        ("1e3", 1000),
    ],
)
def test_sizes_are_powers_of_1024(text: str, count: int) -> None:
    assert quantities.size(text) == count


@pytest.mark.parametrize(
    "text", ["", "m", "-1", "1x", "1kbb", "1  k", " 1", "1kib2", "inf", "nan", "1e99", "9e30p", "0x10"]
)
def test_what_is_no_size_says_why(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w{3}"):
        quantities.size(text)


@given(st.integers(min_value=0, max_value=1 << 50))
def test_a_written_size_reads_back_the_same(count: int) -> None:
    assert quantities.size(quantities.format_size(count)) == count


@pytest.mark.parametrize(("text", "count"), [("0.5", 0.5), ("2", 2), ("1e-1", 0.1), (".25", 0.25)])
def test_cpus_are_cores(text: str, count: float) -> None:
    assert quantities.cpus(text) == count


@pytest.mark.parametrize("text", ["", "x", "1 ", "1,5", "inf", "nan", "1_0"])
def test_what_is_no_number_of_cpus_says_why(text: str) -> None:
    with pytest.raises(ValueError, match="number such as"):
        quantities.cpus(text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.5, "1.5"),
        (1.0, "1"),
        (100000.0, "100000"),
        (1000000.0, "1e+06"),
        (1234567.5, "1.2345675e+06"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1e21, "1e+21"),
        (0.0, "0"),
        (-0.0, "-0"),
        (-2.5, "-2.5"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_numbers_are_written_as_go_writes_them(number: float, text: str) -> None:
    assert quantities.format_number(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_is_the_same_number(number: float) -> None:
    assert float(quantities.format_number(number)) == number


@pytest.mark.parametrize(
    ("number", "single"), [(0.1, 0.1), (0.3333333333, 0.33333334), (2.0, 2), (0.5, 0.5), (1e-7, 1e-7)]
)
def test_single_precision_is_the_shortest_decimal(number: float, single: float) -> None:
    assert quantities.single_precision(number) == single
