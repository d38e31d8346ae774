"""Sizes as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.platforms.kubernetes.quantities import byte_quantity
from intermodal.platforms.kubernetes.rules.quantity import amount
from intermodal.platforms.kubernetes.storage.sizes import asked_quantity, size_in_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10Gi", "10Gi"), ("1.5Ti", "1.5Ti"), ("500M", "500M"), ("10g", "10Gi"), ("512mb", "512Mi"), ("1024", "1Ki")],
)
def test_quantities_and_dockers_sizes(text: str, expected: str) -> None:
    assert asked_quantity(text) == expected


@pytest.mark.parametrize("text", ["", "big", "-1Gi", "0", "0Gi", "1.2.3Gi", "Gi", "10%"])
def test_what_is_no_size(text: str) -> None:
    assert asked_quantity(text) == ""


@given(st.integers(min_value=1, max_value=1 << 50))
def test_a_quantity_says_the_same_number(size: int) -> None:
    assert amount(byte_quantity(size)) == size
    assert asked_quantity(f"{size}b") == byte_quantity(size)


@given(st.text(max_size=12))
def test_nothing_makes_it_fail(text: str) -> None:
    found = asked_quantity(text)
    assert found == "" or (amount(found) or 0) > 0
    assert size_in_bytes(text) is None or size_in_bytes(text) >= 0  # type: ignore[operator]
