"""Published ports in their short form: `[address:][published:]target[/protocol]`, with ranges.

Source: the Compose Specification, ports, short syntax; and docker compose's reading of it.
"""

from __future__ import annotations

from intermodal.kit.records import record

_HIGHEST = 65535


@record
class Binding:
    """One container port and where it is published; `published` is "" (any), a number or a range."""

    target: int
    published: str = ""
    protocol: str = ""
    host_ip: str = ""


def parse(text: str) -> list[Binding]:
    """The bindings of a short form, in docker compose's order; raises `ValueError` with a reason."""
    address, published, inside = _parts(text)
    inside, _, protocol = inside.partition("/")
    protocol = protocol.lower()
    if not inside:
        raise ValueError("the container's port is missing")
    if protocol not in {"", "tcp", "udp", "sctp"}:
        raise ValueError(f"there is no protocol {protocol[:20]!r}: tcp, udp and sctp are known")
    address = _address(address)
    first, last = _range(inside, "container")
    if not first:
        raise ValueError("the container's port cannot be 0")
    if not published:
        return _sorted([Binding(target=port, protocol=protocol, host_ip=address) for port in range(first, last + 1)])
    start, end = _range(published, "published")
    if last - first == end - start:
        return _sorted(
            [
                Binding(target=port, published=str(start + port - first), protocol=protocol, host_ip=address)
                for port in range(first, last + 1)
            ]
        )
    if first != last:
        raise ValueError(f"{end - start + 1} published ports cannot stand for {last - first + 1} container ports")
    return [Binding(target=first, published=f"{start}-{end}", protocol=protocol, host_ip=address)]


def _parts(text: str) -> tuple[str, str, str]:
    parts = text.split(":")
    if len(parts) == 1:
        return "", "", parts[0]
    return ":".join(parts[:-2]), parts[-2], parts[-1]


def _sorted(bindings: list[Binding]) -> list[Binding]:
    """In the order docker compose writes a range: by the text of the port."""
    return sorted(bindings, key=lambda binding: str(binding.target)) if len(bindings) > 1 else bindings


def valid_address(address: str) -> bool:
    """Whether it is an IPv4 or IPv6 address."""
    from ipaddress import ip_address  # noqa: PLC0415 - few ports name an address

    try:
        ip_address(address)
    except ValueError:
        return False
    return True


def _address(text: str) -> str:
    address = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if address and not valid_address(address):
        hint = " (quote it: YAML reads it as a number otherwise)" if address.isdigit() else ""
        raise ValueError(f"{text[:40]!r} is not an IP address{hint}")
    return address


def _range(text: str, what: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    start = _port(first, text, what)
    end = _port(last, text, what) if dash else start
    if end < start:
        raise ValueError(f"the {what} ports {text!r} run backwards")
    return start, end


def _port(digits: str, text: str, what: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20) or int(digits) > _HIGHEST:
        raise ValueError(f"the {what} port {text[:40]!r} is not a number up to {_HIGHEST}")
    return int(digits)
