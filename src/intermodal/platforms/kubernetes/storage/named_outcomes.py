"""How named and anonymous volumes are told of. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.storage.first_use import lacks_shell
from intermodal.platforms.kubernetes.storage.host_paths import keeps_data
from intermodal.platforms.kubernetes.storage.node_storage import HOST_PATH, NO_NODE, NO_SERVER, choose_a_node
from intermodal.platforms.kubernetes.storage.storage_terms import MANY_NODES
from intermodal.platforms.kubernetes.storage.volume_plan import CLAIMS, Kind

if TYPE_CHECKING:
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use
    from intermodal.platforms.kubernetes.storage.volume_plan import MountPlan, VolumePlan


def named_outcome(context: Context, plan: VolumePlan, mount: MountPlan, use: Use, alone: bool) -> Outcome:
    """Of a mount of a named volume; `alone`: all its mounts are in one pod."""
    how = plan.describe()
    if plan.kind is Kind.EXISTING:
        why = f"the claim {plan.object_name} must be there before the service starts, with the volume's data in it"
        return replace(_EXTERNAL, why=why, how=how)
    if plan.kind is Kind.NODE_PATH:
        return replace(HOST_PATH, how=how)
    if plan.kind in {Kind.MEMORY, Kind.SCRATCH}:
        return Exact(how=how) if alone else replace(_NOT_SHARED, how=how)
    return _claim_outcome(context, plan, mount, use)


def anonymous_outcome(context: Context, plan: VolumePlan, mount: MountPlan, use: Use, _: bool) -> Outcome:
    """Of a mount of an anonymous volume."""
    if plan.kind in CLAIMS:
        return _claim_outcome(context, plan, mount, use)
    return replace(_LOST_DATA if keeps_data("", mount.target) else _ANONYMOUS, how=plan.describe())


def _claim_outcome(context: Context, plan: VolumePlan, mount: MountPlan, use: Use) -> Outcome:
    how = plan.describe()
    if plan.kind is Kind.NFS and not plan.server:
        return replace(NO_SERVER, how=how)
    if plan.kind is Kind.LOCAL and not plan.node:
        return replace(NO_NODE, advice=choose_a_node(plan.source), how=how)
    if not mount.fill and lacks_shell(context, use):
        return replace(_NO_SHELL, how=how)
    if plan.access == MANY_NODES and plan.kind is Kind.CLAIM:
        return replace(_SHARED, advice=f"choose such a class with `--set volume.{plan.source}.class=NAME`", how=how)
    return replace(_COPIED, how=how) if mount.fill else Exact(how=how)


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
UNFIT = Missing(
    code="volume-policy-unfit",
    why="nothing ships with the application that could fill a ConfigMap or Secret; it stays a claim",
)
OUTRANKED = Missing(
    code="volume-policy-outranks",
    why="the policy that was asked for says what the volume is",
    consequence=Consequence.NONE,
)
NO_OBJECT = Missing(
    code="volume-label-lost",
    why="a volume of this kind has no object of its own that could carry labels",
    consequence=Consequence.NONE,
)
NAMED_LABELS = Missing(
    code="volume-label-lost",
    why="labels of a mount are for the anonymous volume it makes; this one has a name",
    advice="write them at the top-level volume",
    consequence=Consequence.NONE,
)
NOTHING_TO_COPY = Missing(
    code="nocopy-without-effect",
    why="nothing would be copied into this volume anyway",
    consequence=Consequence.NONE,
)
UNUSED = Missing(
    code="volume-unused",
    why="no service mounts this volume",
    consequence=Consequence.NONE,
)
