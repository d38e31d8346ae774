"""What an application asks of its engine that came with some version of the API, and what is lost on an older one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.records import record
from intermodal.platforms.compose.requests.endpoints import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from intermodal.clients.docker.objects import Version
    from intermodal.model.origin import Path
    from intermodal.platforms.compose.requests.records import Wanted


@record
class Need:
    """A field, the API version and the engine release that brought it, and what an older engine does with it.

    `asked` tells of which values; `stops` that nothing is to be done on an older engine.
    """

    field: str
    version: Version
    release: str
    older: str
    asked: Callable[[Any], bool] = bool
    stops: bool = False


_UNMADE = "an older engine drops it"
SERVICE = (
    Need(field="annotations", version=(1, 43), release="24.0", older=_UNMADE),
    Need(field="healthcheck.start_interval", version=(1, 44), release="25.0", older=_UNMADE),
    Need(
        field="networks",
        version=(1, 44),
        release="25.0",
        older="an older engine knows one MAC address for the container, that of its first network",
        asked=lambda value: any(value[key].mac_address for key in in_order(value)[1:]),
    ),
    Need(field="networks.*.interface_name", version=(1, 48), release="28.0", older=_UNMADE),
    Need(field="networks.*.gw_priority", version=(1, 48), release="28.0", older=_UNMADE),
    Need(
        field="volumes.*.volume.subpath",
        version=(1, 45),
        release="26.0",
        older="an older engine mounts the whole volume",
        stops=True,
    ),
    Need(
        field="volumes.*.type",
        version=(1, 48),
        release="28.0",
        older="an older engine mounts no images",
        asked=lambda value: value == "image",
        stops=True,
    ),
    Need(
        field="volumes.*.bind.recursive",
        version=(1, 44),
        release="25.0",
        older="an older engine leaves mounts below it writable",
        asked=lambda value: value in {"readonly", "writable"},
        stops=True,
    ),
)
NETWORK = (
    Need(
        field="enable_ipv4",
        version=(1, 48),
        release="28.0",
        older="an older engine always has IPv4",
        asked=lambda value: value is False,
    ),
)


def unmet(wanted: Wanted, version: Version) -> tuple[Diagnostic, ...]:
    """What the engine is too old for: warnings, and errors where nothing may be done on it."""
    found: list[Diagnostic] = []
    for request in wanted.services.values():
        found += _unmet(wanted, ("services", request.name), request.service, SERVICE, version)
    for key in wanted.networks:
        application = next(iter(wanted.services.values())).application
        found += _unmet(wanted, ("networks", key), application.networks[key], NETWORK, version)
    return tuple(found)


def _unmet(wanted: Wanted, path: Path, said: object, needs: Iterable[Need], version: Version) -> list[Diagnostic]:
    application = next(iter(wanted.services.values())).application
    return [
        Diagnostic(
            code="engine-too-old-for-field",
            severity=Severity.ERROR if need.stops else Severity.WARNING,
            message=f"{'.'.join(map(str, (*path, *at)))} needs Docker {need.release}: {need.older}",
            place=application.origins.place((*path, *at)),
            help="update the engine, or leave the field out",
        )
        for need in needs
        if version < need.version
        for at, value in _found(said, tuple(need.field.split(".")))
        if need.asked(value)
    ]


def _found(said: Any, keys: Path) -> list[tuple[Path, Any]]:  # noqa: ANN401 - any record of the model
    """Every value at the end of the keys, `*` standing for all keys or indexes, with its path."""
    if not keys or said is None:
        return [] if said is None else [((), said)]
    first, *rest = keys
    if first != "*":
        parts = [(first, getattr(said, str(first)))]
    else:
        parts = list(said.items()) if hasattr(said, "items") else list(enumerate(said))
    return [((key, *path), value) for key, part in parts for path, value in _found(part, tuple(rest))]
