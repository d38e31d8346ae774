"""`up` on one engine, killed at random moments, always converges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.engine import Engine
from tests.engines.killing import Application, kill_again_and_again, listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intermodal.clients.docker.address import Address

pytestmark = pytest.mark.engines

TIMES = 50


def test_one_engine(one_engine: Address, images: Callable[[str], str], tmp_path: Path) -> None:
    application = Application("compose", str(one_engine), images("busybox"), tmp_path)
    engine = Engine(one_engine)

    def there() -> tuple[str, ...]:
        label = f"com.docker.compose.project={application.name}"
        containers = listed(engine, "/containers/json", label, {"all": True})
        assert all(one["State"] == "running" for one in containers)
        names = [name for one in containers for name in one["Names"]]
        names += [one["Name"] for path in ("/networks", "/volumes") for one in listed(engine, path, label)]
        return tuple(sorted(names))

    kill_again_and_again(application, TIMES, there)
