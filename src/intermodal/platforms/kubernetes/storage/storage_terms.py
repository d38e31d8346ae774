"""On what terms a volume is had: its size and class, who may mount it at once, and what was asked of it.

Shared by everything that decides about volumes. The options read here: `storage-class`, `volume-size`, `node`,
`data-path`, `data-binds`, `writable-binds`, `copy-image-content`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import fields, replace
from intermodal.model.support import Exact, Missing
from intermodal.platforms.kubernetes.storage.sizes import asked_quantity
from intermodal.platforms.kubernetes.wishes.wishes import VolumeWishes, volume_wishes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use

DEFAULT_SIZE = "1Gi"
DEFAULT_DATA_PATH = "/var/lib/intermodal"
_DEEP = 2
"""Folders below the root that two paths must share to belong together: /home/me, not /home."""
ONE_NODE = "ReadWriteOnce"
MANY_NODES = "ReadWriteMany"
_ACCESS = {
    "rwo": ONE_NODE,
    "rwx": MANY_NODES,
    "rox": "ReadOnlyMany",
    "rwop": "ReadWriteOncePod",
}
_ACCESS |= {mode.lower(): mode for mode in _ACCESS.values()}
_NO_WISHES = VolumeWishes()


def wishes_for(context: Context, uses: Iterable[Use], key: str = "") -> VolumeWishes:
    """What was asked of a volume, by its name or any of its mounts; the first that says something of a field wins."""
    asked = [volume_wishes(key, context)] if key else []
    asked += [volume_wishes(f"{use.service}:{use.mount.target}", context) for use in uses]
    asked = [wish for wish in asked if wish != _NO_WISHES]
    if len(asked) < 2:
        return asked[0] if asked else _NO_WISHES
    return replace(_NO_WISHES, **{name: _first(getattr(wish, name) for wish in asked) for name in fields(VolumeWishes)})


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def option(context: Context, name: str, default: str = "") -> str:
    """A global option of the user's."""
    return context.settings.options.get(name, "") or default


def size_of(context: Context, wish: VolumeWishes, written: str = "") -> str:
    """The size asked for: of this volume, else what the file says, else of all volumes, else 1Gi."""
    asked = (wish.size, written, option(context, "volume-size"))
    return next((found for text in asked if text and (found := asked_quantity(text))), DEFAULT_SIZE)


def storage_class_of(context: Context, wish: VolumeWishes) -> str:
    """The StorageClass asked for; "" leaves it to the cluster's default."""
    return wish.storage_class or option(context, "storage-class")


def access_of(context: Context, wish: VolumeWishes, uses: Sequence[Use]) -> str:
    """The access mode: what was asked for, else ReadWriteOnce for one pod, ReadWriteMany for several."""
    if wish.access:
        return _ACCESS.get(wish.access.lower(), wish.access)
    return MANY_NODES if several_pods(context, uses) else ONE_NODE


def several_pods(context: Context, uses: Sequence[Use]) -> bool:
    """Whether more than one pod mounts the volume at a time."""
    leaders = {context.groups.leader(use.service) for use in uses}
    return len(leaders) > 1 or any(has_several(context.application.services[leader]) for leader in leaders)


def has_several(service: Service) -> bool:
    """Whether a service runs as more than one instance at a time."""
    if service.deploy is not None:
        if service.deploy.mode in {"global", "global-job"}:
            return True
        if service.deploy.replicas is not None:
            return service.deploy.replicas > 1
    return (service.scale or 1) > 1


def is_inside(context: Context, path: str) -> bool:
    """Whether a host path lies in a folder of the application, there or not."""
    root = context.application.working_dir.rstrip("/")
    return path == root or path.startswith(f"{root}/") or context.files.ships(path)


def within_project(context: Context, path: str) -> str:
    """How the file would call a path of the project or beside it: `./conf/nginx.conf`; other paths as they are."""
    root = context.application.working_dir.rstrip("/")
    if path == root:
        return "."
    if root and path.startswith(f"{root}/"):
        return f".{path.removeprefix(root)}"
    return _beside(root, path) or path


def _beside(root: str, path: str) -> str:
    """`../files/a.conf` for what lies one or two folders above the project; "" for what lies elsewhere.

    Such paths are mostly written relative, and a name made of them should not hang on where the project was put.
    """
    above = root
    for steps in ("..", "../.."):
        above = above.rpartition("/")[0]
        if above.count("/") >= _DEEP and path.startswith(f"{above}/"):
            return steps + path.removeprefix(above)
    return ""


def subject(use: Use) -> Path:
    """The path of the value that says what is mounted: what an outcome of the whole mount is told about."""
    if use.path[2] != "volumes":
        return use.path
    return (*use.path, "source" if use.mount.source else "target")


def tell(context: Context, path: Path, outcome: Outcome) -> None:
    """Note an outcome unless something worse is known of the path: several mounts can hang on one value."""
    known = context.notes.notes.get(path)
    if known is None or _weight(outcome) >= _weight(known):
        context.notes(path, outcome)


def _weight(outcome: Outcome) -> tuple[int, int]:
    if isinstance(outcome, Exact):
        return (-1, 0)
    return (outcome.consequence, isinstance(outcome, Missing))


def volume_name(context: Context, original: str) -> str:
    """The name of a volume in pods: never one that ConfigMaps, Secrets or /dev/shm get from others."""
    name = context.names.name("Volume", original)
    if name == "shm" or name.startswith(("config-", "secret-")):
        return context.names.object("Volume", original, "volume")
    return name
