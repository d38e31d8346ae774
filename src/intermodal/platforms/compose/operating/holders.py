"""Who has a port of the host: another container, or a process where the engine is on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.compose.seen import HostPort, container

if TYPE_CHECKING:
    from intermodal.clients.docker.diagnosis import TakenPort
    from intermodal.clients.docker.engine import Engine


def holder(engine: Engine, port: TakenPort, asking: str) -> str:
    """In words; "" where nobody is found. `asking` is the container that wanted the port."""
    wanted = HostPort(port=port.port, protocol=port.protocol, address=port.address)
    there = {one.id: one for one in map(container, engine.call("GET", "/containers/json", query={"all": True}))}
    own = there.pop(asking, None)
    for one in there.values():
        if any(wanted.meets(had) for had in one.ports):
            if own and (one.project, one.service) == (own.project, own.service):
                return f"its other instance {one.name}"
            whose = f"of service {one.service} of project {one.project!r}" if one.project else "of no project"
            return f"container {one.name} {whose}"
    return _process(port, engine.address.path) if engine.address.scheme == "unix" else ""


def _process(port: TakenPort, path: str) -> str:
    from intermodal.clients.listeners import listening, server  # noqa: PLC0415 - only when something is wrong

    # The engine may be in another network namespace than we are.
    found = listening(port.port, port.protocol, beside=server(path))
    return f"process {found.pid} ({found.command})" if found else ""
