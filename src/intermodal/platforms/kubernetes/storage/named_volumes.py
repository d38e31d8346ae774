"""What becomes of named and anonymous volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.volumes import Volume
from intermodal.platforms.kubernetes.labels import sort_labels
from intermodal.platforms.kubernetes.names import slug
from intermodal.platforms.kubernetes.storage.first_use import copies_image_content
from intermodal.platforms.kubernetes.storage.host_paths import keeps_data
from intermodal.platforms.kubernetes.storage.mount_details import mount_plan
from intermodal.platforms.kubernetes.storage.named_outcomes import (
    NAMED_LABELS,
    NO_OBJECT,
    NOTHING_TO_COPY,
    OUTRANKED,
    UNFIT,
    anonymous_outcome,
    named_outcome,
)
from intermodal.platforms.kubernetes.storage.node_storage import with_policy
from intermodal.platforms.kubernetes.storage.storage_terms import (
    access_of,
    several_pods,
    size_of,
    storage_class_of,
    subject,
    tell,
    volume_name,
    wishes_for,
)
from intermodal.platforms.kubernetes.storage.volume_drivers import with_driver
from intermodal.platforms.kubernetes.storage.volume_plan import MADE_CLAIMS, Kind, MountPlan, VolumePlan
from intermodal.platforms.kubernetes.wishes.wishes import is_claimed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from intermodal.model.application import Application
    from intermodal.model.origin import Path
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use
    from intermodal.platforms.kubernetes.wishes.wishes import VolumeWishes

    Tells: TypeAlias = Callable[[Context, VolumePlan, MountPlan, Use, bool], Outcome]

FOLDER_IN_VOLUME = "data"
"""The folder of a new claim that services see: the root of a fresh disk holds lost+found, a Docker volume nothing."""
_UNNAMED = Volume()


def engine_names(application: Application) -> dict[str, str]:
    """What tells each top-level volume apart: the name on the engine where the file gives one, else the key.

    Where an external volume is called like that, one of ours is told apart by the project's name, as on the engine.
    """
    volumes = application.volumes
    outside = {volume.name or key for key, volume in volumes.items() if volume.external}
    found: dict[str, str] = {}
    for key, volume in volumes.items():
        usual = volume.name in {"", key, f"{application.name}_{key}"}
        name = key if usual and not volume.external else volume.name or key
        found[key] = f"{application.name}_{name}" if name in outside and not volume.external else name
    return found


def named_plan(context: Context, uses: Sequence[Use], name: str) -> VolumePlan:
    """The plan for one named volume; `uses` are all its mounts, `name` tells it apart."""
    key = uses[0].mount.source
    volume = context.application.volumes.get(key, _UNNAMED)
    wish = wishes_for(context, uses, key)
    plan = _claim(context, name, uses, wish, source=key)
    if volume.external:
        plan = _existing(plan, volume.name or key)
    elif wish.policy:
        _tell_outranked(context, key, volume)
        plan = with_policy(context, plan, wish, key)
        if wish.policy in {"configmap", "secret"}:
            context.notes(("volumes", key, "x-intermodal", "policy"), UNFIT)
    else:
        plan = with_driver(context, key, volume, plan, wish)
    plan = _labelled(context, plan, volume.labels, ("volumes", key, "labels"))
    for use in uses:
        if use.mount.volume is not None and use.mount.volume.labels:
            context.notes((*use.path, "volume", "labels"), NAMED_LABELS)
    return _mounted(context, plan, uses, named_outcome)


def anonymous_plan(context: Context, uses: Sequence[Use]) -> VolumePlan:
    """The plan for one anonymous volume: it lives as long as the pod, unless it looks like data."""
    owner, target = uses[0].owner, uses[0].target
    wish = wishes_for(context, uses)
    original = f"{owner}:{target}"
    plan = _claim(context, original, uses, wish, source=original)
    if wish.policy:
        return _mounted(context, with_policy(context, plan, wish, f"{owner}{target}"), uses, anonymous_outcome)
    one_for_each = {use.service for use in uses} == {owner} and several_pods(context, uses)
    shared = len({context.groups.leader(use.service) for use in uses}) > 1
    if shared or (keeps_data("", target) and not one_for_each):
        plan = replace(
            plan, why="an anonymous volume, shared" if shared else "an anonymous volume that looks like data"
        )
    else:
        why = "an anonymous volume, one for each instance"
        plan = replace(plan, kind=Kind.SCRATCH, why=why, size="", access="", storage_class="", object_name="")
    options = uses[0].mount.volume
    if options is not None and uses[0].path[2] == "volumes":
        plan = _labelled(context, plan, options.labels, (*uses[0].path, "volume", "labels"))
    return _mounted(context, plan, uses, anonymous_outcome)


def _claim(context: Context, original: str, uses: Sequence[Use], wish: VolumeWishes, *, source: str) -> VolumePlan:
    return VolumePlan(
        name=volume_name(context, original),
        kind=Kind.CLAIM,
        why="a named volume",
        source=source,
        mounts=(),
        object_name=context.names.name("PersistentVolumeClaim", original),
        size=size_of(context, wish),
        storage_class=storage_class_of(context, wish),
        access=access_of(context, wish, uses),
    )


def _labelled(context: Context, plan: VolumePlan, labels: Mapping[str, str], path: Path) -> VolumePlan:
    """The plan with Compose's labels on its claim, where it has one of ours."""
    kept = {key: value for key, value in labels.items() if not is_claimed(key)}
    if not kept:
        return plan
    if plan.kind in MADE_CLAIMS:
        marks = sort_labels(kept, path, context)
        return replace(plan, labels=marks.labels, annotations=marks.annotations)
    for key in kept:
        context.notes((*path, key), NO_OBJECT)
    return plan


def _tell_outranked(context: Context, key: str, volume: Volume) -> None:
    if volume.driver:
        context.notes(("volumes", key, "driver"), OUTRANKED)
    if volume.driver_opts:
        context.notes(("volumes", key, "driver_opts"), OUTRANKED)


def _existing(plan: VolumePlan, name: str) -> VolumePlan:
    return replace(
        plan,
        kind=Kind.EXISTING,
        why="an external volume",
        object_name=slug(name),
        size="",
        access="",
        storage_class="",
    )


def _mounted(context: Context, plan: VolumePlan, uses: Sequence[Use], outcome: Tells) -> VolumePlan:
    """The plan with its mounts, each told of."""
    mounts: list[MountPlan] = []
    folder = FOLDER_IN_VOLUME if plan.kind is Kind.CLAIM else ""
    fillable = plan.kind is not Kind.NODE_PATH
    written = any(not use.mount.read_only for use in uses)
    alone = len({context.groups.leader(use.service) for use in uses}) == 1
    for use in uses:
        can_fill = fillable and (not use.mount.read_only or not written)
        fill = can_fill and copies_image_content(context, use)
        mounts.append(mount_plan(context, plan, use, fill=fill, folder=folder))
        if not fill:
            _tell_nocopy(context, use, can_fill=can_fill)
        tell(context, subject(use), outcome(context, plan, mounts[-1], use, alone))
    return replace(plan, mounts=tuple(mounts))


def _tell_nocopy(context: Context, use: Use, *, can_fill: bool) -> None:
    """Say so where `nocopy` keeps nothing from being copied."""
    options = use.mount.volume
    if options is None or not options.nocopy:
        return
    copying = replace(use, mount=replace(use.mount, volume=replace(options, nocopy=False)))
    if not can_fill or not copies_image_content(context, copying):
        context.notes((*use.path, "volume", "nocopy"), NOTHING_TO_COPY)
