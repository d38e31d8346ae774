"""Commands inside running instances: on this engine's own node, or on another whose engine the user named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.attach import execute as execute_in
from intermodal.platforms.swarm.operating.names import instance_name, node_name
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning.seen import name
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.changes import NotDone
    from intermodal.model.platform import Command, Terminal
    from intermodal.platforms.swarm.operating.nodes import NodeEngines
    from intermodal.platforms.swarm.planning.seen import Raw, Seen


def execute(engines: NodeEngines, service: Raw, seen: Seen, command: Command, terminal: Terminal) -> int:
    """Run the command in an instance of the service; gives its exit code. Raises `NotDone`."""
    running = [task for task in seen.tasks if task["ServiceID"] == service["ID"] and _is_up(task)]
    names = {raw["ID"]: node_name(raw) for raw in seen.nodes}
    task = _chosen(_numbered(running, names), command.number, engines)
    if task is None:
        raise _none_up(command.service, command.number, running)
    node = next((raw for raw in seen.nodes if raw["ID"] == task["NodeID"]), {"ID": task["NodeID"]})
    engine = engines.of(node)
    if engine is None:
        raise _elsewhere(name(service), task, node)
    with told(engine):
        return execute_in(engine, _container(task), command, terminal)


def _is_up(task: Raw) -> bool:
    return task["Status"]["State"] == "running" and bool(_container(task))


def _container(task: Raw) -> str:
    found: str = (task["Status"].get("ContainerStatus") or {}).get("ContainerID") or ""
    return found


def _numbered(running: list[Raw], nodes: Mapping[str, str]) -> list[tuple[int, Raw]]:
    """Instances with their numbers; where there is one on every node, they are counted by the nodes' names."""
    ordered = sorted(running, key=lambda task: (task.get("Slot") or 0, nodes.get(task["NodeID"], "")))
    return [(task.get("Slot") or place, task) for place, task in enumerate(ordered, start=1)]


def _chosen(running: list[tuple[int, Raw]], number: int, engines: NodeEngines) -> Raw | None:
    """The instance of that number; without one, the first on our own node, else the first."""
    fitting = [task for own, task in running if number in (0, own)]
    wanted = sorted(fitting, key=lambda task: task["NodeID"] != engines.here)
    return next((task for task in wanted if task["DesiredState"] == "running"), next(iter(wanted), None))


def _none_up(service: str, number: int, running: list[Raw]) -> NotDone:
    there = ", ".join(str(task["Slot"]) for task in running if task.get("Slot"))
    what = f"instance {number} of {service}" if number else f"no instance of {service}"
    return refused(
        "instance-not-running",
        f"{what} {'is not running' if number else 'runs'}",
        f"those that run are {there}" if there else "`intermodal ps` says why",
    )


def _elsewhere(service: str, task: Raw, node: Raw) -> NotDone:
    host = node_name(node)
    instance = instance_name(service, task, host)
    return refused(
        "instance-on-another-node",
        f"{instance} is on {host}, and a manager cannot reach into containers of other nodes",
        f"name that node's engine: --set engine.{host}=ssh://{host} (or a Docker context called {host}); "
        f"by hand on {host}: docker exec {_container(task)[:12]} …",
    )
