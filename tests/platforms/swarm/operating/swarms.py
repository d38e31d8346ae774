"""A real Swarm for tests: applications that are written, brought up, looked at, and removed in the end."""

from __future__ import annotations

import json
import os
import zlib
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.connect import connect as connect_client
from intermodal.compose.load import Request, load
from intermodal.kit.clock import SystemClock
from intermodal.model.platform import Target, Wishes
from intermodal.platforms.rollout import roll_out
from intermodal.platforms.swarm.operate import SwarmEngine

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.clients.docker.engine import Engine as Client
    from intermodal.model.application import Application
    from intermodal.model.changes import Plan
    from intermodal.model.files import ProjectFiles
    from intermodal.platforms.rollout import Outcome
    from tests.engines.fixtures import Nodes

CLOCK = SystemClock()
QUICK = {"endpoint_mode": "dnsrr", "update_config": {"monitor": "100ms"}}


class Killed(BaseException):
    """What a killed process does: nothing more."""


class Dying:
    """A client that is killed at its n-th change, before or just after the engine has done it."""

    def __init__(self, client: Client, at: int, *, after: bool) -> None:
        self._client = client
        self._left = at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def call(self, method: str, path: str, **more: Any) -> Any:
        if method == "GET":
            return self._client.call(method, path, **more)
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Killed
        answer = self._client.call(method, path, **more)
        if self._left == 0:
            raise Killed
        return answer


class Stack:
    """One application on the Swarm."""

    def __init__(self, nodes: Nodes, image: str, title: str, folder: Path) -> None:
        self.name = f"im-swarm-{zlib.crc32(f'{title}{os.getpid()}'.encode()):08x}"
        self.image = image
        self.target = Target(host=str(nodes.manager))
        self.client = connect_client(self.target)
        self.engine = SwarmEngine(self.client, CLOCK, self.target)
        self._folder = folder

    def dying(self, at: int, *, after: bool) -> SwarmEngine:
        """An engine that is killed at its n-th change."""
        return SwarmEngine(Dying(self.client, at, after=after), CLOCK, self.target)  # type: ignore[arg-type]

    def reaching(self, **engines: str) -> SwarmEngine:
        """An engine that knows how other nodes are reached."""
        options = {f"engine.{name}": host for name, host in engines.items()}
        return SwarmEngine(self.client, CLOCK, Target(host=self.target.host, options=options))

    def service(self, script: str = "sleep 1000", **more: Any) -> dict[str, Any]:
        base = {"image": self.image, "command": ["sh", "-c", script], "init": True, "stop_grace_period": "1s"}
        return {**base, **more, "deploy": {**QUICK, **more.get("deploy", {})}}

    def load(self, services: dict[str, Any], **shared: Any) -> tuple[Application, ProjectFiles]:
        path = self._folder / "compose.yaml"
        path.write_text(json.dumps({"name": self.name, "services": services, **shared}), "utf-8")
        loaded = load(Request(files=(str(path),), environment={}, working_directory=str(self._folder)))
        return loaded.application, loaded.files

    def plan(self, services: dict[str, Any], **shared: Any) -> Plan:
        return self.engine.plan(*self.load(services, **shared), Wishes())

    def up(self, services: dict[str, Any], **shared: Any) -> Outcome:
        """Bring it up and wait until it is well."""
        outcome = self.roll_out(self.plan(services, **shared))
        assert outcome.code == 0, outcome
        return outcome

    def roll_out(self, plan: Plan, timeout: float = 60.0) -> Outcome:
        return roll_out(self.engine, plan, clock=CLOCK, report=lambda _: None, timeout=timeout)

    def carry_out(self, plan: Plan, engine: SwarmEngine | None = None) -> None:
        """Every change in its order, nobody waits for health."""
        for change in plan.changes:
            (engine or self.engine).carry_out(change, lambda _: None)

    def raw(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.call("GET", f"/services/{self.name}_{service}")
        return found

    def tasks(self, service: str) -> set[str]:
        """Which instances of a service are up."""
        seen = self.engine.observe(self.name).services[service]
        return {one.id for one in seen.instances if one.phase.up}

    def gone(self, engine: SwarmEngine | None = None) -> None:
        """Take it down with everything."""
        plan = (engine or self.engine).removal(self.name, volumes=True)
        assert roll_out(engine or self.engine, plan, clock=CLOCK, report=lambda _: None, timeout=90).code == 0
