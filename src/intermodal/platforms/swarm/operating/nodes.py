"""Nodes of a Swarm: what they are used for, and the engines that run on them.

A manager cannot reach into another node's containers and volumes; that node's own engine can. It is found where the
user says: `--set engine.NODE=HOST`, or a Docker context that bears the node's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from intermodal.clients.docker.connect import connect
from intermodal.clients.docker.contexts import names
from intermodal.clients.docker.errors import EngineError
from intermodal.kit.records import replace
from intermodal.kit.spelling import did_you_mean
from intermodal.platforms.swarm.operating.names import node_name
from intermodal.platforms.swarm.operating.retrying import outrun
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.model.platform import Target
    from intermodal.platforms.swarm.planning.seen import Raw

AVAILABILITIES = ("active", "pause", "drain")
_OPTION = "engine."


class NodeEngines:
    """The engines of nodes that can be reached; `here` is the id of the node whose engine `client` is."""

    def __init__(self, client: Engine, here: str, target: Target) -> None:
        self._client = client
        self._target = target
        self.here = here

    def named(self) -> tuple[str, ...]:
        """The host names of nodes for which the user gave an address. Asks nobody."""
        options = (key.removeprefix(_OPTION) for key in self._target.options if key.startswith(_OPTION))
        return tuple(dict.fromkeys((*options, *names(self._target))))

    def of(self, node: Raw) -> Engine | None:
        """The engine of a node, None where nobody said how it is reached. Raises `NotDone` where it does not answer."""
        return self._client if node.get("ID") == self.here else self.by_name(node_name(node))

    def by_name(self, name: str) -> Engine | None:
        """As `of`; "" is the node we are connected to."""
        if not name:
            return self._client
        host = self._target.options.get(f"{_OPTION}{name}", "")
        if host:
            return connect(replace(self._target, host=host, context=""))
        return connect(replace(self._target, host="", context=name)) if name in names(self._target) else None


def set_availability(client: Engine, clock: Clock, node: str, availability: str) -> None:
    """Make a node active, or keep instances from it, or have them leave it."""
    if availability not in AVAILABILITIES:
        raise refused(
            "node-availability-unknown",
            f"a node cannot be {availability!r}",
            did_you_mean(availability, AVAILABILITIES, f"it is one of {', '.join(AVAILABILITIES)}"),
        )
    _change(client, clock, node, lambda spec: {**spec, "Availability": availability})


def set_labels(client: Engine, clock: Clock, node: str, labels: Mapping[str, str | None]) -> None:
    """Set labels of a node, and remove those that are None."""

    def changed(spec: Raw) -> dict[str, Any]:
        merged = {**(spec.get("Labels") or {}), **labels}
        return {**spec, "Labels": {key: value for key, value in merged.items() if value is not None}}

    _change(client, clock, node, changed)


def _change(client: Engine, clock: Clock, node: str, change: Callable[[Raw], Raw]) -> None:
    def attempt() -> bool:
        raw = _find(client, node)
        spec = change(raw["Spec"])
        if spec != raw["Spec"]:
            query = {"version": raw["Version"]["Index"]}
            client.call("POST", f"/nodes/{raw['ID']}/update", query=query, body=spec)
        return True

    outrun(clock, f"node {node}", attempt)


def _find(client: Engine, node: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = client.call("GET", f"/nodes/{quote(node, safe='')}")
    except EngineError as error:
        if error.status != 404 and "ambiguous" not in error.message:
            raise
        there = [node_name(raw) for raw in client.call("GET", "/nodes") or ()]
        why = "there is no node" if error.status == 404 else "several nodes are called"
        advice = did_you_mean(node, there, f"nodes are {', '.join(there)}; `intermodal nodes` has their ids")
        raise refused("node-not-there", f"{why} {node}", advice) from error
    return found
