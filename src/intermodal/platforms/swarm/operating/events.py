"""What happens to a stack: events of services, networks, configs, secrets and nodes, and those of containers.

Engines tell of containers only what happens on their own node; what happens elsewhere shows in tasks, not in events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.clients.docker import events as engine_events
from intermodal.clients.docker.errors import EngineError
from intermodal.model.running import Event
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning.seen import STACK, labels, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.platforms.swarm.planning.seen import Seen

_KINDS: Mapping[str, str] = {
    "service": "service",
    "container": "instance",
    "network": "network",
    "config": "config",
    "secret": "secret",
    "volume": "volume",
    "node": "node",
}
_LABELS = ("com.docker.", "intermodal.")


def events(
    client: Engine, clock: Clock, stack: str, seen: Seen, since: float | None = None, until: float | None = None
) -> Iterator[Event]:
    """Events of the stack and of nodes, for ever or until then. Raises `NotDone`."""
    ours = _Ours(client, stack, seen)
    with told(client):
        # With an end and no beginning, the engine would tell what it still remembers first.
        since = clock.now() if since is None and until is not None else since
        stream = engine_events.events(client, filters={"type": sorted(_KINDS)}, since=since, until=until)
        try:
            for raw in stream:
                event = _event(raw, stack)
                if event is not None and ours.has(raw, event):
                    yield event
        finally:
            stream.close()


class _Ours:
    """Which objects belong to the stack: those that did when we began, and those whose labels say so."""

    def __init__(self, client: Engine, stack: str, seen: Seen) -> None:
        self._client = client
        self._stack = stack
        there = (*seen.services, *seen.networks, *seen.configs, *seen.secrets)
        self._ids = {raw.get("ID") or raw.get("Id") for raw in there if labels(raw).get(STACK) == stack}
        self._volumes = {raw["Name"] for raw in seen.volumes}
        self._others: set[str] = set()

    def has(self, raw: Mapping[str, Any], event: Event) -> bool:
        """Whether an event is of the stack, or of a node, which concerns everybody."""
        actor = raw.get("Actor") or {}
        identity = actor.get("ID", "")
        if event.kind == "node":
            return True
        if event.kind == "instance":
            return bool((actor.get("Attributes") or {}).get(STACK) == self._stack)
        if event.kind == "volume":
            return identity in self._volumes or identity.startswith(f"{self._stack}_")
        if identity not in self._ids and identity not in self._others:
            (self._ids if self._asked(event.kind, identity) else self._others).add(identity)
        return identity in self._ids

    def _asked(self, kind: str, identity: str) -> bool:
        try:
            raw = self._client.call("GET", f"/{kind}s/{identity}")
        except EngineError:
            return False
        return labels(raw).get(STACK) == self._stack


def _event(raw: Mapping[str, Any], stack: str) -> Event | None:
    kind = _KINDS.get(raw.get("Type", ""))
    attributes: Mapping[str, str] = (raw.get("Actor") or {}).get("Attributes") or {}
    if kind is None or _is_noise(kind, raw, attributes):
        return None
    named = attributes.get("name") or (raw.get("Actor") or {}).get("ID", "")
    full = attributes.get("com.docker.swarm.service.name") or (named if kind == "service" else "")
    return Event(
        time=(raw.get("timeNano") or 0) / 1e9 or float(raw.get("time") or 0),
        kind=kind,
        name=short(named, stack) if kind == "service" else _without_task(named) if kind == "instance" else named,
        action=(raw.get("Action") or raw.get("status") or "").partition(":")[0],
        service=short(full, stack),
        details={key: value for key, value in attributes.items() if key != "name" and not key.startswith(_LABELS)},
    )


def _is_noise(kind: str, raw: Mapping[str, Any], attributes: Mapping[str, str]) -> bool:
    """What nobody asked for: nodes reporting what they are, commands of health checks, networks of single nodes."""
    if kind == "instance":
        return str(raw.get("Action", "")).startswith("exec_")
    if kind == "node":
        return raw.get("Action") == "update" and not any(key.endswith(".new") for key in attributes)
    return kind == "network" and "type" in attributes


def _without_task(container: str) -> str:
    """`shop_web.2` of `shop_web.2.a1b2…`."""
    return ".".join(container.split(".")[:-1]) or container
