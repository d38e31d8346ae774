"""Configs and secrets of the application, as ConfigMaps and Secrets, each shown to a service as one file.

Objects never change: their names carry a mark of their content. A file is mounted by itself (`subPath`), so that what
else stands in its folder stays visible, and so that /run/secrets stays open for the cluster's own token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.context import PodParts
from intermodal.platforms.kubernetes.names import config_key
from intermodal.platforms.kubernetes.objects import DEFAULT, document, make_object, metadata
from intermodal.platforms.kubernetes.payload import LIMIT, content_hash, payload_fields
from intermodal.platforms.kubernetes.wish_values import annotation_map

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.files import Grant, SharedFile
    from intermodal.model.origin import Path
    from intermodal.model.platform import Document
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context, Object

USUAL_MODE = 0o444
"""What Docker gives a config or secret when no mode is said."""


@record
class _Section:
    """Configs or secrets: the object each becomes, where files stand unless said, and the word for one."""

    name: str
    kind: str
    folder: str
    word: str


CONFIGS = _Section(name="configs", kind="ConfigMap", folder="/", word="config")
SECRETS = _Section(name="secrets", kind="Secret", folder="/run/secrets/", word="secret")
SECTIONS = (CONFIGS, SECRETS)


@record
class _Holder:
    """The object that holds one config or secret; `content` is None where somebody else makes the object."""

    section: _Section
    source: str
    name: str
    key: str
    content: bytes | None = None


def file_parts(service: str, context: Context) -> PodParts:
    """The volumes and mounts of a service's configs and secrets; what is lost is noted."""
    which = context.application.services[service]
    volumes: dict[str, Object] = {}
    mounts: dict[str, Object] = {}
    for section, index, grant in _grants(which):
        holder = _holder(section, grant.source, context)
        path: Path = ("services", service, section.name, index)
        if holder is None:
            continue
        _note_grant(which, grant, path, context)
        volume = _volume(holder, grant, context)
        target = _target(section, grant)
        if target in mounts:
            context.notes(path, _REPEATED)
            continue
        volumes[volume["name"]] = volume
        mounts[target] = {"name": volume["name"], "mountPath": target, "subPath": holder.key, "readOnly": True}
    return PodParts(volumes=tuple(volumes.values()), mounts=tuple(mounts.values()))


def file_documents(context: Context) -> tuple[Document, ...]:
    """The ConfigMaps and Secrets that services read, and notes on the configs and secrets that cannot be."""
    made: list[Object] = []
    used = {
        (section.name, grant.source)
        for service in context.application.services.values()
        for section, _, grant in _grants(service)
    }
    for section in SECTIONS:
        for source, shared in _shared(context.application, section).items():
            if (section.name, source) not in used:
                context.notes((section.name, source), _UNUSED)
                continue
            _note_shared(section, source, shared, context)
            holder = _holder(section, source, context)
            if holder and holder.content is not None:
                made.append(_object(holder, shared, context))
    return tuple(document(item) for item in made)


def _grants(service: Service) -> Iterator[tuple[_Section, int, Grant]]:
    for section, grants in ((CONFIGS, service.configs), (SECRETS, service.secrets)):
        for index, grant in enumerate(grants):
            yield section, index, grant


def _shared(application: Application, section: _Section) -> Mapping[str, SharedFile]:
    return application.configs if section is CONFIGS else application.secrets


def _holder(section: _Section, source: str, context: Context) -> _Holder | None:
    """The object of a config or secret; None where there is nothing that could be shown."""
    shared = _shared(context.application, section).get(source)
    if shared is None or _too_large(shared, context):
        return None
    content = _content(shared, context)
    if content is None:
        original = (shared.name or source) if shared.external else source
        name = context.names.object(section.kind, original)
        return _Holder(section=section, source=source, name=name, key=config_key(original))
    key = config_key(shared.file.rpartition("/")[2] or source)
    name = context.names.object(section.kind, source, content_hash({key: content}))
    return _Holder(section=section, source=source, name=name, key=key, content=content)


def _content(shared: SharedFile, context: Context) -> bytes | None:
    """The bytes of a config or secret; None where they are not to be had here."""
    if shared.external:
        return None
    if shared.content is not None:
        return shared.content.encode(errors="surrogateescape")
    if shared.environment:
        return None if shared.value is None else shared.value.encode(errors="surrogateescape")
    try:
        return context.files.read(shared.file)
    except OSError:
        return None


def _too_large(shared: SharedFile, context: Context) -> bool:
    return len(_content(shared, context) or b"") > LIMIT


