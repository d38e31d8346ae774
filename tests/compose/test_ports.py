from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.compose.ports import Binding, parse


@pytest.mark.parametrize(
    ("text", "binding"),
    [
        ("80", Binding(target=80)),
        ("8080:80", Binding(target=80, published="8080")),
        ("8080:80/udp", Binding(target=80, published="8080", protocol="udp")),
        ("8080:80/UDP", Binding(target=80, published="8080", protocol="udp")),
        (":80", Binding(target=80)),
        ("127.0.0.1:8080:80", Binding(target=80, published="8080", host_ip="127.0.0.1")),
        ("127.0.0.1::80", Binding(target=80, host_ip="127.0.0.1")),
        ("[::1]:8080:80", Binding(target=80, published="8080", host_ip="::1")),
        ("::1:8080:80", Binding(target=80, published="8080", host_ip="::1")),
        ("8000-8010:80", Binding(target=80, published="8000-8010")),
        ("8080-8080:80", Binding(target=80, published="8080")),
        ("080:0080", Binding(target=80, published="80")),
    ],
)
def test_one_binding(text: str, binding: Binding) -> None:
    assert parse(text) == [binding]


def test_ranges_of_equal_length_pair_up_in_the_order_of_their_text() -> None:
    assert [(port.published, port.target) for port in parse("19-21:9-11")] == [("20", 10), ("21", 11), ("19", 9)]


def test_a_range_without_published_ports() -> None:
    assert [(port.published, port.target) for port in parse("80-81")] == [("", 80), ("", 81)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("80:", "missing"),
        ("a:80", "'a' is not a number"),
        ("80:a", "'a' is not a number"),
        ("65536", "up to 65535"),
        ("0", "cannot be 0"),
        ("81-80", "backwards"),
        ("8000-8002:80-81", "3 published ports cannot stand for 2"),
        ("80-81:8080/icmp", "protocol"),
        ("1.2.3:80:80", "not an IP address"),
        ("localhost:80:80", "not an IP address"),
        (" 80:80", "not a number"),
        ("8" * 5000, "not a number"),
    ],
)
def test_what_is_no_port_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(text)


@given(st.integers(1, 65000), st.integers(1, 65000), st.integers(0, 500))
def test_a_range_has_as_many_bindings_as_ports(published: int, target: int, more: int) -> None:
    found = parse(f"{published}-{published + more}:{target}-{target + more}")
    assert sorted(int(port.published) - port.target for port in found) == [published - target] * (more + 1)
