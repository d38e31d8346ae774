"""What a volume's driver and its options make of it: the `local` driver's nfs, cifs, tmpfs and bind; others by note.

The `local` driver hands `type`, `device` and `o` to mount(8) (Docker, volume/local).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.quantities import byte_quantity
from intermodal.platforms.kubernetes.storage.host_paths import host_path_type, is_node_path
from intermodal.platforms.kubernetes.storage.node_storage import on_a_node
from intermodal.platforms.kubernetes.storage.sizes import asked_quantity, size_in_bytes
from intermodal.platforms.kubernetes.storage.storage_terms import MANY_NODES, is_inside
from intermodal.platforms.kubernetes.storage.volume_plan import Kind
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.model.origin import Path
    from intermodal.model.volumes import Volume
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.volume_plan import VolumePlan
    from intermodal.platforms.kubernetes.wishes.wishes import VolumeWishes

    Made = Callable[[Context, str, Mapping[str, str], VolumePlan], VolumePlan]


def with_driver(context: Context, key: str, volume: Volume, plan: VolumePlan, wish: VolumeWishes) -> VolumePlan:
    """The plan as the volume's driver and options have it; tells what becomes of each of them."""
    options = {name: value for name, value in volume.driver_opts.items() if value}
    for name in volume.driver_opts:
        if name not in options:
            context.notes(("volumes", key, "driver_opts", name), Exact(how=DEFAULT))
    if volume.driver not in {"", "local"}:
        return _foreign(context, key, options, plan)
    if volume.driver:
        context.notes(("volumes", key, "driver"), Exact(how=DEFAULT))
    if not options:
        return plan
    made = _LOCAL.get(_sort(options), _unknown)(context, key, options, replace(plan, path=wish.path, node=wish.node))
    return made if made.kind is not Kind.CLAIM else replace(made, path="", node="")


def _sort(options: Mapping[str, str]) -> str:
    """What the `local` driver would mount."""
    kind = options.get("type", "").lower()
    words = options.get("o", "").split(",")
    if "bind" in words or "rbind" in words or kind == "bind":
        return "bind"
    if kind in {"", "none"} and not options.keys() - {"size"}:
        return "size"
    return {"nfs4": "nfs", "nfs3": "nfs", "smb3": "cifs", "smb": "cifs"}.get(kind, kind)


def _foreign(context: Context, key: str, options: Mapping[str, str], plan: VolumePlan) -> VolumePlan:
    context.notes(("volumes", key, "driver"), _DRIVER)
    size = asked_quantity(options.get("size", ""))
    if size:
        context.notes(("volumes", key, "driver_opts", "size"), Exact(how="the claim's size"))
    return replace(plan, size=size or plan.size)


def _only_size(context: Context, key: str, options: Mapping[str, str], plan: VolumePlan) -> VolumePlan:
    size = asked_quantity(options.get("size", ""))
    if size:
        context.notes(("volumes", key, "driver_opts", "size"), Exact(how="the claim's size"))
    return replace(plan, size=size or plan.size)


def _nfs(context: Context, key: str, options: Mapping[str, str], plan: VolumePlan) -> VolumePlan:
    said, rest = _mount_words(options.get("o", ""), {"addr", "rw"})
    server, _, path = options.get("device", "").rpartition(":")
    _told(context, key, options, "an NFS PersistentVolume")
    return replace(
        plan,
        kind=Kind.NFS,
        why="its driver options mount an NFS export",
        server=said.get("addr", "") or server,
        path=path if path.startswith("/") else f"/{path}",
        mount_options=rest,
        access=MANY_NODES,
        storage_class="",
    )


def _cifs(context: Context, key: str, options: Mapping[str, str], plan: VolumePlan) -> VolumePlan:
    said, rest = _mount_words(options.get("o", ""), {"addr", "rw", "username", "user", "password", "pass"})
    name = said.get("username", "") or said.get("user", "")
    outcome = Approximate(
        code="smb-needs-driver",
        why="SMB shares are mounted by the CSI driver smb.csi.k8s.io, which a cluster does not bring along",
        advice="install csi-driver-smb, or name a StorageClass for this volume",
        consequence=Consequence.START,
        how="an SMB PersistentVolume",
    )
    context.notes(("volumes", key, "driver_opts"), outcome)
    share = options.get("device", "").replace("\\", "/")
    host, slash, rest_of_share = share.removeprefix("//").partition("/")
    return replace(
        plan,
        kind=Kind.SMB,
        why="its driver options mount an SMB share",
        share=f"//{said.get('addr', '') or host}{slash}{rest_of_share}",
        mount_options=rest,
        login=(name, said.get("password", "") or said.get("pass", "")) if name else None,
        access=MANY_NODES,
        storage_class="",
    )


