"""What becomes of bind mounts: the node's own paths, files that ship with the application, data, source code."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.files import FileKind
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.host_paths import (
    host_path_type,
    is_docker_path,
    is_node_path,
    keeps_data,
    looks_like_file,
    looks_secret,
)
from intermodal.platforms.kubernetes.mount_details import mount_plan
from intermodal.platforms.kubernetes.names import config_key
from intermodal.platforms.kubernetes.node_storage import (
    CREATED,
    EXPECTED,
    HOST_PATH,
    NO_NODE,
    choose_a_node,
    on_a_node,
    with_policy,
)
from intermodal.platforms.kubernetes.shipped_files import APPLY_LIMIT, FileSet, gather
from intermodal.platforms.kubernetes.storage_terms import (
    access_of,
    is_inside,
    option,
    size_of,
    storage_class_of,
    subject,
    tell,
    volume_name,
    wishes_for,
    within_project,
)
from intermodal.platforms.kubernetes.volume_plan import CLAIMS, Kind, VolumePlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.mounts import Use
    from intermodal.platforms.kubernetes.volume_plan import MountPlan
    from intermodal.platforms.kubernetes.wishes import VolumeWishes


class Content(Enum):
    """What is known of the content of a host folder."""

    NONE = "nothing is there"
    PRESENT = "it is there, but not in the cluster"
    UNSEEN = "it lies outside the project, where nothing is read"


def is_development_mount(context: Context, use: Use) -> bool:
    """Whether a service mounts, writable, the very folder that its image is built from."""
    build = context.application.services[use.service].build
    if use.mount.type != "bind" or use.mount.read_only or build is None or not build.context.startswith("/"):
        return False
    return use.mount.source.rstrip("/") == build.context.rstrip("/") and not wishes_for(context, (use,)).policy


def tell_development(context: Context, use: Use) -> None:
    """Say that the image's own copy is used instead of the developer's folder."""
    context.notes(use.path, _DEVELOPMENT)


def bind_plan(context: Context, uses: Sequence[Use], targets: Mapping[str, Sequence[str]]) -> VolumePlan:
    """The plan for one host path; `uses` are all its mounts, `targets` every service's container paths."""
    source = uses[0].mount.source.rstrip("/") or "/"
    wish = wishes_for(context, uses)
    shown = within_project(context, source)
    plan = VolumePlan(
        name=volume_name(context, shown),
        kind=Kind.CLAIM,
        why="",
        source=shown,
        mounts=(),
        object_name=context.names.name("PersistentVolumeClaim", shown),
        size=size_of(context, wish),
        storage_class=storage_class_of(context, wish),
        access=access_of(context, wish, uses),
        node=wish.node,
        path=wish.path,
    )
    return _by_nature(context, plan, source, uses, wish, targets)


def _by_nature(
    context: Context,
    plan: VolumePlan,
    source: str,
    uses: Sequence[Use],
    wish: VolumeWishes,
    targets: Mapping[str, Sequence[str]],
) -> VolumePlan:
    inside = is_inside(context, source)
    files_wanted = wish.policy in {"configmap", "secret"}
    if not wish.policy and not inside and is_node_path(source):
        return _node_path(context, plan, source, uses)
    content = _shipped(context, source, uses, asked=files_wanted or wish.policy == "ephemeral") if inside else None
    if isinstance(content, FileSet) and wish.policy in {"", "configmap", "secret", "ephemeral"}:
        return _files(context, plan, content, uses, targets, wish)
    state = _state(context, source, inside=inside, refused=content)
    if wish.policy and not files_wanted:
        return _data(context, with_policy(context, plan, wish, source), uses, state)
    if files_wanted or (state is not Content.PRESENT and looks_like_file(source)):
        return _awaited(context, plan, source, uses, wish)
    return _data(context, _data_plan(context, plan, source, uses, state, content), uses, state)


def _node_path(context: Context, plan: VolumePlan, source: str, uses: Sequence[Use]) -> VolumePlan:
    plan = _without_claim(
        replace(
            plan,
            kind=Kind.NODE_PATH,
            why="a path that is the node's own",
            path=source,
            path_type=host_path_type(source),
        )
    )
    outcome = replace(_DOCKER if is_docker_path(source) else HOST_PATH, how=plan.describe())
    return _mounted(context, plan, uses, outcome)


def _shipped(context: Context, source: str, uses: Sequence[Use], *, asked: bool) -> FileSet | str:
    """The files to be carried, or why they are not; "" when nothing is there."""
    kind = context.files.kind(source)
    if kind not in {FileKind.FILE, FileKind.FOLDER}:
        return ""
    data = not asked and kind is FileKind.FOLDER and any(_fills(use, source) for use in uses)
    found = gather(context.files, source)
    return "it is where the service keeps its data" if data and isinstance(found, FileSet) else found


def _fills(use: Use, source: str) -> bool:
    return not use.mount.read_only and keeps_data(source, use.target)


def _state(context: Context, source: str, *, inside: bool, refused: FileSet | str | None) -> Content:
    if not inside:
        return Content.UNSEEN
    if refused or context.files.kind(source) in {FileKind.SOCKET, FileKind.DEVICE, FileKind.OTHER}:
        return Content.PRESENT
    return Content.NONE


