"""Bind mounts of small files that ship with the application: they become Swarm configs, which reach every node.

What looks like a secret by its name becomes a Swarm secret instead, at the same path in the container.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.files import FileKind
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.swarm.defaults import DEFAULT
from intermodal.platforms.swarm.naming import hashed_name, slug

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Notes, Outcome
    from intermodal.model.volumes import Mount
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

COPY = Approximate(
    code="swarm-file-as-config",
    why="the file is copied into the Swarm when the stack is deployed; later changes to it need a new translation",
    how="a config or secret",
)
READ_ONLY_COPY = Approximate(
    code="swarm-file-read-only",
    why="the file is copied into the Swarm when the stack is deployed, and the container cannot write to the copy",
    advice="mount it `read_only`; or keep the bind mount with `x-intermodal: {volumes: {PATH: {policy: hostpath}}}`",
    consequence=Consequence.BEHAVIOUR,
    how="a config or secret",
)
NO_MOUNT = Missing(
    code="swarm-file-as-config",
    why="the file is handed over as a config or secret, which has no mount options",
    consequence=Consequence.NONE,
)
LARGEST = 500 * 1024
"""Bytes a config or secret may have; Swarm refuses more."""
_MOST_FILES = 40
_FOLDERS = ("/etc/", "/docker-entrypoint", "/usr/share/nginx/html", "/opt/config", "/config")
_DATA_ENDINGS = (".db", ".sqlite", ".sqlite3", ".log", ".pid", ".sock")
_SECRET_WORDS = ("secret", "password", "passwd", "credential", "private", "htpasswd", "token", ".env", ".key", ".pem")


@record
class Grants:
    """What a service gets instead of a bind mount."""

    configs: tuple[Object, ...]
    secrets: tuple[Object, ...]
    outcome: Outcome


def note_bundled(notes: Notes, path: Path, grants: Grants) -> None:
    """Tell the ledger what became of a mount that grants stand for; what only mounts have is gone."""
    for key in ("type", "source", "target"):
        notes((*path, key), grants.outcome)
    notes((*path, "read_only"), DEFAULT)
    for key in ("bind", "consistency"):
        notes((*path, key), NO_MOUNT)


def bundled(context: Context, service: Service, mount: Mount) -> Grants | None:
    """The configs and secrets that stand for a bind mount; None where it must stay a bind mount."""
    policy = context.wishes.bind_policy(service, mount.target)
    if policy == "keep" or not context.files.ships(mount.source):
        return None
    found = _shipped(context, mount, asked=policy == "configs")
    return _grants(context, mount, found) if found else None


def _shipped(context: Context, mount: Mount, *, asked: bool) -> list[tuple[str, str]]:
    """The files that stand for the mount, as (path here, path in the container); none where that would not do."""
    kind = context.files.kind(mount.source)
    if kind is FileKind.FILE:
        fits = len(context.files.read(mount.source)) <= LARGEST
        return [(mount.source, mount.target)] if fits and (asked or _is_settled(mount)) else []
    if kind is FileKind.FOLDER and (asked or mount.read_only or mount.target.startswith(_FOLDERS)):
        return _folder(context, mount)
    return []


def _folder(context: Context, mount: Mount) -> list[tuple[str, str]]:
    entries = list(islice(context.files.entries(mount.source), _MOST_FILES + 1))
    if len(entries) > _MOST_FILES or any(entry.size > LARGEST for entry in entries):
        return []
    source, target = mount.source.rstrip("/"), mount.target.rstrip("/")
    return [(f"{source}/{entry.path}", f"{target}/{entry.path}") for entry in entries]


def _is_settled(mount: Mount) -> bool:
    return mount.read_only or not mount.source.lower().endswith(_DATA_ENDINGS)


def _grants(context: Context, mount: Mount, found: list[tuple[str, str]]) -> Grants:
    configs: list[Object] = []
    secrets: list[Object] = []
    for source, target in found:
        kept = secrets if _is_secret(source) else configs
        key = _secret(context, source) if kept is secrets else _config(context, source)
        kept.append({"source": key, "target": target, "mode": context.files.mode(source)})
    outcome = COPY if mount.read_only else READ_ONLY_COPY
    return Grants(configs=tuple(configs), secrets=tuple(secrets), outcome=outcome)


def _is_secret(source: str) -> bool:
    name = source.rsplit("/", 1)[-1].lower()
    return any(word in name for word in _SECRET_WORDS)


def _config(context: Context, source: str) -> str:
    key = slug(source, context.application.working_dir)
    name = hashed_name(context.application.name, key, context.files.read(source))
    return context.extras.config(source, key, {"name": name, "file": source})


def _secret(context: Context, source: str) -> str:
    return context.extras.secret(source, slug(source, context.application.working_dir), {"file": source})
