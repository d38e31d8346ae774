"""What two services cannot both have: a port of the host, a container's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.treewalk import items, scalar, text
from intermodal.compose.wording import dotted, quoted

if TYPE_CHECKING:
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Mapping, Node
    from intermodal.kit.places import Place

_ANY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


def check_published(services: Mapping | None, findings: Findings) -> None:
    """Find two ports that want the same port of the same host; docker compose fails only when it starts them."""
    seen: dict[tuple[str, int], dict[str, tuple[str, Place]]] = {}
    for name, service in services.items.items() if services else ():
        for port in items(service, "ports"):
            for key, address, place in _claims(port):
                claims = seen.setdefault(key, {})
                other = _rival(address, claims)
                if other is not None:
                    _collision(name, other[0], key, (place, other[1]), findings)
                claims.setdefault("" if address in _ANY else address, (name, place))


def _rival(address: str, claims: dict[str, tuple[str, Place]]) -> tuple[str, Place] | None:
    """Who claimed the port on this address, or on every address, before."""
    if address in _ANY:
        return next(iter(claims.values()), None)
    return claims.get(address) or claims.get("")


def _claims(port: Node) -> list[tuple[tuple[str, int], str, Place]]:
    """The one host port a binding claims; a range leaves Docker a choice, so it claims none for sure."""
    published = scalar(port, "published")
    if published is None or not str(published.value).isdecimal() or not str(published.value).isascii():
        return []
    if len(str(published.value)) > 5 or not int(published.value or 0):
        return []
    protocol = text(port, "protocol") or "tcp"
    return [((protocol, int(published.value or 0)), text(port, "host_ip"), published.place)]


def _collision(name: str, owner: str, key: tuple[str, int], places: tuple[Place, Place], findings: Findings) -> None:
    who = (
        f"service {name!r} publishes {key[1]}/{key[0]} twice"
        if name == owner
        else (f"services {owner!r} and {name!r} both publish {key[1]}/{key[0]} of the host")
    )
    findings.problem(
        "port-conflict",
        who,
        places[0],
        help="publish one of them on another port",
        secondary=((places[1], "published here first"),),
    )


def check_container_names(services: Mapping | None, findings: Findings) -> None:
    """Two containers cannot have one name."""
    seen: dict[str, tuple[str, Place]] = {}
    for name, service in services.items.items() if services else ():
        found = scalar(service, "container_name")
        if found is None:
            continue
        other = seen.setdefault(str(found.value), (name, found.place))
        if other[0] != name:
            findings.error(
                "container-name-conflict",
                f"{dotted(('services', name, 'container_name'))}: service {other[0]!r} has the name "
                f"{quoted(found.value)} too",
                found.place,
                help="remove one container_name, or change it",
                secondary=((other[1], "the same name"),),
            )
