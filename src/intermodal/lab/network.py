"""The links of a lab: which networks and names are taken on this machine, and commands carried out.

Belongs here: what the machine says of its network. Does not: processes (`processes.py`), single faults (`faults.py`).
"""

from __future__ import annotations

import json
from contextlib import suppress
from ipaddress import IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intermodal.kit.process import CommandFailed, output, run
from intermodal.lab import commands, processes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.lab.commands import Argv
    from intermodal.lab.layout import Layout

NAMESPACES = Path("/run/netns")

_WIDEST_ROUTE = 12
"""Routes to half the world (a VPN's 10.0.0.0/8) do not make every network in them taken: ours are more specific."""
_MOST_RULES = 64


def taken() -> list[IPv4Network]:
    """The networks this machine has addresses in or routes to."""
    own = [f"{one['local']}/{one['prefixlen']}" for link in _said("address") for one in link.get("addr_info", ())]
    routes = [route["dst"] for route in _said("route", "show", "table", "all")]
    found = [IPv4Network(network, strict=False) for network in (*own, *routes) if network != "default"]
    return [network for network in found if network.prefixlen >= _WIDEST_ROUTE]


def foreign(layout: Layout) -> list[str]:
    """Links and namespaces that have the names ours are to have."""
    links = {link["ifname"] for link in _said("link")} & {layout.bridge, *map(layout.link, layout.parts)}
    spaces = {layout.namespace(part) for part in layout.parts if (NAMESPACES / layout.namespace(part)).exists()}
    return sorted(links | spaces)


def up(layout: Layout) -> None:
    """Make the bridge. Raises `CommandFailed`."""
    carry_out(layout, commands.bridge(layout))


def plug(layout: Layout, part: str, address: str) -> None:
    """Make the namespace and the link of a part. Raises `CommandFailed`."""
    carry_out(layout, commands.plugged(layout, part, address))


def unplug(layout: Layout, part: str) -> None:
    """Remove the namespace and the link of a part, as far as they are there."""
    attempt(layout, commands.unplugged(layout, part))
    # Killed between making the file and mounting the namespace on it, `ip netns add` leaves a file nobody deletes.
    with suppress(OSError):
        (NAMESPACES / layout.namespace(part)).unlink(missing_ok=True)


def down(layout: Layout) -> None:
    """Remove the links of every part, the bridge and its rules, as far as they are there."""
    for part in layout.parts:
        unplug(layout, part)
    attempt(layout, commands.no_bridge(layout))
    for _ in range(_MOST_RULES):
        if _run(layout, commands.no_rule(layout), check=False):
            return


def links(layout: Layout) -> dict[str, bool]:
    """The links of the lab that are there, and whether each is up."""
    ours = {layout.bridge, *map(layout.link, layout.parts)}
    return {link["ifname"]: "UP" in link["flags"] for link in _said("link") if link["ifname"] in ours}


def rate(layout: Layout, part: str) -> str:
    """What the link of a node is slowed to, in tc's words; "" when it is not."""
    try:
        words = output(commands.queue(layout, part)).split()
    except CommandFailed:
        return ""
    return words[words.index("rate") + 1] if "tbf" in words else ""


def carry_out(layout: Layout, wanted: Iterable[Argv]) -> None:
    """Run commands in order. Raises `CommandFailed`."""
    for argv in wanted:
        _run(layout, argv)


def attempt(layout: Layout, wanted: Iterable[Argv]) -> None:
    """Run commands in order, each of which may find nothing to do."""
    for argv in wanted:
        _run(layout, argv, check=False)


def _run(layout: Layout, argv: Argv, *, check: bool = True) -> int:
    # Marked as the lab's, a command that outlives us is found by whoever removes the lab.
    return run(argv, environment=processes.mark(layout.token, "command"), check=check).returncode


def _said(*words: str) -> Iterator[dict[str, Any]]:
    text = output(("ip", "-4", "-json", *words) if words[0] != "link" else ("ip", "-json", *words))
    return iter(json.loads(text or "[]"))
