"""What the engine says happened, as events of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.running import Event
from intermodal.platforms.compose import seen

if TYPE_CHECKING:
    from intermodal.platforms.compose.seen import Row

_KINDS = {"container": "instance", "network": "network", "volume": "volume"}
_DETAILS = {"exitCode": "exit_code", "signal": "signal", "image": "image", "container": "container", "name": "name"}
_OWN_COMMANDS = ("exec_", "top", "resize")
"""Commands run inside a container, health checks above all: theirs are too many, and may hold secrets."""


def event(raw: Row) -> Event | None:
    """An event of `GET /events`; None for what is no news of an application."""
    kind = _KINDS.get(raw.get("Type", ""))
    action = str(raw.get("Action", ""))
    if kind is None or action.startswith(_OWN_COMMANDS):
        return None
    actor = raw.get("Actor") or {}
    said = actor.get("Attributes") or {}
    name = said.get("name") or actor.get("ID", "")
    return Event(
        time=int(raw.get("timeNano") or 0) / 1e9 or float(raw.get("time") or 0),
        kind=kind,
        name=name,
        action=action,
        service=said.get(seen.SERVICE, ""),
        details={word: said[key] for key, word in _DETAILS.items() if said.get(key) and said[key] != name},
    )
