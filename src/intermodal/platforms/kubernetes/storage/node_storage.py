"""Storage that lies in a folder of a node, and the wishes that turn any volume into another kind of storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.support import Approximate, Consequence
from intermodal.platforms.kubernetes.names import slug
from intermodal.platforms.kubernetes.storage.host_paths import host_path_type
from intermodal.platforms.kubernetes.storage.storage_terms import (
    DEFAULT_DATA_PATH,
    MANY_NODES,
    is_inside,
    option,
    within_project,
)
from intermodal.platforms.kubernetes.storage.volume_plan import Kind

if TYPE_CHECKING:
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.volume_plan import VolumePlan
    from intermodal.platforms.kubernetes.wishes.wishes import VolumeWishes

CREATED = "DirectoryOrCreate"
EXPECTED = "Directory"
_NO_CLAIM: dict[str, str] = {"size": "", "access": "", "storage_class": "", "object_name": ""}


def on_a_node(context: Context, plan: VolumePlan, source: str, *, why: str, path_type: str = CREATED) -> VolumePlan:
    """The plan as a PersistentVolume of a node's folder: the path the file names, or one of ours."""
    return replace(
        plan,
        kind=Kind.LOCAL,
        why=why,
        path=plan.path or folder_on_node(context, source),
        path_type=path_type,
        node=plan.node or option(context, "node"),
        storage_class="",
    )


def folder_on_node(context: Context, source: str) -> str:
    """Where a node keeps what `source` is on this host.

    An absolute path outside the project stays what it is; a folder of the project gets the same place on every
    machine, wherever the project was checked out.
    """
    if source.startswith("/") and not is_inside(context, source):
        return source
    name = within_project(context, source)
    parts = [part for part in name.split("/") if part not in {"", ".", ".."}]
    root = option(context, "data-path", DEFAULT_DATA_PATH).rstrip("/")
    return "/".join((root, slug(context.application.name), *parts))


def with_policy(context: Context, plan: VolumePlan, wish: VolumeWishes, source: str) -> VolumePlan:
    """The plan as the wished policy has it; the plan itself for policies that are no storage."""
    why = f"its policy is {wish.policy!r}"
    path = wish.path or folder_on_node(context, source)
    if wish.policy == "local":
        return on_a_node(context, replace(plan, path=wish.path, node=wish.node), source, why=why)
    if wish.policy == "nfs":
        server = wish.server
        return replace(plan, kind=Kind.NFS, why=why, server=server, path=path, access=MANY_NODES, storage_class="")
    if wish.policy == "hostpath":
        known = host_path_type(path) or CREATED
        node = wish.node or option(context, "node")
        return replace(plan, kind=Kind.NODE_PATH, why=why, path=path, path_type=known, node=node, **_NO_CLAIM)
    if wish.policy == "memory":
        return replace(plan, kind=Kind.MEMORY, why=why, **(_NO_CLAIM | {"size": plan.size if wish.size else ""}))
    if wish.policy == "ephemeral":
        return replace(plan, kind=Kind.SCRATCH, why=why, **(_NO_CLAIM | {"size": plan.size if wish.size else ""}))
    return replace(plan, why=why) if wish.policy == "claim" else plan


def choose_a_node(volume: str) -> str:
    """The advice to choose a node for a volume or mount."""
    return f"choose one with `--set volume.{volume}.node=NODE`, or one for all with `--set node=NODE`"


NO_NODE = Approximate(
    code="bind-without-node",
    why="no node was chosen: moved to another node, the service finds an empty folder",
    consequence=Consequence.DATA,
)
NO_SERVER = Approximate(
    code="nfs-without-server",
    why="no NFS server was named, so a claim waits for a volume that somebody makes for it",
    advice="name the server with `--set volume.NAME.server=HOST`, or as `addr=` in the driver's options",
    consequence=Consequence.START,
)
HOST_PATH = Approximate(
    code="host-path",
    why="each pod sees the path of the node it happens to run on, and namespaces with a Pod Security level refuse it",
    consequence=Consequence.BEHAVIOUR,
)
