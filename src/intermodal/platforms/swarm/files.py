"""Configs and secrets: the files of the stack, and how each service sees them.

A stack file knows only files and external ones. Inline content becomes a file attached to the translation; a secret
from a variable is never written down, so it becomes an external one that a person creates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.files import FileKind
from intermodal.model.platform import AttachedFile
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.swarm.bundled import LARGEST
from intermodal.platforms.swarm.naming import hashed_name
from intermodal.platforms.swarm.plain import filled

if TYPE_CHECKING:
    from intermodal.model.files import Grant, SharedFile
    from intermodal.model.origin import Path
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

ATTACHED = Approximate(
    code="swarm-attached-file",
    why="a stack file has no inline content: it is written to a file beside the stack, which deploys with it",
    how="file",
)
BY_HAND = Approximate(
    code="swarm-secret-by-hand",
    why="a secret's value is never written to a file, so the stack takes it as external and it must exist",
    advice='create it first: printf %s "$VARIABLE" | docker secret create NAME -',
    consequence=Consequence.BEHAVIOUR,
    how="an external secret",
)
UNSET = Missing(
    code="swarm-config-unset",
    why="the variable that holds the content is not set, so there is nothing to deploy",
    advice="set the variable and translate again",
    consequence=Consequence.START,
)
DRIVEN = Missing(
    code="swarm-secret-driver",
    why="the secret driver provides the content, and a stack file refuses another source beside it",
    advice="leave out the driver, or this",
    consequence=Consequence.BEHAVIOUR,
)
TOO_LARGE = Approximate(
    code="swarm-file-too-large",
    why="Swarm refuses configs and secrets of more than 500 KiB",
    advice="put the file into the image or into a volume",
    consequence=Consequence.START,
    how="file",
)


def config(context: Context, key: str, declared: SharedFile) -> Object:
    """One top-level config."""
    if declared.external:
        return _external(key, declared)
    path = ("configs", key)
    content = declared.content if declared.content is not None else declared.value
    if declared.environment and content is None:
        context.notes((*path, "environment"), UNSET)
    if content is None:
        return _from_file(context, path, declared) | _described(declared)
    where = f"files/{key}"
    context.extras.attached.append(AttachedFile(path=where, content=content.encode()))
    context.notes((*path, "environment" if declared.environment else "content"), ATTACHED)
    return filled(name=_name(context, key, declared, content.encode()), file=f"./{where}") | _described(declared)


def secret(context: Context, key: str, declared: SharedFile) -> Object:
    """One top-level secret."""
    if declared.external:
        return _external(key, declared)
    if declared.driver:
        return _driven(context, key, declared)
    if declared.environment:
        context.notes(("secrets", key, "environment"), BY_HAND)
        return {"name": declared.name or f"{context.application.name}_{key}", "external": True}
    _check_size(context, ("secrets", key, "file"), declared.file)
    return filled(name=_own_name(context, key, declared), file=declared.file) | _described(declared)


def _driven(context: Context, key: str, declared: SharedFile) -> Object:
    for field in ("file", "environment"):
        context.notes(("secrets", key, field), DRIVEN)
    name = _own_name(context, key, declared)
    return filled(name=name, driver=declared.driver, driver_opts=dict(declared.driver_opts)) | _described(declared)


def grant(granted: Grant) -> Object:
    """A config or secret as one service sees it; the long form, since the short one has no mode."""
    return filled(source=granted.source, target=granted.target, uid=granted.uid, gid=granted.gid, mode=granted.mode)


def _from_file(context: Context, path: Path, declared: SharedFile) -> Object:
    key = str(path[1])
    _check_size(context, (*path, "file"), declared.file)
    if context.files.ships(declared.file) and context.files.kind(declared.file) is FileKind.FILE:
        name = _name(context, key, declared, context.files.read(declared.file))
    else:
        name = _own_name(context, key, declared)
    return filled(name=name, file=declared.file)


def _check_size(context: Context, path: Path, file: str) -> None:
    files = context.files
    if files.ships(file) and files.kind(file) is FileKind.FILE and len(files.read(file)) > LARGEST:
        context.notes(path, TOO_LARGE)


def _external(key: str, declared: SharedFile) -> Object:
    return {"name": declared.name or key, "external": True}


def _described(declared: SharedFile) -> Object:
    return filled(labels=dict(declared.labels), template_driver=declared.template_driver)


def _name(context: Context, key: str, declared: SharedFile, content: bytes) -> str:
    return _own_name(context, key, declared) or hashed_name(context.application.name, key, content)


def _own_name(context: Context, key: str, declared: SharedFile) -> str:
    """The name the user gave; "" for the one Compose makes of the application's name, as Swarm does."""
    return "" if declared.name == f"{context.application.name}_{key}" else declared.name
