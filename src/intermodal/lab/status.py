"""What a lab is like now: which nodes run, stand still or are off, and what is done to their links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.lab import network, processes

if TYPE_CHECKING:
    from intermodal.lab.layout import LabNode, Layout
    from intermodal.lab.state import Labs


@record
class NodeStatus:
    """A node. `state` is running, paused or stopped; `link` up, cut, slow or none; `rate` what it is slowed to."""

    name: str
    role: str
    address: str
    state: str
    link: str
    rate: str
    host: str


@record
class LabStatus:
    """A lab. `complete` says that it was made to its end; `seconds` how long that took."""

    name: str
    complete: bool
    platform: str = ""
    subnet: str = ""
    registry: str = ""
    seconds: float = 0.0
    nodes: tuple[NodeStatus, ...] = ()


def status(labs: Labs, name: str) -> LabStatus:
    """One lab; half-made when nothing readable is noted of it."""
    journal = labs.journal(name)
    if journal is None:
        return LabStatus(name=name, complete=False)
    layout = journal.layout
    links = network.links(layout)
    return LabStatus(
        name=name,
        complete=journal.complete,
        platform=layout.platform,
        subnet=layout.subnet,
        registry=layout.registry_address,
        seconds=journal.seconds,
        nodes=tuple(_node(labs, layout, node, links) for node in layout.nodes),
    )


def _node(labs: Labs, layout: Layout, node: LabNode, links: dict[str, bool]) -> NodeStatus:
    there = processes.of(layout.token, node.part)
    connected = links.get(layout.link(node.part))
    rate = network.rate(layout, node.part) if connected is not None else ""
    return NodeStatus(
        name=node.name,
        role=node.role,
        address=node.address,
        state=("paused" if processes.frozen(there) else "running") if there else "stopped",
        link="none" if connected is None else "cut" if not connected else "slow" if rate else "up",
        rate=rate,
        host=f"unix://{labs.socket(layout.name, node.part)}",
    )
