"""What lives and ends with a pod: tmpfs, images shown as volumes, named pipes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.quantities import byte_quantity
from intermodal.platforms.kubernetes.storage.mount_details import mount_plan
from intermodal.platforms.kubernetes.storage.storage_terms import subject, tell, volume_name
from intermodal.platforms.kubernetes.storage.volume_plan import Kind, VolumePlan
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use

IMAGE_VOLUMES = 31
"""The first minor release that knows image volumes (KEP 4639); off by default before `IMAGE_VOLUMES_ON`."""
IMAGE_VOLUMES_ON = 35
IMAGE_SUBPATHS = 33
_WORLD_WRITABLE = 0o777
_HARDENING = frozenset(("noexec", "nosuid", "nodev"))
_USUAL_FLAGS = frozenset(("exec", "suid", "dev", "defaults", "async", "relatime"))


def memory_plan(context: Context, uses: Sequence[Use]) -> VolumePlan:
    """The plan for one tmpfs: an emptyDir in memory, its root's mode and owner set where they are not the usual."""
    use = uses[0]
    original = f"{use.service}:{use.target}"
    options = use.mount.tmpfs
    size = options.size if options else None
    plan = VolumePlan(
        name=volume_name(context, original),
        kind=Kind.MEMORY,
        why="a tmpfs",
        source=original,
        mounts=(),
        size=byte_quantity(size) if size else "",
    )
    mode = options.mode if options else None
    wanted = mode if mode is not None and mode & 0o777 != _WORLD_WRITABLE else None
    _tell_tmpfs(context, plan, use, mode_kept=wanted is not None)
    return replace(plan, mounts=(replace(mount_plan(context, plan, use), mode=wanted, uid=use.uid, gid=use.gid),))


def image_plan(context: Context, uses: Sequence[Use]) -> VolumePlan | None:
    """The plan for an image shown as a volume; None where this Kubernetes has no such thing."""
    source = uses[0].mount.source
    if not context.target.at_least(1, IMAGE_VOLUMES):
        for use in uses:
            context.notes(use.path, _NO_IMAGES)
        return None
    plan = VolumePlan(
        name=volume_name(context, f"image:{source}"),
        kind=Kind.IMAGE,
        why="an image",
        source=source,
        mounts=(),
        path=source,
    )
    ready = context.target.at_least(1, IMAGE_VOLUMES_ON)
    mounts = []
    for use in uses:
        tell(context, subject(use), Exact(how=plan.describe()) if ready else _IMAGES_OFF)
        mounts.append(replace(mount_plan(context, plan, use), read_only=True, sub_path=_image_path(context, use)))
        if use.mount.read_only:
            context.notes((*use.path, "read_only"), Exact(how=DEFAULT))
    return replace(plan, mounts=tuple(mounts))


def pipe_plan(context: Context, uses: Sequence[Use]) -> VolumePlan:
    """The plan for a Windows named pipe of the node."""
    source = uses[0].mount.source
    plan = VolumePlan(
        name=volume_name(context, source),
        kind=Kind.NODE_PATH,
        why="a named pipe",
        source=source,
        mounts=(),
        path=source,
    )
    for use in uses:
        tell(context, subject(use), replace(_PIPE, how=plan.describe()))
    return replace(plan, mounts=tuple(mount_plan(context, plan, use) for use in uses))


def _tell_tmpfs(context: Context, plan: VolumePlan, use: Use, *, mode_kept: bool) -> None:
    context.notes(subject(use), _tmpfs_outcome(plan, use))
    if use.path[2] == "volumes" and use.mount.tmpfs and use.mount.tmpfs.mode is not None and not mode_kept:
        context.notes((*use.path, "tmpfs", "mode"), Exact(how=DEFAULT))


def _tmpfs_outcome(plan: VolumePlan, use: Use) -> Outcome:
    lost = [flag for flag in use.flags if flag not in _USUAL_FLAGS]
    if not lost:
        return Exact(how=plan.describe())
    hardening = _HARDENING.intersection(lost)
    return Approximate(
        code="tmpfs-options",
        why=f"an emptyDir cannot be mounted with {', '.join(lost)}",
        advice="`read_only: true`, `cap_drop` and `no-new-privileges` narrow what a file written there can do"
        if hardening
        else "",
        consequence=Consequence.SECURITY if hardening else Consequence.BEHAVIOUR,
        how=plan.describe(),
    )


def _image_path(context: Context, use: Use) -> str:
    options = use.mount.image
    if options is None or not options.subpath:
        return ""
    if context.target.at_least(1, IMAGE_SUBPATHS):
        return options.subpath.strip("/")
    context.notes((*use.path, "image", "subpath"), _NO_SUBPATH)
    return ""


_NO_IMAGES = Missing(
    code="image-volume",
    why=f"Kubernetes shows images as volumes from 1.{IMAGE_VOLUMES} on",
    advice="raise `--kubernetes-version`, or copy the files with an image of your own",
    consequence=Consequence.START,
)
_IMAGES_OFF = Approximate(
    code="image-volume",
    why=f"the feature gate ImageVolume is off by default before Kubernetes 1.{IMAGE_VOLUMES_ON}",
    advice="switch the gate on in the cluster",
    consequence=Consequence.START,
    how="an image volume",
)
_NO_SUBPATH = Missing(
    code="image-volume-subpath",
    why=f"a folder of an image can be shown from Kubernetes 1.{IMAGE_SUBPATHS} on; before, the whole image appears",
    consequence=Consequence.START,
)
_PIPE = Approximate(
    code="named-pipe",
    why="the pipe of the Windows node that the pod runs on",
    advice="see that the pod runs on Windows nodes",
    consequence=Consequence.BEHAVIOUR,
)
