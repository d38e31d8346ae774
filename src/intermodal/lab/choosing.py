"""From what somebody asked for to a layout: what is wrong with the wishes, which network is free. Pure."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Findings
from intermodal.kit.records import replace
from intermodal.lab.layout import SIZES, LabNode, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.lab.layout import Wanted

_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?")
_FIRST_NODE = 10
_MOST_NODES = 50
_SUBNETS = tuple(IPv4Network(f"10.77.{number}.0/24") for number in range(256))


def checked(wanted: Wanted) -> Wanted:
    """The wishes with the number of nodes filled in. Raises `Rejected` with all that is wrong with them."""
    findings = Findings()
    nodes = wanted.nodes or SIZES[wanted.platform]
    if not _NAME.fullmatch(wanted.name):
        message = f"{wanted.name!r} cannot be a lab's name"
        findings.error("lab-name-invalid", message, help="1 to 30 of a-z, 0-9 and -, beginning with a letter")
    if not 1 <= nodes <= _MOST_NODES:
        findings.error("lab-size", f"a lab cannot have {nodes} nodes", help=f"1 to {_MOST_NODES} work")
    elif not 1 <= wanted.managers <= nodes:
        message = f"{wanted.managers} of {nodes} nodes cannot be managers"
        findings.error("lab-size", message, help="at least one node, at most all; 1, 3 or 5 are usual")
    if wanted.subnet and not _suitable(wanted.subnet, nodes):
        advice = f"an IPv4 network with room for {nodes + _FIRST_NODE} addresses, such as 10.99.0.0/24"
        findings.error("lab-subnet-unsuitable", f"{wanted.subnet!r} cannot be a lab's network", help=advice)
    findings.stop_if_errors()
    return replace(wanted, nodes=nodes)


def laid_out(wanted: Wanted, taken: Iterable[IPv4Network], token: str, *, registry: bool = True) -> Layout:
    """The lab that checked wishes lead to. Raises `Rejected` when its network is in use, or none is free."""
    subnet = _chosen(wanted.subnet, tuple(taken))
    return Layout(
        name=wanted.name,
        platform=wanted.platform,
        subnet=str(subnet),
        nodes=tuple(_node(wanted, number, subnet) for number in range(1, wanted.nodes + 1)),
        engine=wanted.engine,
        token=token,
        registry=registry,
    )


def _node(wanted: Wanted, number: int, subnet: IPv4Network) -> LabNode:
    role = "manager" if number <= wanted.managers else "worker"
    return LabNode(
        number=number,
        name=f"{wanted.name}-{number}",
        role=role if wanted.platform == "swarm" else "engine",
        address=str(subnet[_FIRST_NODE + number]),
    )


def _chosen(asked: str, taken: tuple[IPv4Network, ...]) -> IPv4Network:
    choices = (IPv4Network(asked),) if asked else _SUBNETS
    free = next((subnet for subnet in choices if not any(map(subnet.overlaps, taken))), None)
    if free is None:
        findings = Findings()
        what = f"the network {asked}" if asked else "every network 10.77.0.0/24 to 10.77.255.0/24"
        advice = "`ip route` shows which are; choose another with --subnet"
        findings.error("lab-subnet-taken", f"{what} is in use on this machine", help=advice)
        findings.stop_if_errors()
        raise AssertionError  # pragma: no cover - the line above raises
    return free


def _suitable(subnet: str, nodes: int) -> bool:
    try:
        return IPv4Network(subnet).num_addresses > nodes + _FIRST_NODE + 1
    except ValueError:
        return False
