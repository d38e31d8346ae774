"""The engines that other tests are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.engine import Engine

if TYPE_CHECKING:
    from intermodal.clients.docker.address import Address
    from tests.engines.fixtures import Nodes

pytestmark = pytest.mark.engines


def test_one_engine_is_alone(one_engine: Address) -> None:
    with Engine(one_engine) as engine:
        assert engine.call("GET", "/info")["Swarm"]["LocalNodeState"] == "inactive"


def test_three_nodes_are_a_swarm(three_nodes: Nodes) -> None:
    with Engine(three_nodes.manager) as engine:
        listed = engine.call("GET", "/nodes")
    assert sorted(node["Description"]["Hostname"] for node in listed) == sorted(three_nodes.names)
    assert {node["Status"]["State"] for node in listed} == {"ready"}
    assert len(three_nodes.workers) == 2
    assert set(three_nodes.addresses) == set(three_nodes.names)
