"""A Swarm's refusals as people are told them, beside those that every engine may give."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from intermodal.clients.docker.diagnosis import not_done
from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.engine import Engine
    from intermodal.model.changes import NotDone
    from intermodal.platforms.swarm.planning.seen import Raw

_NO_LEADER = re.compile("does not have a leader|no leader|lost quorum|quorum", re.IGNORECASE)
_THERE = ("name conflicts with an existing object", "already exists")
_OUT_OF_SEQUENCE = "update out of sequence"


@contextmanager
def told(client: Engine, code: int = 1) -> Iterator[None]:
    """Within, what the engine refuses is raised as `NotDone` with this exit code."""
    try:
        yield
    except EngineError as error:
        raise (_of_swarm(error, code) or not_done(error, client.address, code)) from error
    except Unreachable as error:
        raise not_done(error, client.address, code) from error


def is_stale(error: EngineError) -> bool:
    """Whether somebody changed the object between our look and our change."""
    return _OUT_OF_SEQUENCE in error.message


def is_there(error: EngineError) -> bool:
    """Whether something of that name is there already; the engine says so with several statuses."""
    return error.status == 409 or any(words in error.message for words in _THERE)


def require_manager(client: Engine) -> Raw:
    """What the engine says of its Swarm. Raises `NotDone` unless it is a manager of one that works."""
    with told(client):
        swarm: Raw = (client.call("GET", "/info") or {}).get("Swarm") or {}
    state = swarm.get("LocalNodeState") or "inactive"
    if state == "locked":
        raise refused(
            "swarm-locked",
            f"the Swarm's manager at {client.address} is locked: it was started anew and waits for its key",
            "docker swarm unlock",
        )
    if state != "active" or not swarm.get("ControlAvailable"):
        raise _no_manager(client, swarm, state)
    if swarm.get("Error") and _NO_LEADER.search(swarm["Error"]):
        raise _without_leader(swarm["Error"], 1)
    return swarm


def _no_manager(client: Engine, swarm: Raw, state: str) -> NotDone:
    managers = ", ".join(one.get("Addr", "").rpartition(":")[0] for one in swarm.get("RemoteManagers") or ())
    if state == "active":
        return refused(
            "not-a-manager",
            f"the engine at {client.address} is a worker of a Swarm, and only managers can be asked",
            f"use a manager's engine (--host or --context); managers are at {managers or 'addresses it does not tell'}",
        )
    why = f"its state is {state}" if state != "inactive" else "it is in no Swarm"
    return refused(
        "not-a-manager",
        f"the engine at {client.address} is no manager of a Swarm: {why}",
        "`docker swarm init` makes it one; `intermodal lab up --platform swarm` makes a Swarm to try things on; "
        "`--platform compose` needs none",
    )


def _of_swarm(error: EngineError, code: int) -> NotDone | None:
    return _without_leader(error.message, code) if _NO_LEADER.search(error.message) else None


def _without_leader(said: str, code: int) -> NotDone:
    return refused(
        "swarm-without-leader",
        f"the Swarm has no leader, so nothing can be changed; what runs goes on: {said}",
        "bring back managers until more than half of them are up; if they are lost for good: "
        "`docker swarm init --force-new-cluster` on one that is left",
        exit_code=code,
    )
