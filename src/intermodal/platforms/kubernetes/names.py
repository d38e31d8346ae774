"""Names that Kubernetes takes: valid, short, free of collisions, and leading back to what the file calls the thing.

Belongs here: every rule about the form of a name or key. Does not: which objects exist, and their labels.
Rules: RFC 1123 labels (workloads, pod volumes, most objects), RFC 1035 labels (Services), IANA service names (ports),
ConfigMap keys, environment variables, label values; all from Kubernetes' apimachinery/pkg/util/validation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from intermodal.kit.records import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application, Service

LABEL_LIMIT = 63
WORKLOAD_LIMIT = 52
"""StatefulSets and CronJobs add up to 11 characters to their name in labels and Job names."""
PORT_NAME_LIMIT = 15
KEY_LIMIT = 253

_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_NAME = _LOWER | _DIGITS | {"-"}
_KEY = _NAME | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ._")
_SERVICE = "Service"
_WORKLOAD = "Workload"


class Names:
    """The names of one translation. The same question gets the same answer; two things never get one name."""

    def __init__(self, application: Application) -> None:
        self._registers: dict[str, _Register] = {}
        services = list(application.services)
        wanted = {name.lower(): key for key, service in application.services.items() for name in _called(service)}
        by_fit = sorted(services, key=lambda name: name != slug(name))
        register = self._register(_SERVICE)
        self._services = {name: register.claim(name, "", LABEL_LIMIT, wanted) for name in by_fit}
        register = self._register(_WORKLOAD)
        self._workloads = {name: register.claim(name, "", WORKLOAD_LIMIT) for name in by_fit}

    def workload(self, service: str) -> str:
        """The name of a service's workload and container: an RFC 1123 label that leaves room for suffixes."""
        return self._workloads[service]

    def service(self, service: str) -> str:
        """The name of a service's Service, which is its name in the cluster's DNS: an RFC 1035 label."""
        return self._services[service]

    def alias(self, name: str) -> str | None:
        """The name of a Service that answers to another DNS name; None where no Service can or another one does."""
        register, lower = self._register(_SERVICE), name.lower()
        if not is_service_name(lower) or register.original(lower) not in {"", lower}:
            return None
        return register.claim(lower, "", LABEL_LIMIT)

    def object(self, kind: str, original: str, suffix: str = "") -> str:
        """A name for an object of `kind` called `original` in the file; `suffix` (a hash, a role) is kept whole."""
        return self._register(kind).claim(original, suffix, LABEL_LIMIT)

    def name(self, kind: str, original: str) -> str:
        """`object` without a suffix."""
        return self.object(kind, original)

    def original(self, kind: str, name: str) -> str:
        """What an object's name stands for in the file; "" when this translation gave no such name."""
        return self._register(kind).original(name)

    def _register(self, kind: str) -> _Register:
        if kind not in self._registers:
            self._registers[kind] = _Register(starts_with_letter=kind == _SERVICE)
        return self._registers[kind]


class _Register:
    """The names given to one kind of object."""

    def __init__(self, *, starts_with_letter: bool) -> None:
        self._starts_with_letter = starts_with_letter
        self._given: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}

    def original(self, name: str) -> str:
        return self._originals.get(name, "")

    def claim(self, original: str, suffix: str, limit: int, wanted: Mapping[str, str] = NOTHING) -> str:
        """A free name that nothing else wants; `wanted` says who wants which."""
        known = self._given.get((original, suffix))
        if known is None:
            tries = self._candidates(original, suffix, limit)
            free = (name for name in tries if name not in self._originals)
            known = next(name for name in free if wanted.get(name, original) == original or name == original)
            self._given[original, suffix] = known
            self._originals[known] = original
        return known

    def _candidates(self, original: str, suffix: str, limit: int) -> Iterator[str]:
        stem = slug(original)
        if self._starts_with_letter and stem[0] not in _LOWER:
            stem = f"s-{stem}"
        end = f"-{suffix}" if suffix else ""
        if len(stem) + len(end) <= limit:
            yield stem + end
        attempt = 0
        while True:
            mark = f"-{crc32(f'{original}/{attempt}'.encode(errors='surrogatepass')):08x}{end}"
            yield stem[: limit - len(mark)].rstrip("-") + mark
            attempt += 1


def _called(service: Service) -> Iterator[str]:
    """Every DNS name that a service asks for besides its own."""
    yield service.container_name
    yield service.hostname
    for attachment in service.networks.values():
        yield from attachment.aliases


def slug(text: str) -> str:
    """The nearest lower-case letters, digits and single hyphens; never empty, never a hyphen at an end."""
    lower = text.lower()
    if lower and _NAME.issuperset(lower) and lower[0] != "-" and lower[-1] != "-":
        return lower
    mapped = "".join(character if character in _NAME else "-" for character in lower)
    return "-".join(part for part in mapped.split("-") if part) or "x"


def is_service_name(name: str) -> bool:
    """Whether a Service may be called so: an RFC 1035 label of at most 63 characters."""
    return 0 < len(name) <= LABEL_LIMIT and _NAME.issuperset(name) and name[0] in _LOWER and name[-1] != "-"


def port_name(wanted: str, number: int, protocol: str, taken: set[str]) -> str:
    """An IANA service name, at most 15 characters, that is not in `taken`; it is added there.

    `wanted` is the name the file gives; otherwise the number speaks, without a prefix that service meshes would
    take for a protocol.
    """
    plain = f"port-{number}" if protocol == "tcp" else f"port-{number}-{protocol}"
    asked = "-".join(part for part in slug(wanted)[:PORT_NAME_LIMIT].split("-") if part) if wanted else ""
    name = asked if not _LOWER.isdisjoint(asked) and asked not in taken else plain
    if name in taken:
        name = next(f"p{number}-{turn}" for turn in range(len(taken) + 1) if f"p{number}-{turn}" not in taken)
    taken.add(name)
    return name


def is_config_key(text: str) -> bool:
    """Whether a ConfigMap or Secret may have this key."""
    return 0 < len(text) <= KEY_LIMIT and _KEY.issuperset(text) and text != "." and not text.startswith("..")


def config_key(text: str) -> str:
    """The nearest valid key of a ConfigMap or Secret."""
    if is_config_key(text):
        return text
    mapped = "".join(character if character in _KEY else "-" for character in text).lstrip(".")
    return mapped[-KEY_LIMIT:].lstrip(".") or "x"


def is_environment_name(text: str) -> bool:
    """Whether every supported Kubernetes takes this name for an environment variable."""
    return bool(text) and _KEY.issuperset(text) and text[0] not in _DIGITS and text != "." and text[:2] != ".."


def label_value(text: str) -> str:
    """The nearest valid label value; "" when nothing is left."""
    mapped = text if _KEY.issuperset(text) else "".join(letter if letter in _KEY else "-" for letter in text)
    return mapped[:LABEL_LIMIT].strip("-._")
