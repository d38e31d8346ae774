"""The details of a mount: subfolder, propagation, SELinux, recursion; what each comes to on each kind of volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.storage.volume_plan import Kind, MountPlan
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.support import Outcome
    from intermodal.model.volumes import BindOptions
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use
    from intermodal.platforms.kubernetes.storage.volume_plan import VolumePlan

ON_NODES = frozenset({Kind.LOCAL, Kind.NODE_PATH})
_TO_CONTAINER = "HostToContainer"
_BOTH_WAYS = "Bidirectional"
_PROPAGATION: Mapping[str, str] = {
    "slave": _TO_CONTAINER,
    "rslave": _TO_CONTAINER,
    "shared": _BOTH_WAYS,
    "rshared": _BOTH_WAYS,
}
_OPTIONS: Mapping[str, frozenset[str]] = {
    "bind": frozenset({"bind", "volume"}),
    "volume": frozenset({"volume", "cluster"}),
    "tmpfs": frozenset({"tmpfs"}),
    "image": frozenset({"image"}),
}
"""The options of each section count on mounts of these types; docker compose writes `:z` of a volume under `bind`."""
_RECURSIVE_READ_ONLY = 31
"""The first minor release with `recursiveReadOnly` switched on (KEP 3857)."""


def mount_plan(context: Context, plan: VolumePlan, use: Use, *, fill: bool = False, folder: str = "") -> MountPlan:
    """One mount of a planned volume, within a `folder` of it; tells what becomes of its details."""
    mount = use.mount
    propagation = recursive = ""
    sub_path = folder
    _tell_elsewhere(context, use)
    if mount.bind is not None:
        _tell_selinux(context, plan, use, mount.bind)
        _tell_creation(context, plan, use, mount.bind)
        propagation = _propagation(context, plan, use, mount.bind)
        recursive = _recursive(context, plan, use, mount.bind, propagation)
    if mount.volume is not None and mount.volume.subpath:
        sub_path = "/".join(filter(None, (folder, _sub_path(context, use, mount.volume.subpath))))
    return MountPlan(
        service=use.service,
        target=use.target,
        path=use.path,
        read_only=mount.read_only,
        sub_path=sub_path,
        propagation=propagation,
        recursive=recursive,
        fill=fill,
    )


def _sub_path(context: Context, use: Use, said: str) -> str:
    if use.mount.type not in _OPTIONS["volume"]:
        return ""
    if ".." not in said.split("/"):
        return said.strip("/")
    context.notes((*use.path, "volume", "subpath"), _OUTSIDE)
    return ""


def _tell_elsewhere(context: Context, use: Use) -> None:
    """Options that only mounts of another type have do nothing on this one."""
    if use.path[2] == "volumes":
        for name, types in _OPTIONS.items():
            if getattr(use.mount, name) is not None and use.mount.type not in types:
                context.notes((*use.path, name), _ELSEWHERE)


def _tell(context: Context, use: Use, name: str, outcome: Outcome) -> None:
    if use.path[2] == "volumes":
        context.notes((*use.path, "bind", name), outcome)


def _tell_selinux(context: Context, plan: VolumePlan, use: Use, bind: BindOptions) -> None:
    if bind.selinux and plan.kind in ON_NODES:
        _tell(context, use, "selinux", _NOT_RELABELLED)


def _tell_creation(context: Context, plan: VolumePlan, use: Use, bind: BindOptions) -> None:
    if bind.create_host_path:
        _tell(context, use, "create_host_path", Exact(how=DEFAULT))
    elif plan.kind is Kind.LOCAL and plan.path_type == "Directory":
        _tell(context, use, "create_host_path", Exact(how="hostPath type Directory"))


def _propagation(context: Context, plan: VolumePlan, use: Use, bind: BindOptions) -> str:
    if bind.propagation in {"private", "rprivate"}:
        _tell(context, use, "propagation", Exact(how=DEFAULT))
    wanted = _PROPAGATION.get(bind.propagation, "")
    if not wanted:
        return ""
    if plan.kind not in ON_NODES:
        _tell(context, use, "propagation", _NOTHING_TO_PROPAGATE)
        return ""
    if wanted == _BOTH_WAYS and not context.application.services[use.service].privileged:
        _tell(context, use, "propagation", _ONE_WAY)
        return _TO_CONTAINER
    return wanted


def _recursive(context: Context, plan: VolumePlan, use: Use, bind: BindOptions, propagation: str) -> str:
    if bind.recursive == "readonly" and use.mount.read_only and plan.kind in ON_NODES and not propagation:
        if context.target.at_least(1, _RECURSIVE_READ_ONLY):
            return "Enabled"
    elif bind.recursive in {"enabled", "writable"}:
        _tell(context, use, "recursive", Exact(how=DEFAULT))
        return ""
    if bind.recursive:
        _tell(context, use, "recursive", _NOT_RECURSIVE)
    return ""


_ELSEWHERE = Missing(
    code="mount-option-elsewhere",
    why="the option has no effect on a mount of this type",
    consequence=Consequence.NONE,
)
_OUTSIDE = Missing(
    code="volume-subpath-outside",
    why="Kubernetes refuses a subfolder that leads out of its volume; the whole volume is mounted",
    consequence=Consequence.START,
)
_NOT_RELABELLED = Missing(
    code="selinux-label",
    why="Kubernetes does not relabel the folders of a node",
    advice="label the folder on the node (`chcon -Rt container_file_t`), or use `security_opt: label:...`",
)
_NOTHING_TO_PROPAGATE = Missing(
    code="mount-propagation",
    why="no mounts appear below a volume of this kind",
    consequence=Consequence.NONE,
)
_ONE_WAY = Approximate(
    code="mount-propagation",
    why="only privileged containers may show their mounts to the node; this one sees the node's, not the reverse",
    advice="set `privileged: true` if the node must see them",
    consequence=Consequence.BEHAVIOUR,
    how=_TO_CONTAINER,
)
_NOT_RECURSIVE = Missing(
    code="mount-recursion",
    why=f"Kubernetes can make mounts read-only below a read-only one from 1.{_RECURSIVE_READ_ONLY} on, nothing else",
)
