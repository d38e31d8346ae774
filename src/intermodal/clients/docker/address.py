"""Where an engine listens: unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST. Pure; how it is found: `find.py`."""

from __future__ import annotations

import re

from intermodal.kit.records import record

SOCKET = "/var/run/docker.sock"
"""Where Docker's own client looks when nobody says anything."""

_PORTS = {False: 2375, True: 2376}
_AUTHORITY = re.compile(
    r"(?:(?P<user>[^@/]*)@)?(?P<host>\[[0-9A-Fa-f:.%]+\]|[^:/@\[\]]*)(?::(?P<port>[0-9]+))?(?P<path>/.*)?"
)
_NAME = re.compile(r"[A-Za-z0-9_.~%:][A-Za-z0-9_.~%:-]*")


class InvalidAddress(ValueError):  # noqa: N818 - named for the address
    """A text that names no engine we can speak to; the message says why, `advice` what to write."""

    def __init__(self, message: str, advice: str = "") -> None:
        self.advice = advice
        super().__init__(message)


@record
class Tls:
    """The files of a TLS connection, "" where none; `verify` False trusts any server."""

    ca: str = ""
    certificate: str = ""
    key: str = ""
    verify: bool = True


@record
class Address:
    """An engine's address. `scheme` is unix, tcp or ssh; `path` is a socket's, on the other machine for ssh.

    `named` is where the address comes from, for people ("DOCKER_HOST", "context work"); "" when nobody said anything.
    `others` are sockets of engines that are there besides, where nobody chose.
    """

    scheme: str
    path: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    tls: Tls | None = None
    named: str = ""
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.scheme == "unix":
            return f"unix://{self.path}"
        who = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{who}{host}{f':{self.port}' if self.port else ''}{self.path}"


def parsed(text: str, *, tls: Tls | None = None, named: str = "") -> Address:
    """What users write: `unix:///run/d.sock`, `tcp://host:2376`, `host:2375`, `ssh://me@host`. `tls` is for tcp only.

    Raises `InvalidAddress`.
    """
    scheme, mark, rest = text.strip().partition("://")
    if not mark:
        scheme, rest = "tcp", scheme
    make = _MAKERS.get(scheme)
    if make is None:
        raise InvalidAddress(*_REFUSED.get(scheme, (f"{scheme}:// is no way to an engine", _ADVICE)))
    return make(rest, tls, named)


def _unix(rest: str, _tls: Tls | None, named: str) -> Address:
    return Address(scheme="unix", path=rest or SOCKET, named=named)


def _tcp(rest: str, tls: Tls | None, named: str) -> Address:
    parts = _parts(rest)
    if parts["user"] or (parts["path"] or "/") != "/":
        raise InvalidAddress("a tcp address has a host and a port, nothing more", _ADVICE)
    host = _host(parts["host"] or "localhost")
    return Address(scheme="tcp", host=host, port=_port(parts["port"]) or _PORTS[tls is not None], tls=tls, named=named)


def _ssh(rest: str, _tls: Tls | None, named: str) -> Address:
    parts = _parts(rest)
    user = parts["user"] or ""
    if ":" in user:
        raise InvalidAddress("a password has no place in an address", "let ssh use a key or an agent")
    if user and not _NAME.fullmatch(user):
        raise InvalidAddress("no user is called that", _ADVICE)
    path = (parts["path"] or "").rstrip("/")
    return Address(
        scheme="ssh", host=_host(parts["host"]), port=_port(parts["port"]), user=user, path=path, named=named
    )


_MAKERS = {"unix": _unix, "tcp": _tcp, "ssh": _ssh}
_ADVICE = "write unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST"
_REFUSED = {
    "npipe": ("named pipes of Windows cannot be spoken to", "let the engine listen on tcp with TLS, or use it by ssh"),
    "fd": ("fd:// is for engines that listen, not for those who call them", _ADVICE),
    "http": ("http:// is spelled tcp:// here", _ADVICE),
    "https": ("https:// is spelled tcp:// here, with DOCKER_TLS_VERIFY=1", _ADVICE),
}


def _parts(rest: str) -> dict[str, str | None]:
    found = _AUTHORITY.fullmatch(rest)
    if not found:
        raise InvalidAddress(f"{rest!r} is not a host and a port", _ADVICE)
    return found.groupdict()


def _host(text: str | None) -> str:
    host = (text or "").strip("[]")
    # ssh takes a host that begins with "-" for an option, and an option can name a program to run.
    if not _NAME.fullmatch(host):
        raise InvalidAddress(f"{host!r} is not the name of a host", _ADVICE)
    return host


def _port(text: str | None) -> int:
    port = int(text or 0)
    if port > 65535:
        raise InvalidAddress(f"there is no port {port}", _ADVICE)
    return port
