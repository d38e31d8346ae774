"""`up` on a Swarm, killed at random moments, always converges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.engine import Engine
from tests.engines.killing import Application, kill_again_and_again, listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.engines.fixtures import Nodes

pytestmark = pytest.mark.engines

TIMES = 10


def test_swarm(three_nodes: Nodes, images: Callable[[str], str], tmp_path: Path) -> None:
    application = Application("swarm", str(three_nodes.manager), images("busybox"), tmp_path)
    engine = Engine(three_nodes.manager)

    def there() -> tuple[str, ...]:
        label = f"com.docker.stack.namespace={application.name}"
        services = listed(engine, "/services", label)
        networks = listed(engine, "/networks", label)
        # The one in use, and the one a rollback would go back to.
        assert len(listed(engine, "/configs", label)) <= 2
        running = {"service": [one["Spec"]["Name"] for one in services], "desired-state": ["running"]}
        tasks = engine.call("GET", "/tasks", query={"filters": running}) if services else []
        assert all(one["Status"]["State"] == "running" for one in tasks)
        names = {one["ID"]: one["Spec"]["Name"] for one in services}
        slots = [f"{names[one['ServiceID']]}.{one['Slot']}" for one in tasks]
        return tuple(sorted([*names.values(), *(one["Name"] for one in networks), *slots]))

    kill_again_and_again(application, TIMES, there)
