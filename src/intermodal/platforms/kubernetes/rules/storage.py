"""Claims and volumes: sizes, access modes, and that the two of a pair fit each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.rules.quantity import amount
from intermodal.platforms.kubernetes.rules.scene import Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.platforms.kubernetes.rules.scene import Content, Rule, Scene

ACCESS_MODES = frozenset(("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"))
SOURCES = ("hostPath", "local", "nfs", "csi")


def sizes(scene: Scene) -> Iterator[Violation]:
    """Claims and volumes say how they may be mounted and how large they are."""
    for content in scene.of("PersistentVolumeClaim", "PersistentVolume"):
        modes = content["spec"].get("accessModes") or ()
        if not modes or not ACCESS_MODES.issuperset(modes):
            yield Violation(rule="access-mode", where=title(content), message=f"accessModes {list(modes)}")
        if "ReadWriteOncePod" in modes and len(modes) > 1:
            yield Violation(rule="access-mode", where=title(content), message="ReadWriteOncePod stands alone")
        if (amount(_size(content)) or 0) <= 0:
            yield Violation(rule="storage-size", where=title(content), message=f"{_size(content)!r} is no size")


def sources(scene: Scene) -> Iterator[Violation]:
    """A volume has one source, complete; a local one names its node."""
    for content in scene.of("PersistentVolume"):
        spec = content["spec"]
        found = [source for source in SOURCES if source in spec]
        if len(found) != 1:
            yield Violation(rule="volume-source", where=title(content), message=f"its sources are {found}")
        wanted = {
            "nfs": ("server", "path"),
            "hostPath": ("path",),
            "local": ("path",),
            "csi": ("driver", "volumeHandle"),
        }
        for source in found:
            if not all(spec[source].get(field) for field in wanted[source]):
                yield Violation(rule="volume-source", where=title(content), message=f"{source} is not complete")
        if "local" in spec and "nodeAffinity" not in spec:
            yield Violation(rule="volume-source", where=title(content), message="a local volume needs its node")


def pairs(scene: Scene) -> Iterator[Violation]:
    """A claim that names a volume can have it."""
    for claim in scene.of("PersistentVolumeClaim"):
        volume = scene.by_kind.get("PersistentVolume", {}).get(claim["spec"].get("volumeName", ""))
        if volume is None:
            continue
        for problem in _pair(claim, volume):
            yield Violation(rule="claim-mismatch", where=title(claim), message=problem)


def _pair(claim: Content, volume: Content) -> Iterator[str]:
    if claim["spec"].get("storageClassName") != volume["spec"].get("storageClassName", ""):
        yield "claim and volume are of different classes"
    if not set(claim["spec"].get("accessModes") or ()) <= set(volume["spec"].get("accessModes") or ()):
        yield "the volume does not offer the claim's access mode"
    if (amount(_size(claim)) or 0) > (amount(_size(volume)) or 0):
        yield "the volume is smaller than the claim"
    reserved = volume["spec"].get("claimRef") or {}
    if reserved.get("name") != claim["metadata"]["name"]:
        yield "the volume is reserved for another claim"


def _size(content: Content) -> object:
    spec = content["spec"]
    if content["kind"] == "PersistentVolume":
        return (spec.get("capacity") or {}).get("storage")
    return ((spec.get("resources") or {}).get("requests") or {}).get("storage")


RULES: tuple[Rule, ...] = (sizes, sources, pairs)
