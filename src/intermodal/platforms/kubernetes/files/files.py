"""Configs and secrets of the application, as ConfigMaps and Secrets, each shown to a service as one file.

Objects never change: their names carry a mark of their content. A file is mounted by itself (`subPath`), so that what
else stands in its folder stays visible, and so that /run/secrets stays open for the cluster's own token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.context import PodParts
from intermodal.platforms.kubernetes.labels import sort_labels
from intermodal.platforms.kubernetes.objects import document, make_object, metadata
from intermodal.platforms.kubernetes.payload import payload_fields
from intermodal.platforms.kubernetes.shared_files import CONFIGS, SECRETS, SECTIONS
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Service
    from intermodal.model.files import Grant, SharedFile
    from intermodal.model.origin import Path
    from intermodal.model.platform import Document
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.shared_files import Holder, Section
    from intermodal.platforms.kubernetes.terms import Object

USUAL_MODE = 0o444
"""What Docker gives a config or secret when no mode is said."""


def file_parts(service: str, context: Context) -> PodParts:
    """The volumes and mounts of a service's configs and secrets; what is lost is noted."""
    which = context.application.services[service]
    volumes: dict[str, Object] = {}
    mounts: dict[str, Object] = {}
    for section, index, grant in _grants(which):
        holder = context.shared.holder(section, grant.source)
        if holder is None or holder.problem == "object-too-large":
            continue
        path: Path = ("services", service, section.name, index)
        target = _target(section, grant)
        if target in mounts:
            context.notes(path, _REPEATED)
            continue
        _note_grant(which, section, grant, path, context)
        volume = _volume(holder, grant, context)
        volumes[volume["name"]] = volume
        mounts[target] = {"name": volume["name"], "mountPath": target, "subPath": holder.key, "readOnly": True}
    return PodParts(volumes=tuple(volumes.values()), mounts=tuple(mounts.values()))


def file_documents(context: Context) -> tuple[Document, ...]:
    """The ConfigMaps and Secrets that services read, and notes on the configs and secrets that cannot be."""
    made: list[Object] = []
    services = context.application.services.values()
    used = {(section.name, grant.source) for service in services for section, _, grant in _grants(service)}
    for section in SECTIONS:
        for source, shared in context.shared.declared(section).items():
            holder = context.shared.holder(section, source)
            if (section.name, source) not in used or holder is None:
                context.notes((section.name, source), _UNUSED)
            elif holder.content is None:
                context.notes(_place(holder, shared), _by_hand(holder))
                if shared.external:
                    context.notes((section.name, source, "name"), Exact(how="the object's name"))
            else:
                made.append(_object(holder, shared, context))
    return tuple(document(item) for item in made)


def _grants(service: Service) -> Iterator[tuple[Section, int, Grant]]:
    for section, grants in ((CONFIGS, service.configs), (SECRETS, service.secrets)):
        for index, grant in enumerate(grants):
            yield section, index, grant


def _volume(holder: Holder, grant: Grant, context: Context) -> Object:
    """The pod's volume of an object; files of other modes have volumes of their own."""
    mode = USUAL_MODE if grant.mode is None else grant.mode & 0o777
    suffix = "" if mode == USUAL_MODE else f"{mode:04o}"
    name = context.names.object("pod volume", f"{holder.section.word}-{holder.source}", suffix)
    if holder.section is CONFIGS:
        return {"name": name, "configMap": {"name": holder.name, "defaultMode": mode}}
    return {"name": name, "secret": {"secretName": holder.name, "defaultMode": mode}}


def _target(section: Section, grant: Grant) -> str:
    target = grant.target or grant.source
    whole = target if target.startswith("/") else section.folder + target
    return whole.rstrip("/") or "/"


def _object(holder: Holder, shared: SharedFile, context: Context) -> Object:
    kind = holder.section.kind
    marks = sort_labels(shared.labels, (holder.section.name, holder.source, "labels"), context)
    about = metadata(context, holder.name, original=holder.source, labels=marks.labels, annotations=marks.annotations)
    fields = payload_fields(kind, {holder.key: holder.content or b""})
    return make_object(context, kind, about, immutable=True, **fields)


def _place(holder: Holder, shared: SharedFile) -> Path:
    """The field that a problem with a config or secret is told at."""
    field = "external" if shared.external else "environment" if shared.environment else "file"
    return (holder.section.name, holder.source, "content" if shared.content is not None else field)


def _by_hand(holder: Holder) -> Missing:
    """Say what somebody has to make by hand, or what cannot be made at all."""
    why, consequence = _PROBLEMS[holder.problem]
    what = "configmap" if holder.section is CONFIGS else "secret generic"
    advice = f"before applying: kubectl create {what} {holder.name} --from-file={holder.key}=<file>"
    if holder.problem == "object-too-large":
        advice = "split it, or bring it in through a volume"
    return Missing(code=holder.problem, why=why, advice=advice, consequence=consequence)


def _note_grant(service: Service, section: Section, grant: Grant, path: Path, context: Context) -> None:
    mode = USUAL_MODE if grant.mode is None else grant.mode
    if grant.mode == USUAL_MODE:
        context.notes((*path, "mode"), Exact(how=DEFAULT))
    elif mode & ~0o777:
        context.notes((*path, "mode"), _SPECIAL_BITS)
    if grant.target and _target(section, grant) == section.folder + grant.source:
        context.notes((*path, "target"), Exact(how=DEFAULT))
    for field in ("uid", "gid"):
        owner = getattr(grant, field)
        if owner:
            context.notes((*path, field), Exact(how=DEFAULT) if owner == "0" else _owner(service, mode))


def _owner(service: Service, mode: int) -> Outcome:
    """What it costs that files belong to root: nothing where everybody may read them."""
    if mode & 0o004:
        consequence = Consequence.NONE
    else:
        root = service.user.partition(":")[0] in {"", "0", "root"}
        consequence = Consequence.BEHAVIOUR if root else Consequence.START
    return Missing(
        code="file-owner",
        why="files of ConfigMaps and Secrets belong to root",
        advice="let the mode allow everybody to read, such as 0444",
        consequence=consequence,
    )


_PROBLEMS = {
    "external-object": ("it is said to exist already, so the cluster must have it", Consequence.BEHAVIOUR),
    "secret-value-not-set": ("the variable it comes from is not set, so there is no value", Consequence.START),
    "shared-file-unreadable": (
        "the file is not there, cannot be read, or lies outside the application's folders",
        Consequence.START,
    ),
    "object-too-large": ("a ConfigMap or Secret holds at most 1 MiB", Consequence.START),
}
_REPEATED = Missing(
    code="target-repeated", why="an earlier entry stands at the same path", advice="choose another target"
)
_UNUSED = Missing(code="not-used", why="no service uses it", consequence=Consequence.NONE)
_SPECIAL_BITS = Missing(
    code="file-special-bits",
    why="files of ConfigMaps and Secrets have no set-user, set-group or sticky bit",
    consequence=Consequence.NONE,
)
