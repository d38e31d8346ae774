"""Tasks of a service -> its instances: for each place the one that counts now first, then what went wrong there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.moments import seconds
from intermodal.kit.records import NOTHING, positional, record
from intermodal.model.labels import REVISION
from intermodal.model.running import Instance, Phase, Published

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Raw: TypeAlias = "Mapping[str, Any]"

_PHASES: Mapping[str, Phase] = {
    **dict.fromkeys(("new", "allocated", "pending", "assigned", "accepted", "preparing", "ready"), Phase.WAITING),
    "starting": Phase.STARTING,
    "running": Phase.RUNNING,
    "complete": Phase.COMPLETE,
    "failed": Phase.FAILED,
    "rejected": Phase.FAILED,
    **dict.fromkeys(("shutdown", "remove", "orphaned"), Phase.STOPPED),
}
_LIVE = frozenset({"running", "ready", "accepted", "complete"})
"""Desired states of tasks that are to run; those of jobs are to end well."""
_ENDED_BY_ITSELF = frozenset({"complete", "failed", "rejected"})
_SPEC = ("ContainerSpec", "Resources", "RestartPolicy", "Networks", "LogDriver", "ForceUpdate")
"""What a task must share with its service to be of the current revision: Swarm keeps a task whose node still fits."""


@record
class Surroundings:
    """The nodes' names by id, and the ids of those that are down."""

    nodes: Mapping[str, str] = NOTHING
    lost: frozenset[str] = frozenset()


def instances(service: Raw, name: str, tasks: Iterable[Raw], around: Surroundings) -> tuple[Instance, ...]:
    """The instances of a service; those of one place stand together, places in their order."""
    seen = _Service(service, name, around)
    places: dict[tuple[int, str], list[Raw]] = {}
    for task in tasks:
        slot = task.get("Slot", 0)
        places.setdefault((slot, "" if slot else task.get("NodeID", "")), []).append(task)
    made: list[Instance] = []
    ended: list[Instance] = []
    for place in sorted(places):
        first, *others = seen.place(places[place])
        made.append(first)
        for other in others:
            (made if other.phase.up else ended).append(other)
    return (*made, *ended)


_instance = positional(Instance)


class _Service:
    """Reads tasks of one service."""

    def __init__(self, service: Raw, name: str, around: Surroundings) -> None:
        spec = service["Spec"]
        template = spec["TaskTemplate"]
        self._name = name
        self._full_name = spec["Name"]
        self._revision = (spec.get("Labels") or NOTHING).get(REVISION, "")
        self._current = [template.get(key) for key in _SPEC]
        self._iteration = ((service.get("JobStatus") or {}).get("JobIteration") or {}).get("Index")
        self._around = around

    def place(self, tasks: list[Raw]) -> list[Instance]:
        """What counts now first; then what is still up, and what ended by itself, the newest first."""
        if len(tasks) == 1:
            return [self._made(tasks[0], 0)]
        ordered = sorted(tasks, key=self._rank, reverse=True)
        current = self._is_current(ordered[0])
        restarts = sum(_state(task) in _ENDED_BY_ITSELF and self._is_current(task) is current for task in ordered[1:])
        first = self._made(ordered[0], restarts)
        others = (self._made(task, 0) for task in ordered[1:])
        return [first, *(one for one in others if one.phase.up or one.phase is Phase.FAILED)]

    def _rank(self, task: Raw) -> tuple[bool, bool, bool, str]:
        live = task.get("DesiredState") in _LIVE
        return live, self._is_current(task), self._phase(task, _state(task)).up, task.get("CreatedAt", "")

    def _is_current(self, task: Raw) -> bool:
        """Whether a task was made from the service as it is now."""
        if self._iteration is not None and (task.get("JobIteration") or NOTHING).get("Index") != self._iteration:
            return False
        spec = task.get("Spec") or NOTHING
        return [spec.get(key) for key in _SPEC] == self._current

    def _made(self, task: Raw, restarts: int) -> Instance:
        status = task.get("Status") or NOTHING
        state = _state(task)
        phase = self._phase(task, state)
        container = status.get("ContainerStatus") or NOTHING
        node = task.get("NodeID", "")
        host = self._around.nodes.get(node, node)
        slot = task.get("Slot", 0)
        return _instance(
            task["ID"],
            f"{self._full_name}.{slot or host}",
            self._name,
            phase,
            slot,
            state,
            host,
            _image(task),
            self._revision if self._is_current(task) else "",
            container.get("ExitCode", 0) if container and state in _ENDED else None,
            restarts,
            seconds(task.get("CreatedAt", "")),
            seconds(status.get("Timestamp", "")) if phase.up else None,
            self._message(task, status, phase),
            container.get("ContainerID", ""),
            _ports(status),
        )

    def _phase(self, task: Raw, state: str) -> Phase:
        phase = _PHASES.get(state, Phase.WAITING)
        desired = task.get("DesiredState", "running")
        if phase.up and task.get("NodeID") in self._around.lost:
            return Phase.STOPPED
        if phase is Phase.WAITING:
            if desired not in _LIVE:
                return Phase.STOPPED
            return Phase.RESTARTING if desired == "ready" else phase
        if phase is Phase.RUNNING and _is_checked(task):
            return Phase.HEALTHY
        return phase

    def _message(self, task: Raw, status: Raw, phase: Phase) -> str:
        node = task.get("NodeID", "")
        if phase is Phase.STOPPED and node in self._around.lost:
            return f"its node {self._around.nodes.get(node, node)} is down"
        return _EXIT_CODE.sub("", str(status.get("Err") or ""))


_ENDED = frozenset({"complete", "failed", "shutdown"})
_EXIT_CODE = re.compile(r"^(task: non-zero exit \(-?\d+\)(: |$))?(dockerexec: )?")
"""What a message begins with that the exit code tells already, or that tells nobody anything."""


def _state(task: Raw) -> str:
    found: str = (task.get("Status") or NOTHING).get("State", "new")
    return found


def _is_checked(task: Raw) -> bool:
    """Whether the service has a health check of its own: Swarm calls a task running when it has passed."""
    inside = (task.get("Spec") or NOTHING).get("ContainerSpec") or NOTHING
    test = (inside.get("Healthcheck") or NOTHING).get("Test")
    return bool(test) and test != ["NONE"]


def _image(task: Raw) -> str:
    inside = (task.get("Spec") or NOTHING).get("ContainerSpec") or NOTHING
    return str(inside.get("Image", ""))


def _ports(status: Raw) -> tuple[Published, ...]:
    """Ports that are open on the instance's own node; the engine lists each once for IPv4 and once for IPv6."""
    said = (status.get("PortStatus") or NOTHING).get("Ports")
    return tuple(dict.fromkeys(map(published, said))) if said else ()


def published(port: Raw) -> Published:
    """A port as the API lists it."""
    return Published(
        target=port.get("TargetPort", 0), published=port.get("PublishedPort", 0), protocol=port.get("Protocol", "tcp")
    )
