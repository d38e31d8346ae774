"""What becomes of named and anonymous volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.model.volumes import Volume
from intermodal.platforms.kubernetes.first_use import copies_image_content, lacks_shell
from intermodal.platforms.kubernetes.host_paths import keeps_data
from intermodal.platforms.kubernetes.labels import sort_labels
from intermodal.platforms.kubernetes.mount_details import mount_plan
from intermodal.platforms.kubernetes.names import slug
from intermodal.platforms.kubernetes.node_storage import HOST_PATH, NO_NODE, choose_a_node, with_policy
from intermodal.platforms.kubernetes.storage_terms import (
    MANY_NODES,
    access_of,
    several_pods,
    size_of,
    storage_class_of,
    subject,
    tell,
    volume_name,
    wishes_for,
)
from intermodal.platforms.kubernetes.volume_drivers import with_driver
from intermodal.platforms.kubernetes.volume_plan import CLAIMS, MADE_CLAIMS, Kind, MountPlan, VolumePlan
from intermodal.platforms.kubernetes.wishes import is_claimed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from intermodal.model.origin import Path
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.mounts import Use
    from intermodal.platforms.kubernetes.wishes import VolumeWishes

    Tells: TypeAlias = Callable[[Context, VolumePlan, MountPlan, Sequence[Use]], Outcome]

FOLDER_IN_VOLUME = "data"
"""The folder of a new claim that services see: the root of a fresh disk holds lost+found, a Docker volume nothing."""
_UNNAMED = Volume()


def engine_name(context: Context, key: str) -> str:
    """What tells volumes apart: the name on the engine where the file gives one, else the key."""
    volume = context.application.volumes.get(key, _UNNAMED)
    usual = {"", key, f"{context.application.name}_{key}"}
    return key if volume.name in usual and not volume.external else volume.name or key


def named_plan(context: Context, uses: Sequence[Use]) -> VolumePlan:
    """The plan for one named volume; `uses` are all its mounts."""
    key = uses[0].mount.source
    volume = context.application.volumes.get(key, _UNNAMED)
    wish = wishes_for(context, uses, key)
    plan = replace(_claim(context, engine_name(context, key), uses, wish), source=key)
    if volume.external:
        plan = _existing(plan, volume.name or key)
    elif wish.policy:
        _tell_outranked(context, key, volume)
        plan = with_policy(context, plan, wish, key)
    else:
        plan = with_driver(context, key, volume, replace(plan, path=wish.path, node=wish.node))
        plan = plan if plan.kind is not Kind.CLAIM else replace(plan, path="", node="")
    plan = _labelled(context, plan, volume.labels, ("volumes", key, "labels"))
    return _mounted(context, plan, uses, _named_outcome)


def anonymous_plan(context: Context, uses: Sequence[Use]) -> VolumePlan:
    """The plan for one anonymous volume: it lives as long as the pod, unless it looks like data."""
    owner, target = uses[0].owner, uses[0].target
    wish = wishes_for(context, uses)
    plan = _claim(context, f"{owner}:{target}", uses, wish)
    if wish.policy:
        return _mounted(context, with_policy(context, plan, wish, f"{owner}{target}"), uses, _anonymous_outcome)
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
    return _mounted(context, plan, uses, _anonymous_outcome)


def _claim(context: Context, original: str, uses: Sequence[Use], wish: VolumeWishes) -> VolumePlan:
    return VolumePlan(
        name=volume_name(context, original),
        kind=Kind.CLAIM,
        why="a named volume",
        source=original,
        mounts=(),
        object_name=context.names.name("PersistentVolumeClaim", original),
        size=size_of(context, wish),
        storage_class=storage_class_of(context, wish),
        access=access_of(context, wish, uses),
    )


def _labelled(context: Context, plan: VolumePlan, labels: Mapping[str, str], path: Path) -> VolumePlan:
    """The plan with Compose's labels on its claim, where it has one of ours."""
    kept = {key: value for key, value in labels.items() if not is_claimed(key)}
    if plan.kind in MADE_CLAIMS:
        marks = sort_labels(kept, path, context)
        return replace(plan, labels=marks.labels, annotations=marks.annotations)
    for key in kept:
        context.notes((*path, key), _NO_OBJECT)
    return plan


def _tell_outranked(context: Context, key: str, volume: Volume) -> None:
    if volume.driver:
        context.notes(("volumes", key, "driver"), _OUTRANKED)
    if volume.driver_opts:
        context.notes(("volumes", key, "driver_opts"), _OUTRANKED)


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
    for use in uses:
        mount = mount_plan(context, plan, use)
        fill = plan.kind is not Kind.NODE_PATH and copies_image_content(context, use, uses)
        if plan.kind is Kind.CLAIM:
            mount = replace(mount, sub_path="/".join(filter(None, (FOLDER_IN_VOLUME, mount.sub_path))))
        mounts.append(replace(mount, fill=fill))
        _tell_nocopy(context, plan, use, uses)
        tell(context, subject(use), outcome(context, plan, mounts[-1], uses))
    return replace(plan, mounts=tuple(mounts))


