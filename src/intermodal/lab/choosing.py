"""From what somebody asked for to a layout: what is wrong with the wishes, which network is free. Pure."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Findings
from intermodal.kit.records import replace
from intermodal.lab.layout import DEFAULT_ENGINE, DEFAULT_PLATFORM, SIZES, LabNode, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.lab.layout import Wanted

_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?")
_FIRST_NODE = 10
_MOST_NODES = 50
_SUBNETS = tuple(IPv4Network(f"10.77.{number}.0/24") for number in range(256))


def completed(wanted: Wanted) -> Wanted:
    """The wishes with everything said but the network. Raises `Rejected` with all that is wrong with them."""
    platform = wanted.platform or DEFAULT_PLATFORM
    whole = replace(
        wanted,
        platform=platform,
        nodes=wanted.nodes or SIZES[platform],
        managers=wanted.managers or 1,
        engine=wanted.engine or DEFAULT_ENGINE,
    )
    findings = Findings()
    _check_name(whole.name, findings)
    _check_size(whole, findings)
    if whole.subnet and not _suitable(whole.subnet, whole.nodes):
        advice = "an IPv4 network with room for every node, such as 10.99.0.0/24"
        findings.error("lab-subnet-unsuitable", f"{whole.subnet!r} cannot be a lab's network", help=advice)
    findings.stop_if_errors()
    return whole


def _check_name(name: str, findings: Findings) -> None:
    if not _NAME.fullmatch(name):
        advice = "1 to 30 of a-z, 0-9 and -, beginning with a letter, not ending with -"
        findings.error("lab-name-invalid", f"{name!r} cannot be a lab's name", help=advice)


def _check_size(whole: Wanted, findings: Findings) -> None:
    if not 1 <= whole.nodes <= _MOST_NODES:
        findings.error("lab-size", f"a lab cannot have {whole.nodes} nodes", help=f"1 to {_MOST_NODES} work")
    elif not 1 <= whole.managers <= whole.nodes:
        message = f"{whole.managers} of {whole.nodes} nodes cannot be managers"
        findings.error("lab-size", message, help="at least one node, at most all; 1, 3 or 5 are usual")


def differences(wanted: Wanted, layout: Layout) -> list[str]:
    """What was asked for in words and is otherwise in a lab that stands."""
    there = {
        "platform": layout.platform,
        "nodes": len(layout.nodes),
        "managers": sum(node.role == "manager" for node in layout.nodes),
        "engine": layout.engine,
        "subnet": layout.subnet,
    }
    asked = {name: getattr(wanted, name) for name in there}
    return [f"{name}: {value}, not {asked[name]}" for name, value in there.items() if asked[name] not in ("", 0, value)]


def laid_out(wanted: Wanted, taken: Iterable[IPv4Network], token: str, *, registry: bool = True) -> Layout:
    """The lab that completed wishes lead to. Raises `Rejected` when its network is in use, or none is free."""
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
