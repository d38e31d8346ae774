"""The storage of an application: every volume planned once, rendered for pods and as objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.context import PodParts
from intermodal.platforms.kubernetes.storage.bind_mounts import bind_plan, is_development_mount, tell_development
from intermodal.platforms.kubernetes.storage.bind_outcomes import SHADE
from intermodal.platforms.kubernetes.storage.first_use import copy_name, preparation
from intermodal.platforms.kubernetes.storage.host_paths import is_below
from intermodal.platforms.kubernetes.storage.mounts import uses
from intermodal.platforms.kubernetes.storage.named_outcomes import UNUSED
from intermodal.platforms.kubernetes.storage.named_volumes import anonymous_plan, engine_names, named_plan
from intermodal.platforms.kubernetes.storage.pod_storage import image_plan, memory_plan, pipe_plan
from intermodal.platforms.kubernetes.storage.volume_objects import pod_volume, volume_documents, volume_mount
from intermodal.platforms.kubernetes.storage.volume_plan import CLAIMS, FILES, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.storage.mounts import Use
    from intermodal.platforms.kubernetes.storage.volume_plan import MountPlan, VolumePlan
    from intermodal.platforms.kubernetes.terms import Object

CHECKSUM = "intermodal.io/files-checksum"
"""A file mounted by itself never changes in a running pod: this annotation makes a changed one replace the pod."""


class StoragePlan:
    """What was decided about all volumes, and its rendering."""

    def __init__(self, context: Context, plans: tuple[VolumePlan, ...]) -> None:
        self.plans = plans
        self._context = context
        self._mounted: dict[str, list[tuple[VolumePlan, MountPlan]]] = {}
        for plan in plans:
            for mount in plan.mounts:
                self._mounted.setdefault(mount.service, []).append((plan, mount))

    def parts(self, service: str) -> PodParts:
        """What storage adds to the pod of a service."""
        mounted = self._mounted.get(service)
        if not mounted:
            return PodParts()
        prepared = preparation(self._context, service, mounted)
        return PodParts(
            volumes=tuple(_pod_volumes(mounted)),
            mounts=tuple(_shown(plan, mount) for plan, mount in mounted),
            init_containers=() if prepared is None else (prepared,),
            annotations=_checksum(self._checksum_key(service), mounted),
            node_names=tuple(
                dict.fromkeys(plan.node for plan, _ in mounted if plan.node and plan.kind is Kind.NODE_PATH)
            ),
        )

    def documents(self) -> tuple[Document, ...]:
        """The claims, volumes, ConfigMaps and Secrets of all volumes, in the order of the file."""
        return tuple(found for plan in self.plans for found in volume_documents(self._context, plan))

    def owns(self, service: str) -> bool:
        """Whether the service writes to storage that outlives its pods."""
        return any(True for _ in self._written(service))

    def single_writer(self, service: str) -> bool:
        """Whether nothing outside the service's pod writes to the storage that it writes to."""
        leader = self._context.groups.leader
        mine = leader(service)
        return all(leader(other.service) == mine for plan in self._written(service) for other in _writers(plan))

    def _checksum_key(self, service: str) -> str:
        """One annotation for each service of a pod."""
        alone = self._context.groups.leader(service) == service
        return CHECKSUM if alone else f"intermodal.io/files.{self._context.names.workload(service)}"

    def _written(self, service: str) -> Iterator[VolumePlan]:
        for plan, mount in self._mounted.get(service, ()):
            if plan.kind in CLAIMS and not mount.read_only:
                yield plan


def plan_volumes(context: Context) -> StoragePlan:
    """Decide about every volume and mount of the application; tells the notes of each."""
    found = [use for use in uses(context.application, context.notes) if _runs(context, use)]
    kept = _without_development(context, found)
    names = engine_names(context.application)
    by_volume: dict[tuple[str, ...], list[Use]] = {}
    for use in kept:
        by_volume.setdefault(_identity(names, use), []).append(use)
    for key, name in names.items():
        if ("named", name) not in by_volume:
            context.notes(("volumes", key), UNUSED)
    targets = _targets(context, kept)
    plans = (_plan(context, key, group, targets) for key, group in by_volume.items())
    return StoragePlan(context, tuple(plan for plan in plans if plan is not None))


