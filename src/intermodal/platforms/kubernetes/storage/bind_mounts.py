"""What becomes of bind mounts: the node's own paths, files that ship with the application, data, source code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record, replace
from intermodal.model.files import FileKind
from intermodal.platforms.kubernetes.names import config_key
from intermodal.platforms.kubernetes.storage.bind_outcomes import (
    DEVELOPMENT,
    DOCKER,
    Content,
    absent_outcome,
    data_outcome,
    files_outcome,
)
from intermodal.platforms.kubernetes.storage.host_paths import (
    host_path_type,
    is_docker_path,
    is_node_path,
    keeps_data,
    looks_like_file,
    looks_secret,
)
from intermodal.platforms.kubernetes.storage.mount_details import mount_plan
from intermodal.platforms.kubernetes.storage.node_storage import CREATED, EXPECTED, HOST_PATH, on_a_node, with_policy
from intermodal.platforms.kubernetes.storage.shipped_files import FileSet, gather
from intermodal.platforms.kubernetes.storage.storage_terms import (
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
from intermodal.platforms.kubernetes.storage.volume_plan import Kind, VolumePlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use
    from intermodal.platforms.kubernetes.storage.shipped_files import Gathered
    from intermodal.platforms.kubernetes.storage.volume_plan import MountPlan
    from intermodal.platforms.kubernetes.wishes.wishes import VolumeWishes

_AS_FILES = frozenset(("configmap", "secret"))


@record
class Bind:
    """One host path with all its mounts, and what was asked of it. `targets` are every service's container paths."""

    source: str
    uses: Sequence[Use]
    wish: VolumeWishes
    targets: Mapping[str, Sequence[str]]
    inside: bool

    @property
    def wants_files(self) -> bool:
        """Whether a ConfigMap or Secret was asked for by name."""
        return self.wish.policy in _AS_FILES


def is_development_mount(context: Context, use: Use) -> bool:
    """Whether a service mounts, writable, the very folder that its image is built from."""
    build = context.application.services[use.service].build
    if use.mount.type != "bind" or use.mount.read_only or build is None or not build.context.startswith("/"):
        return False
    return use.mount.source.rstrip("/") == build.context.rstrip("/") and not wishes_for(context, (use,)).policy


def tell_development(context: Context, use: Use) -> None:
    """Say that the image's own copy is used instead of the developer's folder."""
    context.notes(use.path, DEVELOPMENT)


def bind_plan(context: Context, uses: Sequence[Use], targets: Mapping[str, Sequence[str]]) -> VolumePlan:
    """The plan for one host path; `uses` are all its mounts."""
    source = uses[0].mount.source.rstrip("/") or "/"
    wish = wishes_for(context, uses)
    bind = Bind(source=source, uses=uses, wish=wish, targets=targets, inside=is_inside(context, source))
    if not wish.policy and not bind.inside and is_node_path(source):
        return _node_path(context, bind)
    found = _shipped(context, bind) if bind.inside else ""
    if isinstance(found, FileSet) and (not wish.policy or bind.wants_files or wish.policy == "ephemeral"):
        return _files(context, bind, found)
    state = _state(context, bind, found)
    if bind.wants_files or (not wish.policy and state is not Content.PRESENT and looks_like_file(source)):
        return _awaited(context, bind)
    return _data(context, bind, found, state)


def _node_path(context: Context, bind: Bind) -> VolumePlan:
    plan = replace(
        _plain(context, bind, Kind.NODE_PATH, "a path that is the node's own"),
        path=bind.source,
        path_type=host_path_type(bind.source),
    )
    told = replace(DOCKER if is_docker_path(bind.source) else HOST_PATH, how=plan.describe())
    return _mounted(context, plan, bind, {use.path: told for use in bind.uses})


def _shipped(context: Context, bind: Bind) -> Gathered | str:
    """The files to be carried, or why they are not; "" when nothing is there."""
    kind = context.files.kind(bind.source)
    if kind not in {FileKind.FILE, FileKind.FOLDER}:
        return ""
    found = gather(context.files, bind.source)
    asked = bind.wants_files or bind.wish.policy == "ephemeral"
    filled = kind is FileKind.FOLDER and not asked and any(_fills(use, bind.source) for use in bind.uses)
    return "it is where the service keeps its data" if filled and isinstance(found, FileSet) else found


def _fills(use: Use, source: str) -> bool:
    return not use.mount.read_only and keeps_data(source, use.target)


def _state(context: Context, bind: Bind, found: Gathered | str) -> Content:
    if not bind.inside:
        return Content.UNSEEN
    special = {FileKind.SOCKET, FileKind.DEVICE, FileKind.OTHER}
    return Content.PRESENT if found or context.files.kind(bind.source) in special else Content.NONE


