from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.errors import EngineError
from intermodal.clients.docker.held import local, remote_digest
from intermodal.clients.docker.references import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.engine import Engine

pytestmark = pytest.mark.engines


def test_the_images_of_a_real_engine(engine: Engine, images: Callable[[str], str]) -> None:
    name = images("busybox:1")
    found = local(engine).find(name)
    assert found
    assert found.id == engine.call("GET", f"/images/{name}/json")["Id"]
    assert found.size > 100_000


def test_the_digest_a_registry_has(engine: Engine, published: str) -> None:
    digest = remote_digest(engine, published)
    assert parse(f"{published}@{digest}").digest == digest
    assert remote_digest(engine, f"{published}@{digest}") == digest
    with pytest.raises(EngineError):
        remote_digest(engine, f"{published}-absent")