def _runs(context: Context, use: Use) -> bool:
    return context.application.services[use.service].provider is None


def _without_development(context: Context, found: Iterable[Use]) -> list[Use]:
    """The mounts without those that only make sense while developing, and the anonymous volumes that shade them."""
    kept: list[Use] = []
    replaced: dict[str, list[str]] = {}
    for use in found:
        if is_development_mount(context, use):
            tell_development(context, use)
            replaced.setdefault(use.service, []).append(use.target)
        else:
            kept.append(use)
    if not replaced:
        return kept
    shades = [use for use in kept if _is_anonymous(use) and is_below(use.target, tuple(replaced.get(use.service, ())))]
    for use in shades:
        context.notes(use.path, SHADE)
    return [use for use in kept if use not in shades]


def _is_anonymous(use: Use) -> bool:
    return use.mount.type == "volume" and not use.mount.source


def _targets(context: Context, found: Iterable[Use]) -> Mapping[str, Sequence[str]]:
    """Every container path at which a service mounts something, configs and secrets included."""
    targets: dict[str, list[str]] = {}
    for use in found:
        targets.setdefault(use.service, []).append(use.target)
    for name in targets:
        service = context.application.services[name]
        targets[name] += [grant.target or f"/{grant.source}" for grant in service.configs]
        targets[name] += [_secret_path(grant.target or grant.source) for grant in service.secrets]
    return targets


def _secret_path(target: str) -> str:
    return target if target.startswith("/") else f"/run/secrets/{target}"


def _identity(names: Mapping[str, str], use: Use) -> tuple[str, ...]:
    """What tells volumes apart: two mounts with one identity see the same bytes."""
    mount = use.mount
    if mount.type in {"volume", "cluster"}:
        if mount.source:
            return ("named", names.get(mount.source, mount.source))
        return ("anonymous", use.owner, use.target)
    if mount.type == "tmpfs":
        return ("tmpfs", use.service, use.target)
    return (mount.type, mount.source.rstrip("/") or "/")


def _plan(
    context: Context, identity: tuple[str, ...], group: Sequence[Use], targets: Mapping[str, Sequence[str]]
) -> VolumePlan | None:
    kind = identity[0]
    if kind == "bind":
        return bind_plan(context, group, targets)
    if kind == "named":
        return named_plan(context, group, identity[1])
    if kind == "image":
        return image_plan(context, group)
    decide = {"anonymous": anonymous_plan, "tmpfs": memory_plan, "npipe": pipe_plan}[kind]
    return decide(context, group)


def _writers(plan: VolumePlan) -> Iterator[MountPlan]:
    return (mount for mount in plan.mounts if not mount.read_only)


def _pod_volumes(mounted: Iterable[tuple[VolumePlan, MountPlan]]) -> Iterator[Object]:
    """The volumes behind a service's mounts, each once."""
    seen: set[str] = set()
    for plan, mount in mounted:
        if plan.name not in seen:
            seen.add(plan.name)
            yield pod_volume(plan)
        if mount.copied and copy_name(plan) not in seen:
            seen.add(copy_name(plan))
            yield {"name": copy_name(plan), "emptyDir": {}}


def _shown(plan: VolumePlan, mount: MountPlan) -> Object:
    return volume_mount(plan, mount, copy_name(plan) if mount.copied else "")


def _checksum(key: str, mounted: Iterable[tuple[VolumePlan, MountPlan]]) -> tuple[tuple[str, str], ...]:
    """A digest of the files that are mounted one by one or copied."""
    parts = [
        file.content
        for plan, mount in mounted
        if plan.kind in FILES and plan.content is not None and (mount.sub_path or mount.copied)
        for file in plan.content.files
    ]
    if not parts:
        return ()
    from hashlib import sha256  # noqa: PLC0415 - most applications carry no files

    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return ((key, digest.hexdigest()[:16]),)
