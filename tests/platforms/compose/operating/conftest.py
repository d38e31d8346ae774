"""An application on a real engine, brought up change by change without waiting for health, and taken away again."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.compose.load import Request, load
from intermodal.kit.clock import SystemClock
from intermodal.model.platform import Target, Wishes
from intermodal.platforms.compose.operate import ComposeEngine
from intermodal.platforms.rollout import roll_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intermodal.clients.docker.address import Address
    from intermodal.model.changes import Plan
    from intermodal.platforms.rollout import Outcome

PREFIX = "im-eff"


class Stage:
    """One application on an engine; `api` is the engine itself, to look behind the scene."""

    def __init__(self, address: Address, image: str, name: str, folder: Path) -> None:
        self.address = address
        self.image = image
        self.name = name
        self.folder = folder
        self.api = Engine(address)
        self.engine = ComposeEngine(self.api, SystemClock(), Target(host=str(address)))

    def service(self, script: str = "sleep 1000", **more: Any) -> dict[str, Any]:
        command = ["sh", "-c", script]
        return {"image": self.image, "command": command, "init": True, "stop_signal": "SIGKILL", **more}

    def write(self, services: dict[str, Any], **shared: Any) -> str:
        path = self.folder / "compose.yaml"
        path.write_text(json.dumps({"name": self.name, "services": services, **shared}), "utf-8")
        return str(path)

    def plan(
        self,
        services: dict[str, Any],
        wishes: Wishes | None = None,
        *,
        engine: ComposeEngine | None = None,
        **shared: Any,
    ) -> Plan:
        path = self.write(services, **shared)
        found = load(Request(files=(path,), environment={}, working_directory=str(self.folder)))
        return (engine or self.engine).plan(found.application, found.files, wishes or Wishes())

    def carry_out(self, plan: Plan, *, engine: ComposeEngine | None = None) -> Plan:
        """Every change in the order of the plan, each as soon as the one before is done."""
        for change in plan.work:
            (engine or self.engine).carry_out(change, lambda _: None)
        return plan

    def up(self, services: dict[str, Any], wishes: Wishes | None = None, **shared: Any) -> Plan:
        return self.carry_out(self.plan(services, wishes, **shared))

    def roll_out(self, plan: Plan, timeout: float = 60.0) -> Outcome:
        return roll_out(self.engine, plan, clock=SystemClock(), report=lambda _: None, timeout=timeout)

    def down(self, *, volumes: bool = True) -> None:
        plan = self.engine.removal(self.name, volumes=volumes)
        for change in sorted(plan.work, key=lambda each: each.kind.value != "service"):
            self.engine.carry_out(change, lambda _: None)

    def containers(self) -> dict[str, dict[str, Any]]:
        """Everything of the application, inspected, by name."""
        label = {"label": [f"com.docker.compose.project={self.name}"]}
        rows = self.api.call("GET", "/containers/json", query={"all": True, "filters": label})
        found = [self.api.call("GET", f"/containers/{row['Id']}/json") for row in rows]
        return {one["Name"].removeprefix("/"): one for one in found}

    def run(self, container: str, *argv: str) -> str:
        """What a command prints in a container."""
        made = self.api.call(
            "POST", f"/containers/{container}/exec", body={"Cmd": list(argv), "AttachStdout": True, "Tty": True}
        )["Id"]
        said = b"".join(self.api.stream("POST", f"/exec/{made}/start", body={"Tty": True}))
        return said.decode().strip()

    def left(self) -> dict[str, list[str]]:
        """What of the application is on the engine, by kind."""
        label = {"filters": {"label": [f"com.docker.compose.project={self.name}"]}}
        volumes = self.api.call("GET", "/volumes", query=label)["Volumes"] or []
        return {
            "containers": sorted(self.containers()),
            "networks": sorted(row["Name"] for row in self.api.call("GET", "/networks", query=label)),
            "volumes": sorted(row["Name"] for row in volumes),
        }


@pytest.fixture
def stage(request: pytest.FixtureRequest, one_engine: Address, tmp_path: Path) -> Iterator[Stage]:
    """An application of the test's own."""
    image = os.environ.get("INTERMODAL_TEST_IMAGE") or request.getfixturevalue("images")("busybox")
    made = Stage(one_engine, image, f"{PREFIX}-{os.getpid():x}-{abs(hash(request.node.name)) % 4096:x}", tmp_path)
    yield made
    made.down()
