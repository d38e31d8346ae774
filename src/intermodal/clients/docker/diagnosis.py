"""What an engine's refusal or silence means to users: one diagnostic with the next step.

Belongs here: failures that any command may meet. Does not: what a platform knows of its own objects.
"""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.records import record
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.address import Address

_ABSENT = frozenset({errno.ENOENT, errno.ECONNREFUSED, errno.ENOTDIR, errno.ENOTSOCK})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_START = "start it (`systemctl start docker`), or say where one listens: DOCKER_HOST, --host or --context"
_LOOPBACK = re.compile(r"localhost|127(?:\.\d+){3}|::1")


@contextmanager
def told(address: Address, code: int = 1) -> Iterator[None]:
    """Within, what the engine refuses and that it does not answer is raised as `NotDone` with this exit code."""
    try:
        yield
    except (EngineError, Unreachable) as error:
        raise not_done(error, address, code) from error


def not_done(error: EngineError | Unreachable, address: Address, code: int = 1) -> NotDone:
    """The failure as users are told it."""
    said = _unreachable(error, address) if isinstance(error, Unreachable) else _refused(error)
    return NotDone([said], code)


def cautions(address: Address) -> tuple[Diagnostic, ...]:
    """What users should know of an address before anything is done there."""
    if address.scheme != "tcp" or address.tls or _LOOPBACK.fullmatch(address.host):
        return ()
    said = (
        f"{address} is spoken to without TLS: whoever reaches that port rules its machine, and sees every secret sent"
    )
    advice = "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use ssh://"
    return (Diagnostic(code="engine-unencrypted", severity=Severity.WARNING, message=said, help=advice),)


def too_old(version: tuple[int, int], address: Address) -> NotDone:
    """An engine that speaks no API version as new as our requests need."""
    spoken = ".".join(map(str, version))
    said = f"the engine at {address} speaks API {spoken}; 1.41 is needed, which Docker 20.10 and Podman 3.0 brought"
    return NotDone([_error("engine-too-old", said, "update the engine, or choose another with --host or --context")])


@record
class TakenPort:
    """A port that somebody else has: `address` "" for all of the node's, `service` where it is a Swarm service."""

    port: int
    address: str = ""
    protocol: str = "tcp"
    service: str = ""


def taken_port(message: str) -> TakenPort | None:
    """The port an engine says is taken, None when that is not what it says."""
    swarm = _SWARM_PORT.search(message)
    if swarm:
        return TakenPort(port=int(swarm["port"]), service=swarm["service"])
    if not _TAKEN.search(message):
        return None
    found = _BOUND.search(message) or _LISTENED.search(message)
    if not found:
        return None
    protocol = found.groupdict().get("protocol") or ("udp" if "listen udp" in message else "tcp")
    address = found["address"].strip("[]")
    return TakenPort(port=int(found["port"]), address="" if address in _ANY else address, protocol=protocol)


_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - an address to recognise, not to listen on
_SWARM_PORT = re.compile(r"port '(?P<port>\d+)' is already in use by service '(?P<service>[^']+)'")
_TAKEN = re.compile(r"port is already allocated|address already in use")
_HOST = r"(?P<address>\[[0-9a-fA-F:]+\]|::|[0-9.]*)"
_BOUND = re.compile(
    rf"(?:Bind for|bind host port(?: for)?) {_HOST}:(?P<port>\d+)(?:[^ ]*?/(?P<protocol>tcp|udp|sctp))?"
)
_LISTENED = re.compile(rf"listen (?P<protocol>tcp|udp|sctp)[46]? {_HOST}:(?P<port>\d+)")


def _unreachable(error: Unreachable, address: Address) -> Diagnostic:
    if error.begun:
        said = f"the engine at {_called(address)} stopped answering: {error.reason}"
        return _error("engine-unreachable", said, "see whether it runs, then give the same command again: it goes on")
    if address.scheme != "unix":
        return _error(
            "engine-unreachable", f"no engine answers at {_called(address)}: {error.reason}", _network(address)
        )
    if error.errno in _FORBIDDEN:
        said = f"the engine at {_called(address)} may not be used by this user: {error.reason}"
        return _error("engine-permission", said, _permission(address))
    if error.errno in _ABSENT:
        tried = "" if address.named else "; no engine without root and no Podman was found either"
        return _error("engine-not-found", f"no engine listens at {_called(address)}: {error.reason}{tried}", _START)
    said = f"the engine at {_called(address)} does not answer as engines do: {error.reason}"
    return _error("engine-unreachable", said, "look at its log: `journalctl -u docker`")


def _network(address: Address) -> str:
    if address.scheme == "ssh":
        return f"try `{_trial(address)}`: ssh must log in without asking, and find `docker` there"
    if address.tls:
        return "is the port right, does its certificate name this host, signed by ca.pem, and does it accept cert.pem?"
    return "is the host up, the port right and open? An engine with TLS wants DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH"


def _trial(address: Address) -> str:
    who = f"{address.user}@{address.host}" if address.user else address.host
    return f"ssh {f'-p {address.port} ' if address.port else ''}{who} docker version"


def _permission(address: Address) -> str:
    other = f"; or use the one at {address.others[0]}: DOCKER_HOST=unix://{address.others[0]}" if address.others else ""
    return "join the group that owns the socket (`sudo usermod -aG docker $USER`, log in again) or use sudo" + other


def _called(address: Address) -> str:
    return f"{address} ({address.named})" if address.named else str(address)


def _refused(error: EngineError) -> Diagnostic:
    port = taken_port(error.message)
    if port:
        return _port_taken(port)
    # Podman has none of a Swarm's pages.
    words = "not a swarm manager" if error.status == 404 and _OF_SWARMS.match(error.request) else error.message
    for known, code, said, advice in _KNOWN:
        if known.search(words):
            return _error(code, said.format(error.message), advice)
    said = f"the engine refused {error.request}: {error.message or f'HTTP {error.status}'}"
    return _error("engine-refused", said, "these are the engine's words; its log may say more (`journalctl -u docker`)")


def _port_taken(port: TakenPort) -> Diagnostic:
    where = f"{port.address}:{port.port}" if port.address else str(port.port)
    by = f" by service {port.service}" if port.service else ""
    said = f"port {where}/{port.protocol} is taken{by}"
    look = f"find who has it: `ss -lpn sport = :{port.port}`"
    return _error("port-taken", said, f"publish another one, or {'remove that service' if port.service else look}")


_OF_SWARMS = re.compile(r"GET /(?:services|nodes|tasks|swarm|configs)$|POST /services/create")
_KNOWN = (
    (
        re.compile("not a swarm manager|not part of a swarm", re.IGNORECASE),
        "not-a-manager",
        "the engine is no manager of a Swarm: {}",
        "use a manager's address, `docker swarm init`, or `intermodal lab up --platform swarm`",
    ),
    (
        re.compile("no space left on device|disk quota exceeded", re.IGNORECASE),
        "disk-full",
        "the engine's disk is full: {}",
        "`docker system df` says what fills it; free some and run the same command again",
    ),
    (
        re.compile("client version .* is too old"),
        "engine-too-new",
        "the engine no longer speaks a version of its API that we speak: {}",
        "update Intermodal, or use an engine of another release",
    ),
)


def _error(code: str, message: str, advice: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)