def _volume(holder: _Holder, grant: Grant, context: Context) -> Object:
    """The pod's volume of an object; files of other modes have volumes of their own."""
    mode = USUAL_MODE if grant.mode is None else grant.mode & 0o777
    suffix = "" if mode == USUAL_MODE else f"{mode:04o}"
    name = context.names.object("pod volume", f"{holder.section.word}-{holder.source}", suffix)
    if holder.section is CONFIGS:
        return {"name": name, "configMap": {"name": holder.name, "defaultMode": mode}}
    return {"name": name, "secret": {"secretName": holder.name, "defaultMode": mode}}


def _target(section: _Section, grant: Grant) -> str:
    target = grant.target or grant.source
    whole = target if target.startswith("/") else section.folder + target
    return whole.rstrip("/") or "/"


def _object(holder: _Holder, shared: SharedFile, context: Context) -> Object:
    about = metadata(
        context, holder.name, original=holder.source, annotations=dict(_annotations(holder, shared, context))
    )
    fields = payload_fields(holder.section.kind, {holder.key: holder.content or b""})
    return make_object(context, holder.section.kind, about, immutable=True, **fields)


def _annotations(holder: _Holder, shared: SharedFile, context: Context) -> Iterator[tuple[str, str]]:
    for key, value in shared.labels.items():
        try:
            yield from annotation_map({key: value}).items()
        except ValueError:
            context.notes((holder.section.name, holder.source, "labels", key), _NO_ANNOTATION)


def _note_shared(section: _Section, source: str, shared: SharedFile, context: Context) -> None:
    """Say what somebody has to make by hand, and what cannot be made at all."""
    path: Path = (section.name, source)
    if shared.external:
        context.notes((*path, "external"), _by_hand(section, source, context, "external-object"))
    elif _too_large(shared, context):
        context.notes(path, _TOO_LARGE)
    elif _content(shared, context) is None:
        field = "environment" if shared.environment else "file"
        code = "secret-value-not-set" if shared.environment else "shared-file-unreadable"
        context.notes((*path, field), _by_hand(section, source, context, code))


def _by_hand(section: _Section, source: str, context: Context, code: str) -> Missing:
    holder = _holder(section, source, context)
    name, key = (holder.name, holder.key) if holder else (source, source)
    what = "configmap" if section is CONFIGS else "secret generic"
    why, consequence = _BY_HAND[code]
    return Missing(
        code=code,
        why=why,
        advice=f"before applying: kubectl create {what} {name} --from-file={key}=<file>",
        consequence=consequence,
    )


def _note_grant(service: Service, grant: Grant, path: Path, context: Context) -> None:
    mode = USUAL_MODE if grant.mode is None else grant.mode
    if grant.mode == USUAL_MODE:
        context.notes((*path, "mode"), Exact(how=DEFAULT))
    elif mode & ~0o777:
        context.notes((*path, "mode"), _SPECIAL_BITS)
    for field in ("uid", "gid"):
        owner = getattr(grant, field)
        if owner:
            context.notes((*path, field), Exact(how=DEFAULT) if owner == "0" else _owner(service, mode))


def _owner(service: Service, mode: int) -> Outcome:
    """What it costs that files belong to root: nothing where everybody may read them."""
    if mode & 0o004:
        consequence = Consequence.NONE
    else:
        consequence = Consequence.START if service.user.partition(":")[0] not in {"", "0", "root"} else _UNSURE
    return Missing(
        code="file-owner",
        why="files of ConfigMaps and Secrets belong to root",
        advice="let the mode allow everybody to read, such as 0444",
        consequence=consequence,
    )


_UNSURE = Consequence.BEHAVIOUR
_BY_HAND = {
    "external-object": ("it is said to exist already, so the cluster must have it", Consequence.BEHAVIOUR),
    "secret-value-not-set": ("the variable it comes from is not set, so there is no value", Consequence.START),
    "shared-file-unreadable": (
        "the file is not there, cannot be read, or lies outside the application's folders",
        Consequence.START,
    ),
}
_REPEATED = Missing(
    code="target-repeated", why="an earlier entry stands at the same path", advice="choose another target"
)
_UNUSED = Missing(code="not-used", why="no service uses it", consequence=Consequence.NONE)
_TOO_LARGE = Missing(
    code="object-too-large",
    why="a ConfigMap or Secret holds at most 1 MiB",
    advice="split it, or bring it in through a volume",
    consequence=Consequence.START,
)
_NO_ANNOTATION = Missing(
    code="label-not-possible",
    why="an annotation's key is like example.org/name",
    advice="rename the label",
    consequence=Consequence.NONE,
)
_SPECIAL_BITS = Missing(
    code="file-special-bits",
    why="files of ConfigMaps and Secrets have no set-user, set-group or sticky bit",
    consequence=Consequence.NONE,
)
