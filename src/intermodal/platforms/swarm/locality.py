"""Where a service's data is. Swarm moves instances between nodes; volumes and host paths stay where they are.

Told to the ledger here: what becomes of data that is on one node, unless the service is bound to that node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.support import Outcome
    from intermodal.model.volumes import Volume
    from intermodal.platforms.swarm.context import Context

STAYS = Approximate(
    code="swarm-volume-stays-behind",
    why="the volume is on the node where the instance runs; moved to another, the service starts with an empty one",
    advice="bind it to a node: `x-intermodal: {node: NAME}` at the volume, `--set volume.NAME.node=NODE` or "
    "`deploy.placement.constraints`; or use a volume driver that all nodes reach",
    consequence=Consequence.BEHAVIOUR,
    how="a volume of the node",
)
SPLIT = Approximate(
    code="swarm-volume-split",
    why="several instances share this volume, but every node has its own: on different nodes they see different data",
    advice="bind them to one node: `x-intermodal: {node: NAME}` at the volume, `--set volume.NAME.node=NODE` or "
    "`deploy.placement.constraints`; or use a volume driver that all nodes reach (NFS by `driver_opts`)",
    consequence=Consequence.DATA,
    how="a volume of each node",
)
PER_NODE = Approximate(
    code="swarm-volume-per-node",
    why="a global service has an instance on every node, and each of them has a volume of its own",
    advice="use a volume driver that all nodes reach if they are to share the data",
    consequence=Consequence.BEHAVIOUR,
    how="a volume of each node",
)
HOST_PATH = Approximate(
    code="swarm-host-path",
    why="Swarm does not make missing paths: the instance is refused on every node that does not have this one, and "
    "what is in it is not copied there",
    advice="put it on every node, or bind the service to the node that has it: `x-intermodal: {node: NAME}` at the "
    "service or `--set node.SERVICE=NODE`",
    consequence=Consequence.START,
    how="a bind mount",
)
HOST_PATH_THERE = Approximate(
    code="swarm-host-path-on-node",
    why="the path must exist on the node the service is bound to; Swarm does not make it and copies nothing",
    how="a bind mount",
)
_EVERYWHERE = (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/var/lib/docker",
    "/var/log",
    "/var/run",
    "/run",
    "/proc",
    "/sys",
    "/dev",
    "/tmp",  # noqa: S108 - a place every node has, not one we write to
    "/etc/localtime",
    "/etc/timezone",
    "/etc/hostname",
    "/etc/hosts",
    "/etc/passwd",
    "/etc/group",
    "/etc/os-release",
    "/etc/resolv.conf",
    "/etc/ssl/certs",
    "/usr/share/zoneinfo",
    "/lib/modules",
)
"""Paths that every Linux node with a Docker engine has, with what is below them."""
_BINDING = ("node.hostname", "node.id", "node.ip", "node.labels.")
_SHARED_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "ceph", "glusterfs"})


def is_bound(service: Service) -> bool:
    """Whether the service's own constraints keep it on nodes that somebody chose."""
    deploy = service.deploy
    if deploy is None:
        return False
    constraints = deploy.placement.constraints if deploy.placement is not None else ()
    return any(constraint.startswith(_BINDING) and "==" in constraint for constraint in constraints)


def volume_outcome(context: Context, service: Service, source: str, *, bound: bool) -> Outcome:
    """What a named volume becomes."""
    volume = context.application.volumes.get(source)
    if bound or volume is None or _reachable_everywhere(volume):
        return Exact(how="a volume")
    if context.sharers.get(source, 1) > 1:
        return SPLIT
    if service.deploy is not None and service.deploy.mode.startswith("global"):
        return PER_NODE
    return SPLIT if _instances(service) > 1 else STAYS


def path_outcome(source: str, *, bound: bool) -> Outcome:
    """What a bind mount of a host path becomes."""
    if source == "/" or any(source == path or source.startswith(f"{path}/") for path in _EVERYWHERE):
        return Exact(how="a bind mount of what every node has")
    return HOST_PATH_THERE if bound else HOST_PATH


def sharers(application: Application) -> Mapping[str, int]:
    """How many services mount each named volume."""
    counts: dict[str, int] = {}
    for service in application.services.values():
        for source in {mount.source for mount in service.volumes if mount.type == "volume" and mount.source}:
            counts[source] = counts.get(source, 0) + 1
    return counts


def _reachable_everywhere(volume: Volume) -> bool:
    file_system = volume.driver_opts.get("type", "").lower()
    return volume.driver not in {"", "local"} or file_system in _SHARED_FILE_SYSTEMS


def _instances(service: Service) -> int:
    replicas = service.deploy.replicas if service.deploy is not None else None
    return service.scale or replicas or 1
