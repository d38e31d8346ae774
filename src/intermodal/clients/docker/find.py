"""Which engine is meant: the order in which Docker's own client looks, and what else is there when it finds nothing.

Belongs here: precedence. Does not: spelling (`address.py`), what Docker's client keeps on disk (`contexts.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from intermodal.clients.docker.address import SOCKET, Address, InvalidAddress, Tls, parsed
from intermodal.clients.docker.contexts import NoSuchContext, UnreadableFile, config, context, folder
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from intermodal.model.platform import Target

DEFAULT = "default"
"""The context that means: the environment, or the usual socket."""


def find(target: Target) -> Address:
    """The engine the target leads to; nobody has spoken to it yet. Raises `NotDone`.

    `--host` or `--context`, then DOCKER_HOST, DOCKER_CONTEXT, the current context of Docker's client, and in the end
    the usual socket; where that is absent, another engine's that is there.
    """
    try:
        return _found(target)
    except NoSuchContext as error:
        _refuse("context-not-found", f"there is no context {error.name}", _there(error))
    except UnreadableFile as error:
        _refuse("docker-config-unreadable", str(error), "mend or remove the file, or name the engine with DOCKER_HOST")
    except InvalidAddress as error:
        _refuse("engine-address-invalid", str(error), error.advice)


def _found(target: Target) -> Address:
    said = target.environment
    if target.host and target.context:
        raise InvalidAddress("a host and a context are two answers to one question", "leave one of them out")
    if target.host:
        return _host(target, target.host, "--host")
    name = target.context or (not said.get("DOCKER_HOST") and (said.get("DOCKER_CONTEXT") or _current(target)))
    if name and name != DEFAULT:
        return context(target, name)
    if said.get("DOCKER_HOST"):
        return _host(target, said["DOCKER_HOST"], "DOCKER_HOST")
    return _usual(target)


def _current(target: Target) -> str:
    name = config(target).get("currentContext")
    return name if isinstance(name, str) else ""


def _host(target: Target, text: str, named: str) -> Address:
    try:
        return parsed(text, tls=_tls(target), named=named)
    except InvalidAddress as error:
        raise InvalidAddress(f"{named}: {error}", error.advice) from error


def _tls(target: Target) -> Tls | None:
    said = target.environment
    verify = bool(said.get("DOCKER_TLS_VERIFY"))
    if not verify and not said.get("DOCKER_TLS"):
        return None
    kept = Path(said.get("DOCKER_CERT_PATH") or folder(target))
    there = {name: str(kept / f"{name}.pem") for name in ("ca", "cert", "key") if (kept / f"{name}.pem").is_file()}
    return Tls(ca=there.get("ca", ""), certificate=there.get("cert", ""), key=there.get("key", ""), verify=verify)


def _usual(target: Target) -> Address:
    there = tuple(path for path in (SOCKET, *_others(target)) if Path(path).is_socket())
    path = there[0] if there else SOCKET
    return Address(scheme="unix", path=path, others=tuple(other for other in there if other != path))


def _others(target: Target) -> tuple[str, ...]:
    """Where engines that run without root listen, and Podman."""
    own = target.environment.get("XDG_RUNTIME_DIR")
    rootless = (f"{own}/docker.sock", f"{own}/podman/podman.sock") if own else ()
    home = (
        (f"{target.home}/.docker/run/docker.sock", f"{target.home}/.docker/desktop/docker.sock") if target.home else ()
    )
    return (*rootless[:1], *home, *rootless[1:], "/run/podman/podman.sock")


def _there(error: NoSuchContext) -> str:
    listed = ", ".join((DEFAULT, *error.there))
    return f"there are: {listed}; `docker context create {error.name} --docker host=ssh://USER@HOST` makes one"


def _refuse(code: str, message: str, advice: str) -> NoReturn:
    raise NotDone([Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)]) from None
