"""Everything that each service mounts, wherever it is said: `volumes`, `tmpfs` and `volumes_from`. Decides nothing.

What one service mounts twice at one place, it mounts once: the first that says so, in the order volumes, tmpfs,
volumes_from. (Docker refuses such a container; only inherited mounts give way silently there.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record, replace
from intermodal.model.support import Consequence, Missing
from intermodal.model.volumes import Mount, TmpfsOptions
from intermodal.platforms.kubernetes.storage.sizes import size_in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Application, Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Notes


@record
class Use:
    """One mount of one service, and the path of what says so.

    `owner` is the service whose volume an anonymous one is. `flags` are a tmpfs's other mount options;
    `uid` and `gid` the owner of its root.
    """

    service: str
    owner: str
    mount: Mount
    path: Path
    flags: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def target(self) -> str:
        """The container path, without a slash at its end."""
        return self.mount.target.rstrip("/") or "/"


def uses(application: Application, notes: Notes) -> tuple[Use, ...]:
    """Every mount of every active service, in the order of the file."""
    found: list[Use] = []
    for service in application.services.values():
        if service.volumes or service.tmpfs or service.volumes_from:
            found += _of_service(service, application, notes)
    return tuple(found)


def _of_service(service: Service, application: Application, notes: Notes) -> list[Use]:
    by_target: dict[str, Use] = {}
    for use in _own(service):
        if by_target.setdefault(use.target, use) is not use:
            notes(use.path, _TWICE)
    for index, text in enumerate(service.volumes_from):
        path: Path = ("services", service.name, "volumes_from", index)
        inherited = tuple(_inherited(service.name, text, path, application))
        if not inherited:
            notes(path, _FROM_NOTHING)
        for use in inherited:
            by_target.setdefault(use.target, use)
    return list(by_target.values())


def _own(service: Service) -> Iterator[Use]:
    for index, mount in enumerate(service.volumes):
        path: Path = ("services", service.name, "volumes", index)
        yield Use(service=service.name, owner=service.name, mount=mount, path=path)
    for index, text in enumerate(service.tmpfs):
        yield tmpfs_use(service.name, text, ("services", service.name, "tmpfs", index))


def _inherited(service: str, text: str, path: Path, application: Application) -> Iterator[Use]:
    """What `volumes_from: [text]` brings: the volumes and binds of another service, through any number of services."""
    name, _, mode = text.partition(":")
    seen = {service}
    waiting = [name]
    while waiting:
        other = application.services.get(waiting.pop())
        if other is None or other.name in seen:
            continue
        seen.add(other.name)
        for mount in other.volumes:
            if mount.type in {"volume", "bind"}:
                shown = replace(mount, read_only=True) if mode == "ro" else mount
                yield Use(service=service, owner=other.name, mount=shown, path=path)
        waiting += [further.partition(":")[0] for further in other.volumes_from]


def tmpfs_use(service: str, text: str, path: Path) -> Use:
    """Read `/run:size=16m,mode=1770,uid=1000,noexec`, the form of `docker run --tmpfs`."""
    target, _, options = text.partition(":")
    said = dict(_option(option) for option in options.split(",") if option)
    mode = said.pop("mode", "")
    sizes = TmpfsOptions(
        size=size_in_bytes(said.pop("size", "")),
        mode=int(mode, 8) if mode and set(mode) <= set("01234567") else None,
    )
    return Use(
        service=service,
        owner=service,
        mount=Mount(type="tmpfs", target=target, tmpfs=sizes, read_only="ro" in said),
        path=path,
        uid=_number(said.pop("uid", "")),
        gid=_number(said.pop("gid", "")),
        flags=tuple(name for name in said if name not in {"ro", "rw"}),
    )


def _option(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


_TWICE = Missing(
    code="mount-twice",
    why="the service already mounts something at this path",
    advice="remove one of the two",
    consequence=Consequence.BEHAVIOUR,
)
_FROM_NOTHING = Missing(
    code="volumes-from-nothing",
    why="it names no service of this application that mounts a volume",
    advice="name the volumes in the service's own `volumes`",
    consequence=Consequence.DATA,
)