def _files(
    context: Context,
    plan: VolumePlan,
    content: FileSet,
    uses: Sequence[Use],
    targets: Mapping[str, Sequence[str]],
    wish: VolumeWishes,
) -> VolumePlan:
    secret = wish.policy == "secret" or (wish.policy != "configmap" and content.secret)
    kind = Kind.SECRET if secret else Kind.CONFIG_MAP
    name = context.names.name("Secret" if secret else "ConfigMap", plan.source)
    why = "a file that ships with the application" if content.single else "a folder that ships with the application"
    plan = _without_claim(replace(plan, kind=kind, why=why, content=content, node="", path=""))
    plan = replace(plan, object_name=name)
    copying = wish.policy == "ephemeral" or option(context, "writable-binds") == "copy"
    mounts: list[MountPlan] = []
    for use in uses:
        copied = (copying and not use.mount.read_only) or (not content.single and _holds_mounts(use, targets))
        mount = replace(mount_plan(context, plan, use), copied=copied)
        mounts.append(replace(mount, sub_path=content.files[0].path) if content.single else mount)
        tell(context, subject(use), _files_outcome(plan, content, mounts[-1]))
    return replace(plan, mounts=tuple(mounts))


def _holds_mounts(use: Use, targets: Mapping[str, Sequence[str]]) -> bool:
    """Whether the service mounts something below: there is no making a folder for it in a ConfigMap."""
    start = f"{use.target}/"
    return any(target.startswith(start) for target in targets[use.service])


def _files_outcome(plan: VolumePlan, content: FileSet, mount: MountPlan) -> Outcome:
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


def _awaited(context: Context, plan: VolumePlan, source: str, uses: Sequence[Use], wish: VolumeWishes) -> VolumePlan:
    """A file that is not here: the pod waits for an object that somebody makes from it."""
    secret = wish.policy == "secret" or (wish.policy != "configmap" and looks_secret(source))
    kind = Kind.SECRET if secret else Kind.CONFIG_MAP
    name = context.names.name("Secret" if secret else "ConfigMap", plan.source)
    single = looks_like_file(source)
    key = config_key(source.rpartition("/")[2])
    plan = _without_claim(replace(plan, kind=kind, why="a file that is not here", node="", path=""))
    plan = replace(plan, object_name=name)
    command = f"kubectl create {'secret generic' if secret else 'configmap'} {name}"
    come = f"--from-file={key}={plan.source}" if single else f"--from-file={plan.source}"
    outcome = replace(
        _ABSENT, advice=f"put the file there and translate again, or `{command} {come}`", how=plan.describe()
    )
    mounts = [replace(mount_plan(context, plan, use), sub_path=key if single else "") for use in uses]
    for use in uses:
        tell(context, subject(use), outcome)
    return replace(plan, mounts=tuple(mounts))


def _data_plan(
    context: Context, plan: VolumePlan, source: str, uses: Sequence[Use], state: Content, refused: FileSet | str | None
) -> VolumePlan:
    why = f"a folder of data: {refused}" if isinstance(refused, str) and refused else f"a folder of data: {state.value}"
    if option(context, "data-binds") == "claim":
        return replace(plan, why=why, node="", path="")
    created = all(use.mount.bind is None or use.mount.bind.create_host_path for use in uses)
    path_type = CREATED if created and state is not Content.PRESENT else EXPECTED
    return on_a_node(context, plan, source, why=why, path_type=path_type)


def _data(context: Context, plan: VolumePlan, uses: Sequence[Use], state: Content) -> VolumePlan:
    return _mounted(context, plan, uses, _data_outcome(plan, uses[0], state))


def _data_outcome(plan: VolumePlan, use: Use, state: Content) -> Outcome:
    how = plan.describe()
    name = f"{use.service}:{use.mount.target}"
    if plan.kind is Kind.NFS:
        return Exact(how=how)
    if state is not Content.NONE:
        goal = f"{plan.node or 'the node'}:{plan.path}" if plan.path else f"the claim {plan.object_name}"
        advice = f"before the first start copy {plan.source} to {goal}"
        if plan.kind is Kind.LOCAL and not plan.node:
            advice += f"; {choose_a_node(name)}"
        why = f"what {plan.source} holds on this host is not in the cluster"
        return replace(NOT_COPIED, why=why, advice=advice, how=how)
    if plan.kind is Kind.LOCAL and not plan.node:
        advice = f"{choose_a_node(name)}; or let the cluster provide storage with `--set data-binds=claim`"
        return replace(NO_NODE, advice=advice, how=how)
    if plan.kind in CLAIMS:
        return replace(_ELSEWHERE, how=how)
    return replace(HOST_PATH if plan.kind is Kind.NODE_PATH else _PASSING, how=how)


def _mounted(context: Context, plan: VolumePlan, uses: Iterable[Use], outcome: Outcome) -> VolumePlan:
    mounts: list[MountPlan] = []
    for use in uses:
        mounts.append(mount_plan(context, plan, use))
        tell(context, subject(use), outcome)
    return replace(plan, mounts=tuple(mounts))


def _without_claim(plan: VolumePlan) -> VolumePlan:
    return replace(plan, size="", access="", storage_class="", object_name="")


_DEVELOPMENT = Missing(
    code="development-mount",
    why="the image is built from this folder, and pods run the image's own copy of it",
    advice="to carry the folder as it is now, give the mount the policy `configmap`",
)
_DOCKER = Approximate(
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
    why="its content is not in the cluster",
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
