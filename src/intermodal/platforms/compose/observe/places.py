"""Where a container stands: its ports, its mounts, its networks, compared with those wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.platforms.compose.observe import fields
from intermodal.platforms.compose.observe.comparing import difference, mapping_differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.model.changes import Difference
    from intermodal.platforms.compose.requests.records import ContainerRequest
    from intermodal.platforms.compose.seen import Row


def ports(wanted: Row, host: Row) -> Iterator[Difference]:
    """Ports by number and protocol, with where they are published."""
    should = _bindings(wanted["HostConfig"].get("PortBindings") or {})
    have = _bindings(host.get("PortBindings") or {})
    yield from mapping_differences("ports", should, have)


def _bindings(said: Mapping[str, Any]) -> dict[str, str]:
    return {
        port: ", ".join(sorted(f"{one.get('HostIp') or ''}:{one.get('HostPort') or ''}" for one in bindings or ()))
        for port, bindings in said.items()
    }


def mounts(wanted: Row, found: Iterable[Row], of_image: Mapping[str, Any]) -> Iterator[Difference]:
    """Mounts by target. What the image declares, and volumes without a name, may be any volume."""
    should = dict(_wanted_mounts(wanted))
    have = {one["Destination"]: _seen(one) for one in found}
    borrowed = bool(wanted.get("VolumesFrom"))
    for target in [*have]:
        free = target not in should and (target in of_image or borrowed)
        unnamed = should.get(target) == "volume" and have[target].startswith("volume ")
        if free or unnamed:
            have.pop(target)
            should.pop(target, None)
    yield from mapping_differences("volumes", should, have)


def _wanted_mounts(wanted: Row) -> Iterator[tuple[str, str]]:
    for bind in wanted.get("Binds") or ():
        source, target, options = bind.split(":", 2)
        kind = "bind" if source.startswith("/") else "volume"
        yield target, _described(kind, source, writable="ro" not in options.split(","))
    for mount in wanted.get("Mounts") or ():
        kind, source = mount["Type"], mount.get("Source", "")
        yield mount["Target"], _described(kind, source, writable=not mount.get("ReadOnly"))


def _seen(mount: Row) -> str:
    kind = mount["Type"]
    named = kind in ("volume", "image")
    source = mount.get("Name", "") if named else "" if kind == "tmpfs" else mount.get("Source", "")
    return _described(kind, source, writable=bool(mount.get("RW")))


def _described(kind: str, source: str, *, writable: bool) -> str:
    access = "" if writable or kind == "image" else "(read only)"  # images are never writable, and need not say so
    return " ".join(part for part in (kind, source, access) if part)


def endpoints(request: ContainerRequest, found: Mapping[str, Row]) -> Iterator[Difference]:
    """Networks: which they are, and the names and addresses that were asked for in each."""
    wanted: dict[str, Any] = dict(request.body["NetworkingConfig"]["EndpointsConfig"])
    wanted |= {one.network: one.body["EndpointConfig"] for one in request.connections}
    if not wanted:
        return
    for name in sorted({*wanted, *found}):
        if name in wanted and name in found:
            yield from _endpoint(f"networks.{name}", wanted[name], found[name])
        else:
            yield from difference(f"networks.{name}", *(("joined", None) if name in wanted else (None, "joined")))


def _endpoint(path: str, wanted: Row, found: Row) -> Iterator[Difference]:
    known = {*(found.get("Aliases") or ()), *(found.get("DNSNames") or ())}
    lacking = [alias for alias in wanted.get("Aliases") or () if alias not in known]
    yield from difference(f"{path}.aliases", ", ".join(lacking), None)
    yield from difference(f"{path}.links", wanted.get("Links"), found.get("Links"))
    for key, name in fields.ENDPOINT.items():
        if wanted.get(key):
            yield from difference(f"{path}.{name}", wanted[key], found.get(key))
    said, have = wanted.get("IPAMConfig") or {}, found.get("IPAMConfig") or {}
    for key, name in fields.ADDRESSES.items():
        if said.get(key):
            yield from difference(f"{path}.{name}", said[key], have.get(key))
