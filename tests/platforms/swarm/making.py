"""Makes what `up` wants on a real Swarm, by plain calls of its API, and removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.errors import EngineError
from intermodal.kit.clock import SystemClock
from intermodal.platforms.swarm.requests import identified, requests
from tests.applications import settings
from tests.platforms.swarm.requests.loading import loaded

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.clients.docker.engine import Engine
    from intermodal.platforms.swarm.requests import Wanted, WantedFile, WantedNetwork, WantedService

STACK = "judged"
LABEL = {"label": [f"com.docker.stack.namespace={STACK}"]}


def remove(engine: Engine) -> None:
    """Everything of ours; a network is in use for a moment longer than its service is there."""
    for kind, key in (("services", "ID"), ("configs", "ID"), ("secrets", "ID"), ("networks", "Id")):
        for one in engine.call("GET", f"/{kind}", query={"filters": LABEL}):
            soon(engine, f"/{kind}/{one[key]}")


def soon(engine: Engine, path: str) -> None:
    for left in reversed(range(50)):
        try:
            engine.call("DELETE", path)
        except EngineError as error:
            if error.status == 404:
                return
            if not left:
                raise
            SystemClock().sleep(0.2)
        else:
            return


def put(engine: Engine, kind: str, one: WantedNetwork | WantedFile) -> str:
    """The id of an object of ours, made where it is not there."""
    if one.external:
        return ""
    if kind == "networks":
        listed = engine.call("GET", "/networks", query={"filters": {"name": [one.name], **LABEL}})
    else:
        listed = engine.call("GET", f"/{kind}", query={"filters": {"name": [one.name]}})
    found = [there for there in listed if (there.get("Spec") or there)["Name"] == one.name]
    made = found[0] if found else engine.call("POST", f"/{kind}/create", body=dict(one.body))
    return str(made.get("ID") or made["Id"])


def allocated(engine: Engine, number: str) -> dict[str, Any]:
    """A network that has its addresses, which takes a moment."""
    for _ in range(50):
        live: dict[str, Any] = engine.call("GET", f"/networks/{number}")
        if live["IPAM"]["Config"]:
            return live
        SystemClock().sleep(0.1)
    pytest.fail(f"no addresses: {live}")


def there(engine: Engine, made: Wanted) -> dict[str, dict[str, str]]:
    """Networks, configs and secrets of an application are there; gives their ids by kind and name."""
    kinds: dict[str, tuple[WantedNetwork | WantedFile, ...]]
    kinds = {"networks": made.networks, "configs": made.configs, "secrets": made.secrets}
    return {kind: {one.name: put(engine, kind, one) for one in wanted} for kind, wanted in kinds.items()}


def create(engine: Engine, one: WantedService, ids: dict[str, dict[str, str]]) -> dict[str, Any]:
    """The service as the engine has it."""
    made = engine.call("POST", "/services/create", body=identified(one.spec, ids["configs"], ids["secrets"]))
    found: dict[str, Any] = engine.call("GET", f"/services/{made['ID']}")
    return found


def wanted(file: dict[str, Any], folder: Path, engine: Engine) -> Wanted:
    found = loaded(file | {"name": STACK}, folder)
    return requests(found.application, found.files, settings(), engine.version)