def _files(context: Context, bind: Bind, content: FileSet) -> VolumePlan:
    kind = _kind_of_files(bind, secret=content.secret)
    what = "file" if content.single else "folder"
    plan = _plain(context, bind, kind, f"a {what} that ships with the application")
    plan = replace(plan, content=content, object_name=_files_name(context, plan))
    copying = bind.wish.policy == "ephemeral" or option(context, "writable-binds") == "copy"
    mounts: list[MountPlan] = []
    for use in bind.uses:
        copied = (copying and not use.mount.read_only) or (not content.single and _holds_mounts(use, bind))
        mount = replace(mount_plan(context, plan, use), copied=copied)
        mounts.append(replace(mount, sub_path=content.files[0].path) if content.single else mount)
        tell(context, subject(use), files_outcome(plan, content, mounts[-1]))
    return replace(plan, mounts=tuple(mounts))


def _holds_mounts(use: Use, bind: Bind) -> bool:
    """Whether the service mounts something below: there is no making a folder for it in a ConfigMap."""
    start = f"{use.target}/"
    return any(target.startswith(start) for target in bind.targets[use.service])


def _awaited(context: Context, bind: Bind) -> VolumePlan:
    """A file that is not here: the pod waits for an object that somebody makes from it."""
    kind = _kind_of_files(bind, secret=looks_secret(bind.source))
    plan = _plain(context, bind, kind, "a file that is not here")
    plan = replace(plan, object_name=_files_name(context, plan))
    single = looks_like_file(bind.source)
    key = config_key(bind.source.rpartition("/")[2])
    sort = "secret generic" if kind is Kind.SECRET else "configmap"
    come = f"--from-file={key}={plan.source}" if single else f"--from-file={plan.source}"
    told = absent_outcome(plan, f"kubectl create {sort} {plan.object_name} {come}")
    plan = _mounted(context, plan, bind, {use.path: told for use in bind.uses})
    return replace(plan, mounts=tuple(replace(mount, sub_path=key) for mount in plan.mounts)) if single else plan


def _data(context: Context, bind: Bind, found: Gathered | str, state: Content) -> VolumePlan:
    """A folder that the service fills: on a node, or as was asked."""
    plan = replace(
        _plain(context, bind, Kind.CLAIM, f"a folder of data: {found or state.value}"),
        object_name=context.names.name("PersistentVolumeClaim", _original(within_project(context, bind.source))),
        size=size_of(context, bind.wish),
        storage_class=storage_class_of(context, bind.wish),
        access=access_of(context, bind.wish, bind.uses),
    )
    if bind.wish.policy:
        plan = with_policy(context, plan, bind.wish, bind.source)
    elif option(context, "data-binds") != "claim":
        created = all(use.mount.bind is None or use.mount.bind.create_host_path for use in bind.uses)
        path_type = CREATED if created and state is not Content.PRESENT else EXPECTED
        plan = replace(plan, node=bind.wish.node, path=bind.wish.path)
        plan = on_a_node(context, plan, bind.source, why=plan.why, path_type=path_type)
    return _mounted(context, plan, bind, {use.path: data_outcome(plan, use, state) for use in bind.uses})


def _plain(context: Context, bind: Bind, kind: Kind, why: str) -> VolumePlan:
    """A plan without mounts, and without what only claims have."""
    shown = within_project(context, bind.source)
    return VolumePlan(name=volume_name(context, _original(shown)), kind=kind, why=why, source=shown, mounts=())


def _kind_of_files(bind: Bind, *, secret: bool) -> Kind:
    wanted = bind.wish.policy == "secret" or (secret and bind.wish.policy != "configmap")
    return Kind.SECRET if wanted else Kind.CONFIG_MAP


def _files_name(context: Context, plan: VolumePlan) -> str:
    return context.names.name("Secret" if plan.kind is Kind.SECRET else "ConfigMap", _original(plan.source))


def _original(shown: str) -> str:
    """What a name is made for: the path, marked as one, since a volume or config may be called like a path."""
    return f"{shown}/"


def _mounted(context: Context, plan: VolumePlan, bind: Bind, told: Mapping[object, Outcome]) -> VolumePlan:
    return replace(plan, mounts=tuple(_each(context, plan, bind, told)))


def _each(context: Context, plan: VolumePlan, bind: Bind, told: Mapping[object, Outcome]) -> Iterator[MountPlan]:
    for use in bind.uses:
        tell(context, subject(use), told[use.path])
        yield mount_plan(context, plan, use)
