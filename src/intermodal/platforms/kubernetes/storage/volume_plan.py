"""What becomes of every volume and mount, as values that can be printed, compared and rendered. Decides nothing.

Who decides: `named_volumes.py`, `bind_mounts.py` and `pod_storage.py`. Who renders: `volumes.py`.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.origin import Path
    from intermodal.platforms.kubernetes.storage.shipped_files import FileSet


class Kind(Enum):
    """What a volume becomes; the value is the word a user asks for it with, where one can."""

    CLAIM = "claim"
    EXISTING = "existing"
    LOCAL = "local"
    NFS = "nfs"
    SMB = "smb"
    NODE_PATH = "hostpath"
    CONFIG_MAP = "configmap"
    SECRET = "secret"  # noqa: S105 - the kind of an object
    SCRATCH = "ephemeral"
    MEMORY = "memory"
    IMAGE = "image"


CLAIMS = frozenset({Kind.CLAIM, Kind.EXISTING, Kind.LOCAL, Kind.NFS, Kind.SMB})
"""What a pod reaches through a PersistentVolumeClaim, and what therefore outlives it."""
MADE_VOLUMES = frozenset({Kind.LOCAL, Kind.NFS, Kind.SMB})
"""Claims that come with a PersistentVolume of ours."""
MADE_CLAIMS = MADE_VOLUMES | {Kind.CLAIM}
"""Claims that are objects of ours."""
FILES = frozenset({Kind.CONFIG_MAP, Kind.SECRET})


@record
class MountPlan:
    """How one service sees a volume.

    `fill`: while the volume is empty, the image's content at `target` is copied into it. `copied`: the pod sees a
    writable copy of shipped files. `mode`, `uid`, `gid` are set on the root of the volume before the service starts.
    """

    service: str
    target: str
    path: Path
    read_only: bool = False
    sub_path: str = ""
    propagation: str = ""
    recursive: str = ""
    fill: bool = False
    copied: bool = False
    mode: int | None = None
    uid: int | None = None
    gid: int | None = None


@record
class VolumePlan:
    """What one volume becomes, and why. Sizes are quantities of Kubernetes, `path` is a path on a node or a server.

    `source` is what the file calls it: a volume's name, a path within the project, an absolute path, "web:/cache".
    `name` is its name in pods, `object_name` that of its claim, ConfigMap or Secret.
    """

    name: str
    kind: Kind
    why: str
    source: str
    mounts: tuple[MountPlan, ...]
    object_name: str = ""
    size: str = ""
    storage_class: str = ""
    access: str = ""
    node: str = ""
    path: str = ""
    path_type: str = ""
    server: str = ""
    share: str = ""
    mount_options: tuple[str, ...] = ()
    login: tuple[str, str] | None = None
    content: FileSet | None = None
    labels: Mapping[str, str] = NOTHING
    annotations: Mapping[str, str] = NOTHING

    def describe(self) -> str:
        """The plan in a few words: what it becomes, how large, for whom, where."""
        details = ", ".join(filter(None, (self.size, self.access, self.storage_class, self._whereabouts())))
        named = f"{_TITLES[self.kind]} {self.object_name}".rstrip()
        return f"{named} ({details})" if details else named

    @property
    def is_bound(self) -> bool:
        """Whether its claim comes with a PersistentVolume of ours."""
        return self.kind in MADE_VOLUMES and (self.kind is not Kind.NFS or bool(self.server))

    def _whereabouts(self) -> str:
        if self.kind is Kind.NFS:
            return f"{self.server}:{self.path}"
        where = self.share or self.path
        return f"{where} on node {self.node}" if self.node else where


_TITLES: Mapping[Kind, str] = {
    Kind.CLAIM: "PersistentVolumeClaim",
    Kind.EXISTING: "the existing PersistentVolumeClaim",
    Kind.LOCAL: "PersistentVolume and PersistentVolumeClaim",
    Kind.NFS: "NFS PersistentVolume and PersistentVolumeClaim",
    Kind.SMB: "SMB PersistentVolume and PersistentVolumeClaim",
    Kind.NODE_PATH: "hostPath",
    Kind.CONFIG_MAP: "ConfigMap",
    Kind.SECRET: "Secret",
    Kind.SCRATCH: "emptyDir",
    Kind.MEMORY: "emptyDir in memory",
    Kind.IMAGE: "image volume",
}


def plan_lines(plans: tuple[VolumePlan, ...]) -> list[str]:
    """The plan for people: one line per volume, and one per mount of it."""
    lines: list[str] = []
    for plan in plans:
        lines.append(f"{plan.source}: {plan.describe()} - {plan.why}")
        lines += [f"  {mount.service} at {mount.target}{_manner(plan, mount)}" for mount in plan.mounts]
    return lines


def _manner(plan: VolumePlan, mount: MountPlan) -> str:
    words = [
        *(["read-only"] if mount.read_only else []),
        *([f"its folder {mount.sub_path}"] if mount.sub_path and plan.kind in CLAIMS else []),
        *(["filled from the image while empty"] if mount.fill else []),
        *(["a writable copy"] if mount.copied else []),
    ]
    return f" ({', '.join(words)})" if words else ""
