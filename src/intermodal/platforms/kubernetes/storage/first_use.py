"""What is done to a pod's volumes before its service starts: Docker's first-use copy, writable copies, modes of tmpfs.

One init container per service, run as root as Docker's daemon is. Where the image's content is wanted it is of the
service's own image and needs `sh` and `cp` there (for modes `chmod` and `chown`), and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.images import image
from intermodal.platforms.kubernetes.names import slug
from intermodal.platforms.kubernetes.storage.images_known import has_no_shell, prepares_itself
from intermodal.platforms.kubernetes.storage.storage_terms import option
from intermodal.platforms.kubernetes.terms import WAIT_IMAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use
    from intermodal.platforms.kubernetes.storage.volume_plan import MountPlan, VolumePlan
    from intermodal.platforms.kubernetes.terms import Object

WORKING_FOLDER = "/intermodal"
"""Where the init container sees the volumes, so that the image's own folders stay visible to it."""

_USUAL = frozenset(("", "data"))
"""Subfolders that need no mention in the init container's own paths."""
_FILL = """\
# While a volume is empty it takes over what the image has in its place, as in Docker.
fill() {
  [ -d "$1" ] || return 0
  for found in "$2"/* "$2"/.[!.]*; do
    case "$found" in */lost+found) continue ;; esac
    if [ -e "$found" ] || [ -L "$found" ]; then return 0; fi
  done
  cp -a "$1/." "$2/"
}
"""
_COPY = """\
# A writable copy of files that ship with the application.
copy() {
  cp -RL "$1/." "$2/"
  rm -rf "$2"/..?*
}
"""

_FUNCTIONS = {"fill": _FILL, "copy": _COPY}


def copies_image_content(context: Context, use: Use) -> bool:
    """Whether Docker would copy the image's content into this volume, and we do.

    Docker does for volumes that are empty when first mounted, unless `nocopy` or `subpath` is set.
    """
    options = use.mount.volume
    if options is not None and (options.nocopy or options.subpath):
        return False
    service = context.application.services[use.service]
    ready = not service.user and prepares_itself(service.image, use.target)
    return not ready and not has_no_shell(service.image) and option(context, "copy-image-content") != "no"


def lacks_shell(context: Context, use: Use) -> bool:
    """Whether only the missing shell of a known image keeps its content from being copied."""
    options = use.mount.volume
    wanted = options is None or not (options.nocopy or options.subpath)
    return wanted and has_no_shell(context.application.services[use.service].image)


def preparation(context: Context, service: str, mounted: Sequence[tuple[VolumePlan, MountPlan]]) -> Object | None:
    """The init container that prepares a service's volumes; None where none needs it."""
    work = [(plan, mount) for plan, mount in mounted if is_prepared(mount)]
    if not work:
        return None
    lines: list[str] = []
    mounts: dict[str, Object] = {}
    for plan, mount in work:
        inside = f"{WORKING_FOLDER}/{plan.name}{'-' + slug(mount.sub_path) if mount.sub_path not in _USUAL else ''}"
        lines += _lines(plan, mount, inside)
        mounts |= _mounts(plan, mount, inside)
    words = {line.partition(" ")[0] for line in lines}
    needed = [text for word, text in _FUNCTIONS.items() if word in words]
    return {
        "name": f"volumes-{context.names.workload(service)}",
        "image": _image(context, service, [mount for _, mount in work]),
        "command": ["sh", "-ec", "".join(needed) + "\n".join(lines) + "\n"],
        "securityContext": {"runAsUser": 0, "runAsNonRoot": False},
        "volumeMounts": list(mounts.values()),
    }


def _image(context: Context, service: str, mounts: Sequence[MountPlan]) -> str:
    """The service's own image where its content is wanted; for the rest the small one that waits."""
    if any(mount.fill for mount in mounts):
        return image(context.application.services[service], context)
    return option(context, "wait-image", WAIT_IMAGE)


def is_prepared(mount: MountPlan) -> bool:
    """Whether this mount needs the init container."""
    return mount.fill or mount.copied or _has_manner(mount)


def copy_name(plan: VolumePlan) -> str:
    """The pod volume that holds the writable copy of a plan's files."""
    return f"{plan.name[:58]}-copy"


def _has_manner(mount: MountPlan) -> bool:
    return mount.mode is not None or mount.uid is not None or mount.gid is not None


def _lines(plan: VolumePlan, mount: MountPlan, inside: str) -> list[str]:
    """What is done to one mount; `inside` is where the init container sees its volume."""
    if mount.copied:
        return [f"copy {inside} {WORKING_FOLDER}/{copy_name(plan)}"]
    lines = [f"fill {_quoted(mount.target)} {inside}"] if mount.fill else []
    if mount.uid is not None or mount.gid is not None:
        owner = f"{'' if mount.uid is None else mount.uid}{'' if mount.gid is None else f':{mount.gid}'}"
        lines.append(f"chown {owner} {inside}")
    if mount.mode is not None:
        lines.append(f"chmod {mount.mode:04o} {inside}")
    return lines


def _mounts(plan: VolumePlan, mount: MountPlan, inside: str) -> dict[str, Object]:
    """By path: the volume itself; for a copy its source and its goal."""
    made: Object = {"name": plan.name, "mountPath": inside}
    if mount.copied:
        goal = f"{WORKING_FOLDER}/{copy_name(plan)}"
        return {inside: {**made, "readOnly": True}, goal: {"name": copy_name(plan), "mountPath": goal}}
    return {inside: {**made, "subPath": mount.sub_path} if mount.sub_path else made}


def _quoted(text: str) -> str:
    """One word for a POSIX shell."""
    safe = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-")
    return text if safe.issuperset(text) else "'" + text.replace("'", "'\\''") + "'"
