from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.platforms.swarm.operating.swarms import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engines.fixtures import Nodes
    from tests.engines.images import Images


@pytest.fixture
def stack(three_nodes: Nodes, images: Images, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    """An application that nobody else has, removed afterwards with everything."""
    made = Stack(three_nodes, images("busybox"), request.node.name, tmp_path)
    try:
        yield made
    finally:
        made.gone()
