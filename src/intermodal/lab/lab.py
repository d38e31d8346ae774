"""A lab that stands: its nodes by name, their engines, and its registry.

Belongs here: finding things in a lab. Does not: making and removing one (`lifecycle.py`), breaking it (`faults.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.engine import Engine
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.spelling import did_you_mean
from intermodal.lab import node
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.address import Address
    from intermodal.kit.clock import Clock
    from intermodal.lab.layout import LabNode, Layout
    from intermodal.lab.state import Labs


class Lab:
    """A lab of this machine. `seconds` is how long it took to make."""

    def __init__(self, labs: Labs, layout: Layout, clock: Clock, seconds: float = 0.0) -> None:
        self.labs = labs
        self.layout = layout
        self.clock = clock
        self.seconds = seconds

    @property
    def name(self) -> str:
        """The lab's name."""
        return self.layout.name

    @property
    def nodes(self) -> tuple[LabNode, ...]:
        """Every node, the first manager first."""
        return self.layout.nodes

    @property
    def registry(self) -> str:
        """What images in the lab's registry begin with, `10.77.0.2:5000`; "" without one."""
        return self.layout.registry_address

    def node(self, name: str) -> LabNode:
        """The node of that name or number. Raises `NotDone`."""
        found = self.layout.node(name)
        if found is None:
            names = [one.name for one in self.nodes]
            advice = did_you_mean(name, names, f"its nodes are {', '.join(names)}")
            message = f"the lab {self.name} has no node {name!r}"
            raise NotDone(
                [Diagnostic(code="lab-node-unknown", severity=Severity.ERROR, message=message, help=advice)], 2
            )
        return found

    def address(self, name: str = "") -> Address:
        """Where the engine of a node listens, the first manager's unless named. Raises `NotDone`."""
        return node.address(self.labs, self.layout, self.node(name) if name else self.nodes[0])

    def engine(self, name: str = "", timeout: float = 60.0) -> Engine:
        """The engine of a node, the first manager's unless named. Raises `NotDone`."""
        return Engine(self.address(name), timeout)

    def engines(self) -> Mapping[str, Engine]:
        """Every engine by the name of its node."""
        return {one.name: self.engine(one.name) for one in self.nodes}
