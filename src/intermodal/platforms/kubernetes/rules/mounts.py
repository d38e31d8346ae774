"""Volumes in Pods: every mount has its volume and every volume a mount, and no path is taken twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.names import LABEL_LIMIT
from intermodal.platforms.kubernetes.rules.identity import is_subdomain
from intermodal.platforms.kubernetes.rules.quantity import amount
from intermodal.platforms.kubernetes.rules.scene import Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.platforms.kubernetes.rules.scene import Content, Pod, Rule, Scene

HOST_PATH_TYPES = frozenset(
    ("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice")
)
PROPAGATIONS = frozenset(("None", "HostToContainer", "Bidirectional"))
_MODE_LIMIT = 0o777


def matching(scene: Scene) -> Iterator[Violation]:
    """Every mount names a volume of its Pod, every volume is mounted, no two have one name."""
    for pod in scene.pods:
        names = [volume["name"] for volume in pod.volumes]
        used: set[str] = set()
        for container in pod.containers:
            for mount in (*(container.get("volumeMounts") or ()), *(container.get("volumeDevices") or ())):
                used.add(mount["name"])
                if mount["name"] not in names and mount["name"] not in pod.claims:
                    yield _said("mount-without-volume", pod, container, f"mounts {mount['name']!r}, which is no volume")
        for name in names:
            if "." in name or len(name) > LABEL_LIMIT or not is_subdomain(name) or names.count(name) > 1:
                message = f"the volume {name!r} is there twice or may not be called so"
                yield Violation(rule="volume-name", where=title(pod.owner), message=message)
        for name in sorted({*names, *pod.claims} - used):
            message = f"no container mounts the volume {name!r}"
            yield Violation(rule="volume-without-mount", where=title(pod.owner), message=message)


def paths(scene: Scene) -> Iterator[Violation]:
    """Mount paths are absolute and each is there once; subfolders stay inside their volume."""
    for pod in scene.pods:
        for container in pod.containers:
            seen: set[str] = set()
            for mount in container.get("volumeMounts") or ():
                path = mount.get("mountPath", "")
                if path in seen:
                    yield _said("mount-path-twice", pod, container, f"mounts two volumes at {path}")
                seen.add(path)
                if not path.startswith("/") and ":" not in path:
                    yield _said("mount-path", pod, container, f"{path!r} is not absolute")
                sub_path = mount.get("subPath", "")
                if sub_path.startswith("/") or ".." in sub_path.split("/"):
                    yield _said("sub-path", pod, container, f"{sub_path!r} leaves the volume")


def manners(scene: Scene) -> Iterator[Violation]:
    """Propagation, recursion, sizes and types are known and go together."""
    for pod in scene.pods:
        for container in pod.containers:
            for mount in container.get("volumeMounts") or ():
                for problem in _mount(container, mount):
                    yield _said("mount-manner", pod, container, problem)
        for volume in pod.volumes:
            for problem in _volume(volume):
                yield Violation(rule="volume", where=title(pod.owner, "volume", volume["name"]), message=problem)


def _mount(container: Content, mount: Content) -> Iterator[str]:
    propagation = mount.get("mountPropagation", "None")
    if propagation not in PROPAGATIONS:
        yield f"mountPropagation {propagation}"
    if propagation == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
        yield "only privileged containers may propagate mounts both ways"
    if mount.get("recursiveReadOnly", "Disabled") != "Disabled" and not mount.get("readOnly"):
        yield "recursiveReadOnly needs readOnly"


def _volume(volume: Content) -> Iterator[str]:
    if len(volume) != 2:
        yield f"it has {len(volume) - 1} sources"
    empty = volume.get("emptyDir") or {}
    if empty.get("medium", "") not in {"", "Memory"} and not empty["medium"].startswith("HugePages"):
        yield f"medium {empty['medium']}"
    if "sizeLimit" in empty and (amount(empty["sizeLimit"]) or 0) <= 0:
        yield f"sizeLimit {empty['sizeLimit']}"
    host = volume.get("hostPath")
    if host is not None and (host.get("type", "") not in HOST_PATH_TYPES or ".." in host.get("path", "").split("/")):
        yield f"hostPath {host}"
    for field in ("configMap", "secret"):
        yield from _files(volume.get(field) or {})


def _files(source: Content) -> Iterator[str]:
    items = source.get("items") or ()
    modes = [source.get("defaultMode", 0), *(item.get("mode", 0) for item in items)]
    if not all(isinstance(mode, int) and 0 <= mode <= _MODE_LIMIT for mode in modes):
        yield "a mode is not one of permission bits"
    places = [item["path"] for item in items]
    if len(places) != len(set(places)) or any(place.startswith("/") or ".." in place.split("/") for place in places):
        yield "the paths of its items are not each one inside it"


def _said(rule: str, pod: Pod, container: Content, message: str) -> Violation:
    return Violation(rule=rule, where=title(pod.owner, "container", str(container.get("name"))), message=message)


RULES: tuple[Rule, ...] = (matching, paths, manners)
