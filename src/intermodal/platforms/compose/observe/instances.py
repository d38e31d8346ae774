"""A container as an instance: from its row in a list, or from all the engine knows of it.

Lists of Docker 20.10 tell health and exit codes only in their sentence: `Up 2 minutes (healthy)`, `Exited (1) …`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.moments import seconds
from intermodal.model.labels import REVISION
from intermodal.model.running import Instance, Phase, Published
from intermodal.platforms.compose import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Dictionary

    from intermodal.platforms.compose.seen import Row

ASKED_TO_STOP = 143
"""What a program ended by SIGTERM exits with: somebody asked for it."""
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - read, not bound
_LONGEST = 300
_SIMPLE = {
    "created": Phase.WAITING,
    "paused": Phase.PAUSED,
    "restarting": Phase.RESTARTING,
    "removing": Phase.STOPPED,
    "dead": Phase.FAILED,
}
_HEALTH = {
    "starting": Phase.STARTING,
    "healthy": Phase.HEALTHY,
    "unhealthy": Phase.UNHEALTHY,
}


def instance(row: Row) -> Instance:
    """An instance from its row of `GET /containers/json?all=1`."""
    read = seen.container(row)
    health = _health_word(row.get("Status", ""))
    return Instance(
        id=read.id,
        name=read.name,
        service=read.service,
        phase=_phase(read.state, health, read.exit_code),
        number=read.number,
        status=row.get("Status", ""),
        image=read.image,
        revision=read.revision,
        exit_code=read.exit_code,
        created=float(read.created),
        container=read.id,
        ports=tuple(dict.fromkeys(_published(row.get("Ports") or ()))),
    )


def instance_inspected(found: Row) -> Instance:
    """An instance from `GET /containers/ID/json`: with times, restarts, and why it is not well."""
    labels = found["Config"].get("Labels") or {}
    state = found["State"]
    status = str(state["Status"])
    ended = status in ("exited", "dead") or bool(status == "created" and state.get("ExitCode"))
    code = int(state.get("ExitCode") or 0) if ended or status == "restarting" else None
    health = state.get("Health") or {}
    phase = Phase.FAILED if status == "created" and ended else _phase(status, health.get("Status", ""), code)
    number = labels.get(seen.NUMBER, "")
    return Instance(
        id=found["Id"],
        name=found["Name"].removeprefix("/"),
        service=labels.get(seen.SERVICE, ""),
        phase=Phase.FAILED if state.get("OOMKilled") and ended else phase,
        number=int(number) if number.isdecimal() else 0,
        status=status,
        image=found["Config"].get("Image", ""),
        revision=labels.get(REVISION, ""),
        exit_code=code,
        restarts=int(found.get("RestartCount") or 0),
        created=seconds(found.get("Created", "")),
        started=seconds(state.get("StartedAt", "")),
        message=_message(state, health),
        container=found["Id"],
        ports=tuple(dict.fromkeys(_bound((found.get("NetworkSettings") or {}).get("Ports") or {}))),
    )


def _phase(state: str, health: str, exit_code: int | None) -> Phase:
    if state in _SIMPLE:
        return _SIMPLE[state]
    if state == "running":
        return _HEALTH.get(health, Phase.RUNNING)
    if exit_code == 0:
        return Phase.COMPLETE
    return Phase.STOPPED if exit_code in (None, ASKED_TO_STOP) else Phase.FAILED


def _health_word(status: str) -> str:
    """The last word in brackets: `Up 3 seconds (health: starting)`."""
    _, bracket, said = status.rpartition("(")
    return said.removesuffix(")").removeprefix("health: ") if bracket else ""


def _message(state: Dictionary[str, Any], health: Dictionary[str, Any]) -> str:
    """Why it is not well, in the engine's or the health check's words."""
    if state.get("OOMKilled"):
        return "it was killed because its memory did not suffice"
    if state.get("Error"):
        return str(state["Error"])
    if health.get("Status") in ("healthy", None) or not health.get("Log"):
        return ""
    last = health["Log"][-1]
    said = " ".join(str(last.get("Output", "")).split())[:_LONGEST]
    ended = f"the health check ends with {last.get('ExitCode')}"
    return f"{ended}: {said}" if said else ended


def _published(rows: Iterable[Dictionary[str, Any]]) -> Iterator[Published]:
    for row in rows:
        if row.get("PublicPort"):
            yield _port(row["PrivatePort"], row["PublicPort"], row.get("Type", "tcp"), row.get("IP", ""))


def _bound(said: Dictionary[str, Any]) -> Iterator[Published]:
    for port, bindings in said.items():
        target, _, protocol = port.partition("/")
        for binding in bindings or ():
            yield _port(int(target), int(binding["HostPort"] or 0), protocol or "tcp", binding.get("HostIp", ""))


def _port(target: int, published: int, protocol: str, address: str) -> Published:
    shown = "" if address in EVERYWHERE else address
    return Published(target=target, published=published, protocol=protocol, address=shown)
