"""Engines joined into a Swarm, and waiting until its managers call a node ready."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.threads import gather
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.lab.layout import LabNode, Layout

_PORT = 2377
_PATIENCE = 60.0
_BEAT = 0.05
_BEFORE = ("pending", "error")
_ANY = f"0.0.0.0:{_PORT}"


def form(layout: Layout, engines: Mapping[str, Engine], clock: Clock) -> None:
    """Make the first node a Swarm and let the others join it: managers one by one, workers at once.

    `engines` are by node name. Raises `NotDone`, `EngineError`, `Unreachable`.
    """
    first, *others = layout.nodes
    engines[first.name].call("POST", "/swarm/init", body={"ListenAddr": _ANY, "AdvertiseAddr": first.address})
    tokens = engines[first.name].call("GET", "/swarm")["JoinTokens"]

    def join(node: LabNode) -> None:
        asked = {"JoinToken": tokens[node.role.capitalize()], "RemoteAddrs": [f"{first.address}:{_PORT}"]}
        body = {"ListenAddr": _ANY, "AdvertiseAddr": node.address, **asked}
        engines[node.name].call("POST", "/swarm/join", body=body)

    for node in others:
        if node.role == "manager":
            join(node)
    gather([partial(join, node) for node in others if node.role == "worker"])
    wait(layout.nodes, engines[first.name], clock)


def wait(nodes: Iterable[LabNode], manager: Engine, clock: Clock) -> None:
    """Return when the manager calls all these nodes ready. Raises `NotDone` after a minute."""
    wanted = {node.name for node in nodes}
    end = clock.monotonic() + _PATIENCE
    while missing := wanted - ready(manager):
        if clock.monotonic() > end:
            message = f"the Swarm does not call these nodes ready: {', '.join(sorted(missing))}"
            advice = "`intermodal lab status` shows which are cut off, paused or stopped"
            raise NotDone(
                [Diagnostic(code="lab-node-not-ready", severity=Severity.ERROR, message=message, help=advice)], 4
            )
        clock.sleep(_BEAT)


def wait_active(engine: Engine, clock: Clock) -> None:
    """Return when an engine that is part of a Swarm takes part in it, after a minute at the latest."""
    end = clock.monotonic() + _PATIENCE
    while clock.monotonic() < end and engine.call("GET", "/info")["Swarm"]["LocalNodeState"] in _BEFORE:
        clock.sleep(_BEAT)


def ready(manager: Engine) -> set[str]:
    """The names of the nodes that are ready; none while the Swarm has no leader."""
    try:
        listed = manager.call("GET", "/nodes")
    except (EngineError, Unreachable):
        return set()
    # A manager is ready when it also answers the other managers.
    return {
        node["Description"]["Hostname"]
        for node in listed
        if node["Status"]["State"] == "ready" and node.get("ManagerStatus", {}).get("Reachability") != "unreachable"
    }
