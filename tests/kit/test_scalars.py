from __future__ import annotations

import math

import pytest

from intermodal.kit.scalars import TagMismatchError, resolve, resolve_tagged

# What docker compose 2.40.3 makes of each, except dates: there it gives the time, here they stay text.
READ = {
    "": None, "~": None, "null": None, "Null": None, "nULL": "nULL",
    "true": True, "True": True, "TRUE": True, "tRUE": "tRUE", "false": False,
    "yes": "yes", "no": "no", "on": "on", "off": "off", "y": "y", "n": "n",
    "0": 0, "12": 12, "+12": 12, "-12": -12, "-0": 0,
    "010": 8, "0777": 511, "0o10": 8, "0x1F": 31, "0b11": 3, "-0x10": -16, "0O17": 15,
    "1_000": 1000, "1__0": 10, "0x_1": 1, "08": 8.0, "09.5": 9.5,
    "1e3": 1000.0, "12e03": 12000.0, "1.": 1.0, ".5": 0.5, "-.5": -0.5, "0.10": 0.1,
    "18446744073709551615": 2**64 - 1, "18446744073709551616": float(2**64), "-9223372036854775808": -(2**63),
    ".inf": math.inf, "-.INF": -math.inf, "+.Inf": math.inf,
    "1e": "1e", "1e999": "1e999", "0x": "0x", "0b2": "0b2", "+": "+", ".": ".", "-": "-", "_1": "_1", "e5": "e5",
    "22:22": "22:22", "2020-01-01": "2020-01-01", "1.2.3": "1.2.3", "=": "=", "<<": "<<", "nan": "nan", "inf": "inf",
    "١٢": "١٢", "1²": "1²",
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_unquoted_scalars_are_read_as_docker_compose_reads_them(text: str) -> None:
    value = resolve(text)
    assert (value, type(value)) == (READ[text], type(READ[text]))


def test_not_a_number_is_a_float() -> None:
    value = resolve(".nan")
    assert isinstance(value, float)
    assert math.isnan(value)


def test_very_long_numbers_are_text_and_cost_nothing() -> None:
    assert resolve("9" * 100_000) == "9" * 100_000
    assert resolve("9" * 300) == float("9" * 300)


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("010", "str", "010"),
        ("7", "int", 7),
        ("3", "float", 3.0),
        ("true", "bool", True),
        ("", "null", None),
        ("aGVsbG8=", "binary", "hello"),
        ("2020-01-01", "timestamp", "2020-01-01"),
    ],
)
def test_tags_of_the_core_schema(text: str, tag: str, value: object) -> None:
    assert resolve_tagged(text, tag) == value
    assert type(resolve_tagged(text, tag)) is type(value)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("7.5", "int"),
        ("true", "int"),
        ("x", "null"),
        ("1", "bool"),
        ("x", "float"),
        ("x", "binary"),
        ("/w==", "binary"),
    ],
)
def test_a_value_that_does_not_fit_its_tag_is_refused(text: str, tag: str) -> None:
    with pytest.raises(TagMismatchError):
        resolve_tagged(text, tag)
