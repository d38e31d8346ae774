"""What a lab consists of, and what everything it makes is called. Values only; touches nothing.

Belongs here: nodes, roles, names. Every name follows from the lab's own, so that whatever a lab may have
made can be found again by its layout alone. Does not: how it is chosen (`choosing.py`), which commands
make it (`commands.py`), where it is kept (`state.py`).
"""

from __future__ import annotations

from hashlib import sha256
from ipaddress import IPv4Network

from intermodal.kit.records import record

DEFAULT_NAME = "lab"
DEFAULT_ENGINE = "dockerd"
DEFAULT_PLATFORM = "swarm"
SIZES = {"swarm": 3, "compose": 1}
"""The platforms there are labs of, and how many nodes one has unless said."""
HUB = "hub"
"""The part of a lab that is no node: its registry and its name server."""
REGISTRY_PORT = 5000

_LONGEST_KEY = 8


@record
class LabNode:
    """One engine. `role` is manager or worker of a Swarm, or engine; `address` is its own on the lab's bridge."""

    number: int
    name: str
    role: str
    address: str

    @property
    def part(self) -> str:
        """What the node's own things are called by."""
        return str(self.number)


@record
class Wanted:
    """What the user asked for; "" and 0 mean that nothing was said. `engine` is a dockerd, as a name or a path."""

    name: str = DEFAULT_NAME
    platform: str = ""
    nodes: int = 0
    managers: int = 0
    engine: str = ""
    subnet: str = ""


@record
class Layout:
    """A lab as it is to be. `token` is what its processes are known by; nobody else has it."""

    name: str
    platform: str
    subnet: str
    nodes: tuple[LabNode, ...]
    engine: str
    token: str
    registry: bool = True

    @property
    def network(self) -> IPv4Network:
        """The subnet."""
        return IPv4Network(self.subnet)

    @property
    def gateway(self) -> str:
        """The machine's own address on the bridge."""
        return str(self.network[1])

    @property
    def hub(self) -> str:
        """The address of the registry and the name server."""
        return str(self.network[2])

    @property
    def registry_address(self) -> str:
        """What images in the lab's registry begin with; "" without one."""
        return f"{self.hub}:{REGISTRY_PORT}" if self.registry else ""

    @property
    def bridge(self) -> str:
        """The bridge all parts are plugged into."""
        return f"imb-{_key(self.name)}"

    @property
    def comment(self) -> str:
        """What marks our rules of the firewall."""
        return f"intermodal lab {self.name}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The hub and every node."""
        return (HUB, *(node.part for node in self.nodes))

    def namespace(self, part: str) -> str:
        """The network namespace of a part; its containers' cgroup has the same name."""
        return f"im-{self.name}-{part}"

    def link(self, part: str) -> str:
        """The machine's end of the cable of a part; 15 characters at most."""
        return f"im-{_key(self.name)}-{part}"

    def node(self, name: str) -> LabNode | None:
        """The node of that name or number."""
        return next((node for node in self.nodes if name in (node.name, node.part)), None)


def _key(name: str) -> str:
    """A short form of a lab's name: names of links have 15 characters."""
    return name if len(name) <= _LONGEST_KEY else sha256(name.encode()).hexdigest()[:_LONGEST_KEY]
