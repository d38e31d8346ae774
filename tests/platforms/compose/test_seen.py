"""What is read from an engine's lists."""

from __future__ import annotations

from intermodal.platforms.compose.seen import named


def test_what_an_engine_lists_without_a_name_is_gone() -> None:
    there = {"Id": "a", "Names": ["/shop-web-1"], "State": "removing"}
    ghost = {"Id": "b", "Names": [], "State": "removing", "Status": "Removal In Progress"}
    assert list(named([ghost, there, {"Id": "c", "Names": None}])) == [there]
