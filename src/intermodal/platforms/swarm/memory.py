"""Memory that a service mounts: `tmpfs` paths and the size of /dev/shm. `docker stack deploy` drops both in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.quantities import size as bytes_of
from intermodal.model.support import Approximate, Consequence, Exact
from intermodal.platforms.swarm.plain import filled

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

OPTIONS_LOST = Approximate(
    code="swarm-tmpfs-options",
    why="of a memory mount's options a stack file has only the size; mode, owner and mount flags are Docker's defaults",
    advice="let the program set them at its start",
    consequence=Consequence.BEHAVIOUR,
    how="a mount of type tmpfs",
)
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the path in the container that `shm_size` is about
_DEFAULTS = frozenset({"", "rw", "ro", "nosuid", "nodev", "noexec", "mode=1777", "mode=01777"})


def memory_mounts(context: Context, service: Service) -> list[Object]:
    """Mounts for the `tmpfs` paths and for a /dev/shm of another size than Docker's 64 MB."""
    taken = {mount.target for mount in service.volumes}
    made = [_tmpfs(context, service, index) for index in range(len(service.tmpfs))]
    made = [mount for mount in made if mount["target"] not in taken]
    if service.shm_size and _SHARED_MEMORY not in taken | {mount["target"] for mount in made}:
        made.append({"type": "tmpfs", "target": _SHARED_MEMORY, "tmpfs": {"size": service.shm_size}})
    return made


def _tmpfs(context: Context, service: Service, index: int) -> Object:
    target, _, options = service.tmpfs[index].partition(":")
    size: int | None = None
    lost = False
    for option in options.split(","):
        name, _, value = option.partition("=")
        if name == "size" and _is_size(value):
            size = bytes_of(value)
        elif option not in _DEFAULTS:
            lost = True
    path = ("services", service.name, "tmpfs", index)
    context.notes(path, OPTIONS_LOST if lost else Exact(how="a mount of type tmpfs"))
    read_only = "ro" in options.split(",") or None
    return filled(type="tmpfs", target=target, read_only=read_only, tmpfs=filled(size=size))


def _is_size(text: str) -> bool:
    try:
        bytes_of(text)
    except ValueError:
        return False
    return True
