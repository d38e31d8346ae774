"""Names of instances and nodes by task: those seen at first, others when a line or an event first speaks of them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.platforms.swarm.planning.seen import name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.platforms.swarm.planning.seen import Raw, Seen


class InstanceNames:
    """Names by task id. Safe to use from many threads."""

    def __init__(self, client: Engine, stack: str, seen: Seen) -> None:
        self._client = client
        self._stack = stack
        self._services = {raw["ID"]: name(raw) for raw in seen.services}
        self._nodes = {raw["ID"]: node_name(raw) for raw in seen.nodes}
        self._known = {task["ID"]: self._named(task) for task in seen.tasks}
        self._lock = Lock()

    def of(self, task: str) -> tuple[str, str]:
        """The names of a task's instance and of its node, "" where they cannot be found out."""
        with self._lock:
            if task and task not in self._known:
                self._known[task] = self._asked(task)
            return self._known.get(task, ("", ""))

    def _asked(self, task: str) -> tuple[str, str]:
        try:
            return self._named(self._client.call("GET", f"/tasks/{task}"))
        except (EngineError, Unreachable):
            return task, ""

    def _named(self, task: Raw) -> tuple[str, str]:
        node = task.get("NodeID") or ""
        service = self._services.get(task.get("ServiceID") or "", task.get("ServiceID") or "")
        host = self._nodes.get(node, node)
        return instance_name(service, task, host), host


def instance_name(service: str, task: Raw, host: str) -> str:
    """`shop_web.2`; where there is one on every node, `shop_web.HOST`."""
    return f"{service}.{task.get('Slot') or host}"


def node_name(raw: Raw) -> str:
    """The host name of a node."""
    described: Mapping[str, str] = raw.get("Description") or {}
    return described.get("Hostname") or raw["ID"]
