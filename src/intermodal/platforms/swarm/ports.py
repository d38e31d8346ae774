"""Published ports: Swarm's routing mesh, or the node's own ports with `mode: host`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.swarm.defaults import DEFAULT
from intermodal.platforms.swarm.plain import filled

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.networks import Port
    from intermodal.model.origin import Path
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

EVERY_ADDRESS = Missing(
    code="swarm-port-on-every-address",
    why="Swarm publishes a port on every address of its nodes, so what Compose shows to one address all can reach",
    advice="leave the port out and let a service of the stack reach it by name, or close it with a firewall",
    consequence=Consequence.SECURITY,
)
RANGE = Approximate(
    code="swarm-port-range",
    why="Compose takes a free port of the range for each instance; Swarm publishes one port for all, the first of it",
    advice="publish one port",
    consequence=Consequence.BEHAVIOUR,
    how="published",
)
ANY = Approximate(
    code="swarm-port-chosen",
    why="Swarm chooses a free port from 30000 on; `docker service inspect` shows which",
    advice="write a published port",
    how="a port without `published`",
)
HOST_NETWORK = Missing(
    code="swarm-ports-host-network",
    why="a service on the nodes' own network shows its ports there as they are; Compose discards this too",
    consequence=Consequence.NONE,
)
ROUND_ROBIN = Approximate(
    code="swarm-ports-round-robin",
    why="Swarm refuses mesh ports together with `endpoint_mode: dnsrr`, so each is published on the instances' nodes",
    advice="ask the nodes where the service runs, or use `endpoint_mode: vip`",
    consequence=Consequence.BEHAVIOUR,
    how="mode: host",
)
_OPEN = ("", "0.0.0.0", "::", "[::]")  # noqa: S104 - the addresses that mean all


def ports(context: Context, service: Service) -> list[Object]:
    """The published ports, each once; none for a service on the nodes' own network."""
    path = ("services", service.name, "ports")
    if service.network_mode == "host":
        if service.ports:
            context.notes(path, HOST_NETWORK)
        return []
    round_robin = service.deploy is not None and service.deploy.endpoint_mode == "dnsrr"
    made: list[Object] = []
    for index, port in enumerate(service.ports):
        spelled = _port(context, (*path, index), port, on_nodes=round_robin)
        if spelled not in made:
            made.append(spelled)
    return made


def _port(context: Context, path: Path, port: Port, *, on_nodes: bool) -> Object:
    if port.host_ip not in _OPEN:
        context.notes((*path, "host_ip"), EVERY_ADDRESS)
    elif port.host_ip:
        context.notes((*path, "host_ip"), DEFAULT)
    if on_nodes and port.mode != "host":
        context.notes((*path, "target"), ROUND_ROBIN)
    mode = "host" if on_nodes else port.mode
    return filled(target=port.target, published=_published(context, path, port), protocol=port.protocol, mode=mode)


def _published(context: Context, path: Path, port: Port) -> int | None:
    first, dash, _ = port.published.partition("-")
    if dash:
        context.notes((*path, "published"), RANGE)
    if not first.isdecimal() or int(first) == 0:
        context.notes((*path, "published" if port.published else "target"), ANY)
        return None
    return int(first)
