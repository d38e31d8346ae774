"""Configs and secrets: their names by content, and the bodies that make them.

A Swarm's configs and secrets cannot change: new content is a new object, and the old one is removed after the update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import filled
from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.model.files import FileKind, SharedFile
from intermodal.model.labels import REVISION, revision
from intermodal.platforms.swarm.files import DRIVEN, UNSET
from intermodal.platforms.swarm.naming import LONGEST, hashed_name
from intermodal.platforms.swarm.requests.wanted import NAMESPACE, WantedFile

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from intermodal.kit.places import Place
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

_DIGITS = 10


def configs(context: Context, used: Container[str]) -> Iterator[WantedFile]:
    """The configs whose keys are used: those declared, and those that stand for bind mounts."""
    application = context.application
    for key, declared in application.configs.items():
        if key not in used:
            continue
        yield _external(key, declared) if declared.external else _config(context, key, declared)
    for key, said in context.extras.configs.items():
        content = context.files.read(said["file"])
        yield _made(context, key, hashed_name(application.name, key, content), content)


def secrets(context: Context, used: Container[str]) -> Iterator[WantedFile]:
    """The secrets whose keys are used: those declared, and those that stand for bind mounts."""
    application = context.application
    for key, declared in application.secrets.items():
        if key not in used:
            continue
        yield _external(key, declared) if declared.external else _secret(context, key, declared)
    for key, said in context.extras.secrets.items():
        content = context.files.read(said["file"])
        yield _sealed(context, key, content, SharedFile())


def sealed_name(application: str, key: str, mark: str) -> str:
    """A secret's name: `shop_password-3f2a9c01de`, unique to its seal, never longer than Swarm allows."""
    return f"{f'{application}_{key}'[: LONGEST - _DIGITS - 1]}-{mark}"


def seal(salt: str, content: bytes) -> str:
    """A hash of a secret that is slow to compute, so that a short secret cannot be found by trying: 10 to 25 ms."""
    from hashlib import scrypt  # noqa: PLC0415 - most applications have no secret

    return scrypt(content, salt=salt.encode(), n=1 << 12, r=8, p=1, dklen=_DIGITS).hex()[:_DIGITS]


def _external(key: str, declared: SharedFile) -> WantedFile:
    return WantedFile(key=key, name=declared.name or key, external=True)


def _config(context: Context, key: str, declared: SharedFile) -> WantedFile:
    content = _content(context, ("configs", key), declared)
    own = _own_name(context, key, declared)
    name = own or hashed_name(context.application.name, key, content)
    return _made(context, key, name, content, declared, named=bool(own))


def _secret(context: Context, key: str, declared: SharedFile) -> WantedFile:
    own = _own_name(context, key, declared)
    if declared.driver:
        for field in ("file", "environment"):
            context.notes(("secrets", key, field), DRIVEN)
        return _driven(context, key, own or f"{context.application.name}_{key}", declared)
    return _sealed(context, key, _content(context, ("secrets", key), declared), declared)


def _sealed(context: Context, key: str, content: bytes, declared: SharedFile) -> WantedFile:
    """A secret with its content; its own name where the user gave one."""
    application = context.application.name
    own = _own_name(context, key, declared) if declared.name else ""
    mark = seal(f"{application}/{key}", content)
    return _made(
        context, key, own or sealed_name(application, key, mark), content, declared, named=bool(own), mark=mark
    )


def _own_name(context: Context, key: str, declared: SharedFile) -> str:
    """The name the user gave; "" for the one Compose makes of the application's name."""
    return "" if declared.name == f"{context.application.name}_{key}" else declared.name


def _content(context: Context, path: tuple[str, str], declared: SharedFile) -> bytes:
    said = declared.content if declared.content is not None else declared.value
    if said is not None:
        return said.encode()
    if declared.environment:
        context.notes((*path, "environment"), UNSET)
        return b""
    return _read(context, path, declared.file)


def _read(context: Context, path: tuple[str | int, ...], file: str) -> bytes:
    """The bytes of a file that goes to the engine; raises `Rejected` for one that is not the application's."""
    place = context.application.origins.place((*path, "file")) or context.application.origins.place(path)
    if not context.files.ships(file):
        raise Rejected([_refusal(file, "is outside the folders of the application", place, _OUTSIDE)])
    if context.files.kind(file) is not FileKind.FILE:
        raise Rejected([_refusal(file, "is not there, or is no plain file", place, "see that the file is there")])
    return context.files.read(file)


_OUTSIDE = "copy it beside the Compose file, or create it by hand (`docker config create`) and mark it `external`"


def _refusal(file: str, why: str, place: Place | None, advice: str) -> Diagnostic:
    return Diagnostic(
        code="swarm-file-not-shipped",
        severity=Severity.ERROR,
        message=f"{file}, whose content is to go to the Swarm, {why}",
        place=place,
        help=advice,
    )


def _made(
    context: Context,
    key: str,
    name: str,
    content: bytes,
    declared: SharedFile | None = None,
    *,
    named: bool = False,
    mark: str = "",
) -> WantedFile:
    """The object; `mark` stands for the content of what is secret."""
    from base64 import b64encode  # noqa: PLC0415 - most applications need none

    body = _described(context, name, declared)
    hashed = revision([body, mark or content])
    body = {**body, "Labels": {**body["Labels"], REVISION: hashed}, "Data": b64encode(content).decode()}
    return WantedFile(key=key, name=name, body=body, revision=hashed, named=named)


def _driven(context: Context, key: str, name: str, declared: SharedFile) -> WantedFile:
    body = _described(context, name, declared)
    body["Driver"] = filled(Name=declared.driver, Options=dict(declared.driver_opts))
    hashed = revision(body)
    labels = {**body["Labels"], REVISION: hashed}
    return WantedFile(key=key, name=name, body={**body, "Labels": labels}, revision=hashed, named=True)


def _described(context: Context, name: str, declared: SharedFile | None) -> Object:
    labels: Mapping[str, str] = declared.labels if declared is not None else {}
    template = declared.template_driver if declared is not None else ""
    return {"Name": name, "Labels": {**labels, NAMESPACE: context.application.name}} | filled(
        Templating=filled(Name=template)
    )
