from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.kit.diagnostics import Rejected
from intermodal.lab.choosing import completed, differences, laid_out
from intermodal.lab.layout import Wanted

NETWORKS = st.integers(0, 255).map(lambda number: IPv4Network(f"10.77.{number}.0/24"))


def test_nothing_said_is_a_swarm_of_three_with_one_manager() -> None:
    layout = laid_out(completed(Wanted()), (), "token")
    assert [(node.name, node.role, node.address) for node in layout.nodes] == [
        ("lab-1", "manager", "10.77.0.11"),
        ("lab-2", "worker", "10.77.0.12"),
        ("lab-3", "worker", "10.77.0.13"),
    ]
    assert layout.engine == "dockerd"


def test_engines_of_a_compose_lab_are_no_managers() -> None:
    layout = laid_out(completed(Wanted(platform="compose", nodes=2)), (), "token")
    assert [node.role for node in layout.nodes] == ["engine", "engine"]
    assert len(laid_out(completed(Wanted(platform="compose")), (), "").nodes) == 1


@given(st.sets(NETWORKS, max_size=20))
def test_the_network_overlaps_none_that_is_taken(taken: set[IPv4Network]) -> None:
    found = laid_out(completed(Wanted()), taken, "").network
    assert not any(found.overlaps(other) for other in taken)
    assert found.subnet_of(IPv4Network("10.77.0.0/16"))


@pytest.mark.parametrize(
    ("taken", "subnet", "code"),
    [
        ("10.77.0.0/16", "", "lab-subnet-taken"),
        ("10.99.0.128/25", "10.99.0.0/24", "lab-subnet-taken"),
    ],
)
def test_a_network_in_use_is_refused(taken: str, subnet: str, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        laid_out(completed(Wanted(subnet=subnet)), (IPv4Network(taken),), "")
    assert [found.code for found in caught.value.diagnostics] == [code]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Wanted(name="Lab"), ["lab-name-invalid"]),
        (Wanted(name="../x"), ["lab-name-invalid"]),
        (Wanted(name="a-"), ["lab-name-invalid"]),
        (Wanted(name="a" * 31), ["lab-name-invalid"]),
        (Wanted(name=""), ["lab-name-invalid"]),
        (Wanted(nodes=51), ["lab-size"]),
        (Wanted(nodes=-1), ["lab-size"]),
        (Wanted(managers=4), ["lab-size"]),
        (Wanted(subnet="10.0.0.1/24"), ["lab-subnet-unsuitable"]),
        (Wanted(subnet="10.0.0.0/29"), ["lab-subnet-unsuitable"]),
        (Wanted(subnet="fe80::/64"), ["lab-subnet-unsuitable"]),
        (Wanted(name="A", nodes=99, subnet="x"), ["lab-name-invalid", "lab-size", "lab-subnet-unsuitable"]),
    ],
)
def test_wishes_that_cannot_be(wanted: Wanted, codes: list[str]) -> None:
    with pytest.raises(Rejected) as caught:
        completed(wanted)
    assert [found.code for found in caught.value.diagnostics] == codes


def test_every_node_has_an_address_in_the_network() -> None:
    layout = laid_out(completed(Wanted(nodes=50, subnet="10.9.0.0/26")), (), "")
    addresses = {node.address for node in layout.nodes} | {layout.gateway, layout.hub}
    assert len(addresses) == 52


def test_what_was_not_said_is_no_difference() -> None:
    layout = laid_out(completed(Wanted(nodes=5, managers=3)), (), "")
    assert differences(Wanted(), layout) == []
    assert differences(Wanted(nodes=5, managers=3, platform="swarm", engine="dockerd"), layout) == []
    asked = Wanted(platform="compose", nodes=4, managers=1, engine="/x/dockerd", subnet="10.1.0.0/24")
    assert differences(asked, layout) == [
        "platform: swarm, not compose",
        "nodes: 5, not 4",
        "managers: 3, not 1",
        "engine: dockerd, not /x/dockerd",
        "subnet: 10.77.0.0/24, not 10.1.0.0/24",
    ]
