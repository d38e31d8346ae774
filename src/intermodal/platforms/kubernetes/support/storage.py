"""What becomes of every field of volumes and mounts. Where it hangs on the value, the translator's notes say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from intermodal.model.support import Support

STORAGE: Support = {
    "volumes.*": Exact(how="a PersistentVolumeClaim"),
    "volumes.*.name": Exact(how="the claim's name"),
    "volumes.*.driver": Exact(how=DEFAULT),
    "volumes.*.driver_opts": Exact(how="empty"),
    "volumes.*.driver_opts.*": Missing(
        code="volume-driver-option",
        why="nothing in Kubernetes takes this option of the volume driver",
        advice="choose a StorageClass whose parameters say the same",
    ),
    "volumes.*.external": Exact(how="a claim that is already there"),
    "volumes.*.labels.*": Exact(how="the claim's label"),
    "services.*.volumes": Exact(how="empty"),
    "services.*.volumes.*.type": Exact(how="the kind of volume"),
    "services.*.volumes.*.source": Exact(how="the pod's volume"),
    "services.*.volumes.*.target": Exact(how="mountPath"),
    "services.*.volumes.*.read_only": Exact(how="readOnly"),
    "services.*.volumes.*.consistency": Missing(
        code="mount-consistency",
        why="it tunes Docker Desktop's file sharing, which no cluster has",
        consequence=Consequence.NONE,
    ),
    "services.*.volumes.*.bind": Exact(how="empty"),
    "services.*.volumes.*.bind.selinux": Missing(
        code="selinux-relabelled",
        why="the kubelet labels volumes of this kind for their pod by itself",
        consequence=Consequence.NONE,
    ),
    "services.*.volumes.*.bind.propagation": Exact(how="mountPropagation"),
    "services.*.volumes.*.bind.create_host_path": Missing(
        code="host-path-not-created",
        why="nothing is created on a node for a volume of this kind",
        consequence=Consequence.NONE,
    ),
    "services.*.volumes.*.bind.recursive": Exact(how="recursiveReadOnly"),
    "services.*.volumes.*.volume": Exact(how="empty"),
    "services.*.volumes.*.volume.labels.*": Exact(how="the claim's label"),
    "services.*.volumes.*.volume.nocopy": Exact(how="no init container copies the image's content"),
    "services.*.volumes.*.volume.subpath": Exact(how="subPath"),
    "services.*.volumes.*.tmpfs": Exact(how="empty"),
    "services.*.volumes.*.tmpfs.size": Exact(how="sizeLimit"),
    "services.*.volumes.*.tmpfs.mode": Exact(how="an init container sets it"),
    "services.*.volumes.*.image": Exact(how="empty"),
    "services.*.volumes.*.image.subpath": Exact(how="subPath"),
    "services.*.tmpfs": Exact(how="empty"),
    "services.*.tmpfs.*": Exact(how="an emptyDir in memory"),
    "services.*.volumes_from": Exact(how="empty"),
    "services.*.volumes_from.*": Exact(how="the other service's volumes"),
}
