"""How bind mounts are told of: one outcome for every nature they turn out to have. Decides nothing."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.storage.node_storage import HOST_PATH, NO_NODE, NO_SERVER, choose_a_node
from intermodal.platforms.kubernetes.storage.shipped_files import APPLY_LIMIT
from intermodal.platforms.kubernetes.storage.volume_plan import CLAIMS, Kind

if TYPE_CHECKING:
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.storage.mounts import Use
    from intermodal.platforms.kubernetes.storage.shipped_files import FileSet
    from intermodal.platforms.kubernetes.storage.volume_plan import MountPlan, VolumePlan


class Content(Enum):
    """What is known of the content of a host folder."""

    NONE = "nothing is there"
    PRESENT = "it is there, but not in the cluster"
    UNSEEN = "it lies outside the project, where nothing is read"


def files_outcome(plan: VolumePlan, content: FileSet, mount: MountPlan) -> Outcome:
    """Of a mount of files that go into a ConfigMap or Secret."""
    how = plan.describe()
    if content.size > APPLY_LIMIT:
        return replace(_LARGE, how=how)
    if mount.copied:
        return replace(_COPIED, how=how)
    if not mount.read_only:
        return replace(_READ_ONLY, how=how)
    if any(not file.mode & 0o004 for file in content.files):
        return replace(_OWNED_BY_ROOT, how=how)
    return Exact(how=how)


def absent_outcome(plan: VolumePlan, command: str) -> Outcome:
    """Of a mount of a file that is not here; `command` makes the object that the pod waits for."""
    return replace(_ABSENT, advice=f"put the file there and translate again, or run `{command}`", how=plan.describe())


def data_outcome(plan: VolumePlan, use: Use, state: Content) -> Outcome:
    """Of a mount of a folder of data."""
    if plan.kind is Kind.NFS:
        return Exact(how=plan.describe()) if plan.server else replace(NO_SERVER, how=plan.describe())
    unplaced = plan.kind is Kind.LOCAL and not plan.node
    choose = choose_a_node(f"{use.service}:{use.mount.target}")
    if state is not Content.NONE:
        return _not_copied(plan, f"; {choose}" if unplaced else "")
    if unplaced:
        advice = f"{choose}; or let the cluster provide storage with `--set data-binds=claim`"
        return replace(NO_NODE, advice=advice, how=plan.describe())
    if plan.kind in CLAIMS:
        return replace(_ELSEWHERE, how=plan.describe())
    return replace(HOST_PATH if plan.kind is Kind.NODE_PATH else _PASSING, how=plan.describe())


def _not_copied(plan: VolumePlan, further: str) -> Outcome:
    goal = f"{plan.node or 'the node'}:{plan.path}" if plan.path else f"the claim {plan.object_name}"
    return replace(
        NOT_COPIED,
        why=f"what {plan.source} holds on this host is not in the cluster",
        advice=f"before the first start copy {plan.source} to {goal}{further}",
        how=plan.describe(),
    )


DEVELOPMENT = Missing(
    code="development-mount",
    why="the image is built from this folder, and pods run the image's own copy of it",
    advice="to carry the folder as it is now, give the mount the policy `configmap`",
)
SHADE = Missing(
    code="development-mount",
    why="it kept a developer's folder from hiding the image's own, and that folder is not mounted",
    consequence=Consequence.NONE,
)
DOCKER = Approximate(
    code="docker-engine-path",
    why="most nodes of Kubernetes run no Docker engine; where none is, the pod cannot start or sees nothing",
    advice="use the service's own support for Kubernetes instead of Docker's socket and folders",
    consequence=Consequence.START,
)
_LARGE = Approximate(
    code="config-map-large",
    why="it is too large for the annotation that `kubectl apply` writes",
    advice="apply with `kubectl apply --server-side`",
    consequence=Consequence.BEHAVIOUR,
)
_COPIED = Approximate(
    code="bind-copied",
    why="each pod works on a copy of its own, made by an init container",
    consequence=Consequence.BEHAVIOUR,
)
_READ_ONLY = Approximate(
    code="bind-read-only",
    why="the service can read what ships with the application, but not change it",
    advice="for a writable copy in each pod use `--set writable-binds=copy` or the policy `ephemeral`",
    consequence=Consequence.BEHAVIOUR,
)
_OWNED_BY_ROOT = Approximate(
    code="bind-file-owner",
    why="its files keep their modes but belong to root, and not all may read them",
    advice="let everybody read them (`chmod o+r`), or run the service with an `fsGroup`",
    consequence=Consequence.BEHAVIOUR,
)
_ABSENT = Approximate(
    code="bind-file-absent",
    why="the file is not here to be carried over, so the pod waits for an object made from it",
    consequence=Consequence.START,
)
NOT_COPIED = Approximate(
    code="bind-content-not-copied",
    why="its content on this host is not in the cluster",
    consequence=Consequence.DATA,
)
_ELSEWHERE = Approximate(
    code="bind-elsewhere",
    why="nothing is in this folder yet; in the cluster the data lies elsewhere than in the project",
)
_PASSING = Approximate(
    code="bind-passing",
    why="what the service writes there ends with its pod",
    consequence=Consequence.DATA,
)