def _tmpfs(context: Context, key: str, options: Mapping[str, str], plan: VolumePlan) -> VolumePlan:
    said, _ = _mount_words(options.get("o", ""), {"size"})
    size = size_in_bytes(said.get("size", ""))
    base: Path = ("volumes", key, "driver_opts")
    context.notes((*base, "type"), Exact(how="an emptyDir in memory"))
    context.notes((*base, "device"), _ONLY_A_NAME)
    if "o" in options:
        exact = size is not None and "," not in options["o"]
        context.notes((*base, "o"), Exact(how="the emptyDir's sizeLimit") if exact else _TMPFS_OPTIONS)
    return replace(
        plan,
        kind=Kind.MEMORY,
        why="its driver options make it a tmpfs",
        size="" if size is None else byte_quantity(size),
        access="",
        storage_class="",
        object_name="",
    )


def _bind(context: Context, key: str, options: Mapping[str, str], plan: VolumePlan) -> VolumePlan:
    device = options.get("device", "").rstrip("/") or "/"
    base: Path = ("volumes", key, "driver_opts")
    context.notes(base, _BOUND)
    context.notes((*base, "type"), _ONLY_A_NAME)
    if is_node_path(device) and not is_inside(context, device):
        return replace(
            plan,
            kind=Kind.NODE_PATH,
            why="its driver options bind a path that is the node's own",
            path=device,
            path_type=host_path_type(device),
            size="",
            access="",
            storage_class="",
            object_name="",
        )
    return on_a_node(context, plan, device, why="its driver options bind a folder of the host", path_type="Directory")


def _unknown(context: Context, key: str, options: Mapping[str, str], plan: VolumePlan) -> VolumePlan:
    context.notes(("volumes", key, "driver_opts"), _DEVICE)
    return replace(plan, why=f"its device of type {options.get('type', '')!r} is not known to Kubernetes: a new claim")


def _mount_words(text: str, taken: set[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The words of `o` by name, and those that stay mount options."""
    said: dict[str, str] = {}
    rest: list[str] = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = word.partition("=")
        if name in taken:
            said[name] = value
        else:
            rest.append(word)
    return said, tuple(rest)


def _told(context: Context, key: str, options: Mapping[str, str], how: str) -> None:
    for name in options:
        known = name in {"type", "device", "o"}
        context.notes(("volumes", key, "driver_opts", name), Exact(how=how) if known else _DRIVER_OPTION)


_LOCAL: Mapping[str, Made] = {"nfs": _nfs, "cifs": _cifs, "tmpfs": _tmpfs, "bind": _bind, "size": _only_size}

_DRIVER = Missing(
    code="volume-driver",
    why="Kubernetes reaches storage through StorageClasses, not through Docker's volume drivers",
    advice="name the class that stands for this driver: `--set volume.NAME.class=CLASS`",
)
_DRIVER_OPTION = Missing(
    code="volume-driver-option",
    why="nothing in Kubernetes takes this option of the volume driver",
    advice="choose a StorageClass whose parameters say the same",
)
_DEVICE = Missing(
    code="volume-device-not-mounted",
    why="Kubernetes cannot mount this device; the service starts with a new, empty claim",
    advice="copy the data into the claim, or make a PersistentVolume for the device and name it",
    consequence=Consequence.DATA,
)
_ONLY_A_NAME = Missing(
    code="driver-option-only-a-name",
    why="the device of a tmpfs and the type of a bind are names without an effect",
    consequence=Consequence.NONE,
)
_TMPFS_OPTIONS = Approximate(
    code="tmpfs-options",
    why="an emptyDir takes a size, and none of tmpfs's other mount options",
    consequence=Consequence.BEHAVIOUR,
    how="the emptyDir's sizeLimit",
)
_BOUND = Approximate(
    code="bind-content-not-copied",
    why="the folder's content on this host is not in the cluster",
    advice="copy it to the node before the first start, and choose the node with `--set volume.NAME.node=NODE`",
    consequence=Consequence.DATA,
    how="a PersistentVolume on a node",
)