def _tell_nocopy(context: Context, plan: VolumePlan, use: Use, uses: Sequence[Use]) -> None:
    options = use.mount.volume
    if options is None or not options.nocopy:
        return
    copying = replace(use, mount=replace(use.mount, volume=replace(options, nocopy=False)))
    others = tuple(copying if other is use else other for other in uses)
    if plan.kind is Kind.NODE_PATH or not copies_image_content(context, copying, others):
        context.notes((*use.path, "volume", "nocopy"), _NOTHING_TO_COPY)


def _named_outcome(context: Context, plan: VolumePlan, mount: MountPlan, uses: Sequence[Use]) -> Outcome:
    how = plan.describe()
    if plan.kind is Kind.EXISTING:
        why = f"the claim {plan.object_name!r} must be there before the service starts, with the volume's data in it"
        return replace(_EXTERNAL, why=why, how=how)
    if plan.kind is Kind.NODE_PATH:
        return replace(HOST_PATH, how=how)
    if plan.kind in {Kind.MEMORY, Kind.SCRATCH}:
        alone = len({context.groups.leader(use.service) for use in uses}) == 1
        return Exact(how=how) if alone else replace(_NOT_SHARED, how=how)
    if plan.kind is Kind.LOCAL and not plan.node:
        return replace(NO_NODE, advice=choose_a_node(plan.source), how=how)
    if not mount.fill and any(lacks_shell(context, use) for use in uses if use.target == mount.target):
        return replace(_NO_SHELL, how=how)
    return claim_outcome(plan, fill=mount.fill)


def claim_outcome(plan: VolumePlan, *, fill: bool) -> Outcome:
    """How a mount of a claim is told of."""
    how = plan.describe()
    if plan.access == MANY_NODES and plan.kind is Kind.CLAIM:
        return replace(_SHARED, advice=f"choose such a class with `--set volume.{plan.source}.class=NAME`", how=how)
    return replace(_COPIED, how=how) if fill else Exact(how=how)


def _anonymous_outcome(_: Context, plan: VolumePlan, mount: MountPlan, __: Sequence[Use]) -> Outcome:
    how = plan.describe()
    if plan.kind in CLAIMS:
        return claim_outcome(plan, fill=mount.fill)
    return replace(_LOST_DATA if keeps_data("", mount.target) else _ANONYMOUS, how=how)


_EXTERNAL = Approximate(
    code="external-volume",
    why="the claim must be there before the service starts",
    advice="create it, or name a policy for the volume",
    consequence=Consequence.BEHAVIOUR,
)
_NOT_SHARED = Approximate(
    code="volume-not-shared",
    why="each pod has its own: what one service writes the others do not see",
    advice="choose the policy `claim` for it",
    consequence=Consequence.DATA,
)
_NO_SHELL = Approximate(
    code="image-content-not-copied",
    why="the image has no shell that could copy its content, and the ownership of its folder, into the empty volume",
    advice="if the service cannot write there, set `fsGroup` or prepare the claim by hand",
    consequence=Consequence.BEHAVIOUR,
)
_SHARED = Approximate(
    code="shared-volume",
    why="several pods mount it, so its StorageClass must offer ReadWriteMany, as NFS or CephFS do",
    consequence=Consequence.BEHAVIOUR,
)
_COPIED = Approximate(
    code="image-content-copied",
    why="an init container copies the image's content into the empty volume; it needs the image's `sh` and `cp`",
    advice="switch it off with `--set copy-image-content=no`",
)
_ANONYMOUS = Approximate(
    code="anonymous-volume",
    why="it is new for every pod, where docker compose keeps an anonymous volume when it replaces the container",
)
_LOST_DATA = Approximate(
    code="anonymous-volume",
    why="each instance has its own and loses it with the pod, and it looks like data",
    advice="give the volume a name",
    consequence=Consequence.DATA,
)
_OUTRANKED = Missing(
    code="volume-policy-outranks",
    why="the policy that was asked for says what the volume is",
    consequence=Consequence.NONE,
)
_NO_OBJECT = Missing(
    code="volume-label-lost",
    why="a volume of this kind has no object of its own that could carry labels",
    consequence=Consequence.NONE,
)
_NOTHING_TO_COPY = Missing(
    code="nocopy-without-effect",
    why="nothing would be copied into this volume anyway",
    consequence=Consequence.NONE,
)
