"""The command line before an engine in memory, whose time is a fake clock's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.cli import connection
from intermodal.kit.clock import FakeClock
from intermodal.platforms import PLATFORMS, Platform
from tests.fakes.engine import FakeEngine

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.kit.clock import Clock
    from intermodal.model.platform import Target

TALKS = ["sh", "-c", "echo here I am; sleep 1000"]


class FakePlatform(Platform):
    """The compose platform's tables before the engine in memory; remembers where it was asked to go."""

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__("compose", PLATFORMS["compose"])
        self.engine = engine
        self.targets: list[Target] = []

    def connect(self, target: Target, clock: Clock) -> Any:
        del clock
        self.targets.append(target)
        return self.engine


@pytest.fixture
def fake() -> FakeEngine:
    """The engine."""
    return FakeEngine(FakeClock())


@pytest.fixture
def platform(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> FakePlatform:
    """The platform that every command finds, whatever it looks for."""
    made = FakePlatform(fake)
    for name in ("INTERMODAL_PLATFORM", "INTERMODAL_ENGINES", "DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERMODAL_PLATFORM", "compose")
    monkeypatch.setattr(connection, "find", lambda _: made)
    monkeypatch.setattr(connection, "SystemClock", lambda: fake.clock)
    return made


@pytest.fixture
def shop(platform: FakePlatform, tmp_path: Path) -> Path:
    """A small application in the test's folder; its file."""
    del platform
    return written(tmp_path)


def written(folder: Path, word: str = "", **web: Any) -> Path:
    """Write the application's file: `web` adds to one of its services."""
    from json import dumps  # noqa: PLC0415 - JSON is YAML, too

    check = {"test": ["CMD", "true"], "interval": "1s"}
    services = {
        "db": {"image": "busybox:local", "command": TALKS, "healthcheck": check, "volumes": ["data:/data"]},
        "web": {
            "image": "busybox:local",
            "command": TALKS,
            "depends_on": {"db": {"condition": "service_healthy"}},
            "environment": {"WORD": word},
            **web,
        },
    }
    path = folder / "compose.yaml"
    path.write_text(dumps({"name": "shop", "services": services, "volumes": {"data": {}}}), "utf-8")
    return path
