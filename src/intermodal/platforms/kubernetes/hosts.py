"""Where services name one another: host names in variables and arguments, the ports beside them, and replacing them.

Belongs here: reading and changing such texts. Does not: who answers to a name (`dns_names.py`).
Each text is split into words once, and the words looked up: the cost grows with the texts, not with the services.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.model.application import Application, Service

_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<![.-])(?::(\d{1,5})(?![\d.]))?")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/\s@]*@)?([A-Za-z0-9_][A-Za-z0-9_.-]*)(?![\w:])")

SCHEME_PORTS: Mapping[str, int] = {
    "amqp": 5672,
    "amqps": 5671,
    "bolt": 7687,
    "clickhouse": 9000,
    "ftp": 21,
    "http": 80,
    "https": 443,
    "ldap": 389,
    "ldaps": 636,
    "mariadb": 3306,
    "memcached": 11211,
    "mongodb": 27017,
    "mqtt": 1883,
    "mysql": 3306,
    "nats": 4222,
    "neo4j": 7687,
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
    "rediss": 6379,
    "smtp": 25,
    "ssh": 22,
    "ws": 80,
    "wss": 443,
}
"""What a URL means when it names no port; a driver's suffix (`postgresql+asyncpg`) is cut off first."""

_NO_HOSTS = ("IMAGE", "VERSION", "TAG", "PASSWORD", "SECRET")
"""Words in a variable's name by which `web:15` is no host and port."""
_HOST_WORDS = ("HOSTNAME", "HOST", "SERVER", "ADDRESS", "ADDR")
_HOST_HINTS = (
    *("HOST", "ADDR", "SERVER", "URL", "URI", "ENDPOINT", "BROKER", "NODE", "PEER", "UPSTREAM", "BACKEND", "DSN"),
    *("SEED", "SERVICE", "BOOTSTRAP", "PROXY", "MASTER", "PRIMARY", "REPLICA", "CLUSTER", "MEMBER", "DOMAIN"),
)
_SEPARATORS = " \t\n,;=\"'[]()|"


@record
class _Mention:
    """A known name in a text: the port beside it, 0 for none, and whether it stands where a host does."""

    word: str
    port: int
    is_host: bool


@record
class Sightings:
    """Who names whom at all, who calls whom as a host, the TCP ports services are named with, and the names used."""

    named_by: Mapping[str, frozenset[str]]
    called_by: Mapping[str, frozenset[str]]
    ports: Mapping[str, tuple[int, ...]]
    words: frozenset[str]


def look_around(application: Application, answers: Mapping[str, tuple[str, ...]]) -> Sightings:
    """Find the services that other services' variables, commands and dependencies name."""
    named_by: dict[str, set[str]] = {}
    called_by: dict[str, set[str]] = {}
    ports: dict[str, dict[int, None]] = {}
    words: set[str] = set()
    for service in application.services.values():
        for target in (*service.depends_on, *(link.partition(":")[0] for link in service.links)):
            named_by.setdefault(target, set()).add(service.name)
        for mention in _mentions(service, answers):
            words.add(mention.word)
            for target in answers[mention.word]:
                if target != service.name:
                    named_by.setdefault(target, set()).add(service.name)
                if target != service.name and mention.is_host:
                    called_by.setdefault(target, set()).add(service.name)
                if mention.port:
                    ports.setdefault(target, {})[mention.port] = None
    return Sightings(
        named_by={name: frozenset(found) for name, found in named_by.items()},
        called_by={name: frozenset(found) for name, found in called_by.items()},
        ports={name: tuple(found) for name, found in ports.items()},
        words=frozenset(words),
    )


def replace_hosts(text: str, variable: str, replaced: Mapping[str, str]) -> str:
    """Put services' cluster names where `text` uses, as a host, a name of `replaced` (lower case -> new name).

    A host is what stands after `://` or a URL's `@`, before `:<port>`, or alone in a list or in the whole text when
    the variable's name speaks of hosts.
    """
    if not replaced:
        return text
    pieces: list[str] = []
    copied = 0
    for found in _WORD.finditer(text):
        word = found[0].partition(":")[0]
        name = replaced.get(word.lower())
        if name is not None and _is_host(text, found, variable):
            pieces += (text[copied : found.start()], name)
            copied = found.start() + len(word)
    return "".join((*pieces, text[copied:])) if pieces else text


def _is_host(text: str, found: re.Match[str], variable: str) -> bool:
    before, after = text[: found.start()], text[found.end() : found.end() + 1]
    speaks_of_hosts = any(hint in variable.upper() for hint in _HOST_HINTS)
    if before.endswith("://"):
        return True
    if before.endswith("@"):
        return "://" in before or speaks_of_hosts
    if before and before[-1] not in _SEPARATORS:
        return False
    if found[1]:
        return not any(hint in variable.upper() for hint in _NO_HOSTS)
    return speaks_of_hosts and (not after or after in _SEPARATORS)


def texts(service: Service) -> Iterator[tuple[str, str]]:
    """Every text in which a service may name another, with the name of the variable that holds it."""
    for file in service.env_file:
        yield from file.values.items()
    for name, value in service.environment.items():
        if value:
            yield name, value
    tested = service.healthcheck.test if service.healthcheck else ()
    for argument in (*(service.entrypoint or ()), *(service.command or ()), *tested):
        yield "", argument


def _mentions(service: Service, answers: Mapping[str, tuple[str, ...]]) -> Iterator[_Mention]:
    """Known names in a service's texts."""
    for variable, text in texts(service):
        for found in _WORD.finditer(text):
            word = found[0].partition(":")[0].lower()
            if word in answers:
                port = _port_beside(found, variable, text, service)
                yield _Mention(word=word, port=port, is_host=_is_host(text, found, variable))
        if "://" in text:
            yield from _schemes(_URL.findall(text), answers)


def _port_beside(found: re.Match[str], variable: str, text: str, service: Service) -> int:
    if found[1]:
        port = int(found[1])
        return 0 if port > 65535 or any(hint in variable.upper() for hint in _NO_HOSTS) else port
    return _paired_port(variable, service.environment) if found[0] == text else 0


def _paired_port(variable: str, environment: Mapping[str, str | None]) -> int:
    """The value of DB_PORT for DB_HOST."""
    upper = variable.upper()
    for word in _HOST_WORDS:
        start = upper.rfind(word)
        if start >= 0:
            port = "port" if variable[start:].islower() else "PORT"
            value = environment.get(variable[:start] + port + variable[start + len(word) :]) or ""
            return int(value) if value.isascii() and value.isdigit() and 0 < int(value[:6]) <= 65535 else 0
    return 0


def _schemes(urls: Iterable[tuple[str, str]], answers: Mapping[str, tuple[str, ...]]) -> Iterator[_Mention]:
    for scheme, host in urls:
        if host.lower() in answers:
            port = SCHEME_PORTS.get(scheme.lower().partition("+")[0], 0)
            yield _Mention(word=host.lower(), port=port, is_host=True)
