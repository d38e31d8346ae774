"""Reading ports as Compose writes them, and listing them on a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.names import is_config_key, port_name
from intermodal.platforms.kubernetes.wishes.wishes import service_wishes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Service
    from intermodal.model.networks import Port
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

PROTOCOLS = ("tcp", "udp", "sctp")
MOST_LISTED = 100
"""More ports than this on one container are a range for a protocol such as RTP; listing them helps nobody."""
_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "::0", "0:0:0:0:0:0:0:0"})  # noqa: S104 - compared, not bound to


def expose_ports(text: str) -> tuple[tuple[int, str], ...]:
    """The ports of an `expose` entry such as "8000-8010/udp" with their protocol; () where it names none."""
    numbers, _, protocol = text.strip().partition("/")
    first, dash, last = numbers.partition("-")
    low, high = _number(first), _number(last if dash else first)
    if low is None or high is None or (protocol or "tcp") not in PROTOCOLS:
        return ()
    return tuple((number, protocol or "tcp") for number in range(low, high + 1))


def protocol_of(port: Port) -> str:
    """tcp, udp or sctp; "" for what no Service can have."""
    lower = port.protocol.lower() or "tcp"
    return lower if lower in PROTOCOLS else ""


def first_published(port: Port) -> int | None:
    """The host port asked for, the first of a range; None where any will do."""
    return _number(port.published.partition("-")[0])


def is_range(port: Port) -> bool:
    """Whether any host port of a range will do."""
    first, _, last = port.published.partition("-")
    return last not in {"", first}


def is_loopback(address: str) -> bool:
    """Whether a published port answers only on the machine itself."""
    plain = address.strip("[]")
    return plain.startswith("127.") or plain in {"::1", "localhost"}


def is_everywhere(address: str) -> bool:
    """Whether a published port answers on every address of the machine."""
    return address.strip("[]") in _EVERYWHERE


def is_app_protocol(text: str) -> bool:
    """Whether a Service port may have this `appProtocol`: a qualified name."""
    prefix, slash, name = text.rpartition("/")
    valid = is_config_key(name) and len(name) <= 63 and name[0].isalnum() and name[-1].isalnum()
    return valid and (not slash or is_config_key(prefix))


def on_host(port: Port, *, asked: bool) -> bool:
    """Whether a port is bound on the node that runs the instance (`mode: host`, or a wish)."""
    return (asked or port.mode == "host") and first_published(port) is not None


def container_ports(name: str, context: Context) -> tuple[Object, ...]:
    """The ports of a service's container; only those bound on the node change anything, the others inform.

    Named are those that the file names.
    """
    service = context.application.services[name]
    if service.network_mode in {"host", "none"}:
        return ()
    asked = bool(service.ports) and service_wishes(name, context).exposure.host_ports
    listed: dict[tuple[int, str, int | None, str], Object] = {}
    taken: set[str] = set()
    for port in service.ports:
        if not protocol_of(port):
            continue
        bound = first_published(port) if on_host(port, asked=asked) else None
        key = (port.target, protocol_of(port), bound, port.host_ip if bound else "")
        if key not in listed:
            listed[key] = _container_port(port, bound, taken)
    for number, protocol in _exposed(service):
        if not any(key[:2] == (number, protocol) for key in listed) and len(listed) < MOST_LISTED:
            listed[number, protocol, None, ""] = _plain_port(number, protocol)
    everything = list(listed.items())
    if len(everything) > MOST_LISTED:
        everything = [(key, made) for key, made in everything if key[2] is not None]
    return tuple(made for _, made in everything)


def _exposed(service: Service) -> Iterator[tuple[int, str]]:
    for text in service.expose:
        yield from expose_ports(text)


def _container_port(port: Port, bound: int | None, taken: set[str]) -> Object:
    protocol = protocol_of(port)
    made = _plain_port(port.target, protocol)
    if port.name:
        made = {"name": port_name(port.name, port.target, protocol, taken), **made}
    if bound is not None:
        made["hostPort"] = bound
        if not is_everywhere(port.host_ip):
            made["hostIP"] = port.host_ip.strip("[]")
    return made


def _plain_port(number: int, protocol: str) -> Object:
    return {"containerPort": number} if protocol == "tcp" else {"containerPort": number, "protocol": protocol.upper()}


def _number(text: str) -> int | None:
    plain = text.strip()
    valid = plain.isascii() and plain.isdigit() and len(plain) <= 5 and 0 < int(plain) <= 65535
    return int(plain) if valid else None
