"""`up`, killed at any moment: the same command again always ends well, and nothing is left over or there twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.engine import Engine

OURS = str(Path(sys.executable).with_name("intermodal"))
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
FRESH = 5
"""After so many kills everything is taken down, so that kills meet creation as well as change."""


class Application:
    """A small application in which everything there is to lose occurs: a config, a volume, networks, an order."""

    def __init__(self, platform: str, host: str, image: str, folder: Path) -> None:
        self.name = f"im-kill-{platform}"
        self._platform = platform
        self._host = host
        self._image = image
        self._file = folder / "compose.yaml"

    def write(self, version: int) -> None:
        """A version differs in one service and a config; every second one in another service as well."""
        check = {"test": ["CMD", "test", "-e", "/settings"], "interval": "300ms", "timeout": "2s"}
        services = {
            "db": self._service(version, configs=[{"source": "settings", "target": "/settings"}], healthcheck=check)
            | {"volumes": ["data:/data"]},
            "web": self._service(version // 2, replicas=2, depends_on={"db": {"condition": "service_healthy"}})
            | {"networks": ["front", "default"]},
            "side": self._service(0),
        }
        shared = {
            "networks": {"front": {}},
            "volumes": {"data": {}},
            "configs": {"settings": {"content": f"{version}"}},
        }
        self._file.write_text(json.dumps({"name": self.name, "services": services, **shared}), "utf-8")

    def _service(self, version: int, *, replicas: int = 1, **more: Any) -> dict[str, Any]:
        return {
            "image": self._image,
            "command": ["sleep", "900"],
            "init": True,
            "stop_grace_period": "1s",
            "environment": {"VERSION": str(version)},
            "deploy": {
                "replicas": replicas,
                "endpoint_mode": "dnsrr",
                "update_config": {"parallelism": 0, "monitor": "1s"},
            },
            **more,
        }

    def command(self, *words: str) -> list[str]:
        return [OURS, words[0], "-f", str(self._file), "--platform", self._platform, "--host", self._host, *words[1:]]

    def run(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words), env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=180
        )
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def kill_up_after(self, seconds: float) -> bool:
        """Start `up` and kill it; whether it was still at work."""
        process = subprocess.Popen(
            self.command("up", "-q"), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(seconds)
        caught = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        return caught


def kill_again_and_again(application: Application, times: int, there: Callable[[], tuple[str, ...]]) -> None:
    """Kill `up` at random moments; each time it is run again, exactly what the file says is there.

    `there` lists what the engine holds of the application, by name.
    """
    chance = random.Random(f"{application.name}")  # noqa: S311 - the same moments each time
    application.write(0)
    start = time.monotonic()
    application.run("up", "-q")
    usual = time.monotonic() - start
    expected = there()
    caught = 0
    for number in range(times):
        if number % FRESH == 0:
            application.run("down", "-q", "--volumes", "--yes")
            assert there() == ()
        application.write(number)
        caught += application.kill_up_after(chance.uniform(0.05, usual))
        application.run("up", "-q")
        assert there() == expected, f"after kill {number}"
    assert caught > times / 2, "most kills came too late to show anything"
    plan = json.loads(application.run("plan", "--json"))["changes"]
    assert {change["action"] for change in plan} == {"keep"}
    application.run("verify")
    application.run("down", "-q", "--volumes", "--yes")
    assert there() == ()


def listed(engine: Engine, path: str, label: str, query: dict[str, Any] | None = None) -> list[Any]:
    found = engine.call("GET", path, query={"filters": {"label": [label]}, **(query or {})})
    return found["Volumes"] or [] if path == "/volumes" else found or []
