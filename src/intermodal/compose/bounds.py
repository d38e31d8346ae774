"""Bounds on what a few characters may stand for, checked before anything is written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node

MOST_PORTS = 100_000
"""How many ports the ranges of one file may stand for: every port of a host, and half as many again."""


def check_port_ranges(tree: Mapping, findings: Findings) -> None:
    """Refuse ranges (`"1-65535"`) that stand for too many ports in all, at the one that goes too far."""
    services = tree.items.get("services")
    total = 0
    for service in services.items.values() if isinstance(services, Mapping) else ():
        ports = service.items.get("ports") if isinstance(service, Mapping) else None
        for port in ports.items if isinstance(ports, Sequence) else ():
            total += _span(port)
            if total > MOST_PORTS:
                message = f"the port ranges stand for more than {MOST_PORTS} ports"
                findings.error("too-many-ports", message, port.place, help=_HELP)
                return


_HELP = "name the ports that are really used, or give the service the host's network"


def _span(port: Node) -> int:
    text = port.value if isinstance(port, Scalar) else None
    if not isinstance(text, str) or "-" not in text:
        return 0
    first, _, last = text.rpartition(":")[2].partition("/")[0].partition("-")
    plain = first.isascii() and last.isascii() and first.isdecimal() and last.isdecimal() and len(first + last) < 20
    return max(int(last) - int(first), 0) + 1 if plain else 0
