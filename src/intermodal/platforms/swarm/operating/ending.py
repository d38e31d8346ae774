"""The end of things: services with their instances, networks, configs, secrets and volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.errors import EngineError
from intermodal.platforms.swarm.operating.retrying import until_unused
from intermodal.platforms.swarm.planning.seen import STACK
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.model.changes import NotDone
    from intermodal.platforms.swarm.planning.instructions import Remove, RemoveVolume
    from intermodal.platforms.swarm.planning.seen import Raw

_ENDED = frozenset({"complete", "shutdown", "failed", "rejected", "remove", "orphaned"})
_POLL = 0.2
_SLOWEST = 0.5
_PATIENCE = 60.0
"""Seconds beyond the grace period that an instance may take to go, and others to leave what is removed."""
_SPARED = 10.0
"""Seconds to wait for what may as well stay."""


def end_service(client: Engine, clock: Clock, service: str, stack: str, grace: float) -> None:
    """Remove a service and wait until its instances are gone. Nodes that are down are not waited for."""
    try:
        client.call("DELETE", f"/services/{service}")
    except EngineError as error:
        if error.status != 404:
            raise
    begun, pause = clock.monotonic(), _POLL
    while left := _left(client, service, stack):
        if clock.monotonic() - begun > grace + _PATIENCE:
            raise _stays(left)
        clock.sleep(pause)
        pause = min(_SLOWEST, pause * 1.3)


def remove(client: Engine, clock: Clock, thing: Remove) -> str:
    """Remove a network, config or secret once nobody uses it; says why it stays, where it may."""
    patience = _SPARED if thing.spare else _PATIENCE
    if until_unused(clock, patience, lambda: client.call("DELETE", f"/{thing.section}/{thing.id}")):
        return ""
    if thing.spare:
        return "something else uses it: it stays"
    raise refused(
        "still-in-use",
        f"{thing.section[:-1]} {thing.name} stays: something outside the application uses it",
        f"`docker {thing.section[:-1]} inspect {thing.name}` says what; then give the same command again",
        exit_code=3,
    )


def remove_volume(client: Engine, clock: Clock, volume: RemoveVolume) -> None:
    """Remove a volume from the node of that engine, once the containers of removed instances are gone."""
    if until_unused(clock, _PATIENCE, lambda: client.call("DELETE", f"/volumes/{volume.name}")):
        return
    raise refused(
        "still-in-use",
        f"volume {volume.name} stays{f' on {volume.node}' if volume.node else ''}: a container uses it",
        f"`docker ps -a --filter volume={volume.name}` says which; then give the same command again",
        exit_code=3,
    )


def _left(client: Engine, service: str, stack: str) -> list[Raw]:
    """The instances of a service that are not gone, unless their node is."""
    tasks = client.call("GET", "/tasks", query={"filters": {"label": [f"{STACK}={stack}"]}}) or ()
    left = [task for task in tasks if task["ServiceID"] == service and task["Status"]["State"] not in _ENDED]
    if not left:
        return []
    nodes = client.call("GET", "/nodes") or ()
    down = {node["ID"] for node in nodes if (node.get("Status") or {}).get("State") == "down"}
    known = {node["ID"] for node in nodes}
    return [task for task in left if task.get("NodeID") in known - down]


def _stays(left: list[Raw]) -> NotDone:
    nodes = ", ".join(sorted({task.get("NodeID", "") for task in left}))
    return refused(
        "instances-stay",
        f"{len(left)} instances were told to stop and did not (nodes {nodes})",
        "look at the engines of those nodes, then give the same command again: it goes on",
        exit_code=3,
    )
