"""Who we are to a registry: what `docker login` left in config.json, or in a credential helper.

Belongs here: finding credentials. Secrets go to helpers and from them through pipes, never on a command line, and are
shown by nothing.
"""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.contexts import CONFIG, UnreadableFile, config, folder
from intermodal.clients.docker.references import DOCKER_HUB, parse
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.platform import Target

_HUB_KEY = "https://index.docker.io/v1/"
"""What Docker Hub is called in config.json, since long ago."""
_TOKEN = "<token>"  # noqa: S105 - a user name that says what kind of secret it is
_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNKNOWN = b"credentials not found"
_PATIENCE = 60.0


class Credentials:
    """The credentials of the user who gave the target; each registry's are looked up once. Safe to use from threads."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._found: dict[str, dict[str, str]] = {}
        self._lock = Lock()

    def headers(self, image: str) -> dict[str, str]:
        """What to send with a request that makes the engine ask a registry for an image; empty where nobody logged in.

        Raises `NotDone` when the configuration or a credential helper cannot be used, `InvalidReference`.
        """
        registry = parse(image).registry
        with self._lock:
            if registry not in self._found:
                self._found[registry] = _looked_up(self._target, registry)
            found = self._found[registry]
        return {"X-Registry-Auth": _header(found)} if found else {}


def _looked_up(target: Target, registry: str) -> dict[str, str]:
    try:
        said = config(target)
    except UnreadableFile as error:
        raise _failed(str(error), "docker-config-unreadable", "mend the file, or `docker login` once more") from error
    key = _HUB_KEY if registry == DOCKER_HUB else registry
    helpers = _mapping(said.get("credHelpers"))
    helper = helpers.get(registry) or helpers.get(key) or said.get("credsStore")
    if isinstance(helper, str) and helper:
        return _helped(helper, key)
    return _written(_mapping(said.get("auths")), key, folder(target) / CONFIG)


def _written(auths: Mapping[str, Any], key: str, file: object) -> dict[str, str]:
    """Credentials that stand in config.json itself."""
    from base64 import b64decode  # noqa: PLC0415 - only who pulls needs it

    entry = _mapping(auths.get(key)) or next((_mapping(auths[name]) for name in auths if _host(name) == _host(key)), {})
    if isinstance(entry.get("identitytoken"), str) and entry["identitytoken"]:
        return {"identitytoken": entry["identitytoken"], "serveraddress": key}
    try:
        user, _, password = b64decode(entry.get("auth") or "", validate=True).decode().partition(":")
    except (ValueError, TypeError) as error:
        said = f"what {file} holds for {key} cannot be read"
        raise _failed(said, "docker-config-unreadable", "`docker login` writes it anew") from error
    return {"username": user, "password": password.rstrip("\0"), "serveraddress": key} if user else {}


def _helped(helper: str, key: str) -> dict[str, str]:
    """Credentials that a helper keeps: it is given the registry, and answers with JSON."""
    from json import loads  # noqa: PLC0415 - only who pulls needs it

    from intermodal.kit.process import CommandFailed, run  # noqa: PLC0415 - as above

    program = f"docker-credential-{helper}"
    if not _HELPER.fullmatch(helper):
        raise _failed(f"{helper!r} is no name of a credential helper", "credential-helper-failed", _HELP)
    try:
        done = run([program, "get"], stdin=key.encode(), timeout=_PATIENCE, check=False)
    except CommandFailed as error:
        raise _failed(
            f"{program} gives no credentials for {key}: {error}", "credential-helper-failed", _HELP
        ) from error
    if done.returncode:
        said = done.stdout + done.stderr
        if _UNKNOWN in said:
            return {}
        words = said.decode("utf-8", "replace").strip()[:200] or f"exit code {done.returncode}"
        raise _failed(f"{program} gives no credentials for {key}: {words}", "credential-helper-failed", _HELP)
    try:
        answer = _mapping(loads(done.stdout))
        user, secret = str(answer["Username"]), str(answer["Secret"])
    except (ValueError, KeyError):
        said_oddly = f"{program} answers with something else than credentials"
        raise _failed(said_oddly, "credential-helper-failed", _HELP) from None
    if user == _TOKEN:
        return {"identitytoken": secret, "serveraddress": key}
    return {"username": user, "password": secret, "serveraddress": key} if user else {}


_HELP = f"the helper is named in {CONFIG} (credsStore, credHelpers); `docker login` uses it too"


def _header(credentials: Mapping[str, str]) -> str:
    from base64 import urlsafe_b64encode  # noqa: PLC0415 - only who pulls needs it
    from json import dumps  # noqa: PLC0415 - as above

    return urlsafe_b64encode(dumps(credentials).encode()).decode()


def _host(name: str) -> str:
    """The registry a key of config.json stands for: older clients wrote addresses."""
    return name.partition("://")[2].partition("/")[0] if "://" in name else name.partition("/")[0]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _failed(message: str, code: str, advice: str) -> NotDone:
    return NotDone([Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)])
