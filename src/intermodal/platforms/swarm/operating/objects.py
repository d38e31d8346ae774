"""Networks, configs and secrets brought into being. Being there already is as good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from intermodal.clients.docker.errors import EngineError
from intermodal.platforms.swarm.operating.retrying import until_unused
from intermodal.platforms.swarm.operating.telling import is_there
from intermodal.platforms.swarm.planning.seen import STACK, labels
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.platforms.swarm.planning.instructions import PutFile, PutNetwork

_PATIENCE = 60.0
_SETTLING = 5.0
_POLL = 0.05


def put_network(client: Engine, clock: Clock, put: PutNetwork) -> None:
    """Make the network; one that it replaces goes first."""
    there = _swarm_wide(client, put.name)
    if there and there["Id"] == put.replaces:
        if not until_unused(clock, _PATIENCE, lambda: client.call("DELETE", f"/networks/{put.replaces}")):
            raise refused(
                "still-in-use",
                f"network {put.name} cannot be made anew: something outside the application is in it",
                f"`docker network inspect --verbose {put.name}` says what",
            )
        there = None
    if there:
        _require_ours("network", put.name, labels(there), labels(put.body))
        return
    if _create(client, "/networks/create", put.body):
        _settle(client, clock, put)


def _settle(client: Engine, clock: Clock, put: PutNetwork) -> None:
    """Wait until the engine tells the addresses of a network it has just made; before, it would seem to differ."""
    ipam = put.body.get("IPAM")
    wanted = isinstance(ipam, dict) and ipam.get("Config")
    begun = clock.monotonic()
    while wanted and clock.monotonic() - begun < _SETTLING:
        there: Any = _swarm_wide(client, put.name) or {}
        if (there.get("IPAM") or {}).get("Config"):
            return
        clock.sleep(_POLL)


def put_file(client: Engine, put: PutFile) -> None:
    """Make the config or secret."""
    if _create(client, f"/{put.section}/create", put.body):
        return
    there = client.call("GET", f"/{put.section}/{quote(put.name, safe='')}")
    _require_ours(put.section[:-1], put.name, labels(there), labels(put.body))


def _create(client: Engine, path: str, body: Mapping[str, object]) -> bool:
    """Whether it was made; False where another run was faster."""
    try:
        client.call("POST", path, body=body)
    except EngineError as error:
        if is_there(error):
            return False
        raise
    return True


def _swarm_wide(client: Engine, name: str) -> Mapping[str, str] | None:
    found = client.call("GET", "/networks", query={"filters": {"name": [name], "scope": ["swarm"]}}) or ()
    return next((raw for raw in found if raw["Name"] == name), None)


def _require_ours(what: str, name: str, has: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    if has.get(STACK) != wanted.get(STACK):
        raise refused(
            "object-name-taken",
            f"a {what} called {name} is there, and it is not part of this application",
            f"mark it external if it is meant, remove it (`docker {what} rm {name}`), or choose another `name`",
        )
