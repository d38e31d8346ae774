"""Which commands make, change and remove the parts of a lab: argument lists. Pure; nothing is run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.lab.layout import HUB

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from intermodal.lab.layout import Layout

Argv = tuple[str, ...]

INSIDE = "eth0"
"""What the link of a part is called inside its namespace."""

PACKAGES = {
    "ip": "iproute2",
    "tc": "iproute2",
    "iptables": "iptables",
    "setsid": "util-linux",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mount": "mount",
    "docker-registry": "docker-registry",
    "dockerd": "docker.io",
}
"""The Debian package of each program a lab needs."""

BOOT = """\
set -e
echo "$1" >/proc/sys/kernel/hostname
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$2/etc,workdir=$2/work" /etc
mount --rbind /sys/fs/cgroup "$2/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$2/cgroup" /sys/fs/cgroup
mount -t tmpfs tmpfs /run
"$3" --config-file "$2/daemon.json" &
wait $!
"""
"""What the first process of a node does in its namespaces. It stays, and takes in the orphans of containers.

/sys is mounted anew to show the node's own links; /run is empty, so that the engine finds no other's containerd.
"""


def bridge(layout: Layout) -> tuple[Argv, ...]:
    """Make the bridge, and let what goes over it pass the machine's firewall."""
    width = layout.network.prefixlen
    return (
        ("ip", "link", "add", layout.bridge, "type", "bridge"),
        ("ip", "address", "add", f"{layout.gateway}/{width}", "dev", layout.bridge),
        ("ip", "link", "set", layout.bridge, "up"),
        _rule(layout, "-I"),
    )


def plugged(layout: Layout, part: str, address: str) -> tuple[Argv, ...]:
    """Make the namespace of a part and plug it into the bridge. It has no way out, which fails at once."""
    space, link = layout.namespace(part), layout.link(part)
    inside = ("ip", "-netns", space)
    return (
        ("ip", "netns", "add", space),
        ("ip", "link", "add", link, "type", "veth", "peer", "name", INSIDE, "netns", space),
        ("ip", "link", "set", link, "master", layout.bridge, "up"),
        (*inside, "address", "add", f"{address}/{layout.network.prefixlen}", "dev", INSIDE),
        (*inside, "link", "set", INSIDE, "up"),
        (*inside, "link", "set", "lo", "up"),
    )


def unplugged(layout: Layout, part: str) -> tuple[Argv, ...]:
    """Remove the namespace of a part and its link; each may fail where there is none."""
    return (("ip", "link", "delete", layout.link(part)), ("ip", "netns", "delete", layout.namespace(part)))


def no_bridge(layout: Layout) -> tuple[Argv, ...]:
    """Remove the bridge."""
    return (("ip", "link", "delete", layout.bridge),)


def no_rule(layout: Layout) -> Argv:
    """Remove one of our rules of the firewall."""
    return _rule(layout, "-D")


def detached(log: PurePath, argv: Sequence[str]) -> Argv:
    """A process that stays when we end; what it says goes to a file."""
    return ("setsid", "--fork", "sh", "-c", 'exec "$@" >>"$0" 2>&1 </dev/null', str(log), *argv)


def in_hub(layout: Layout, argv: Sequence[str]) -> Argv:
    """A process in the network of the hub."""
    return ("nsenter", f"--net=/run/netns/{layout.namespace(HUB)}", *argv)


def booted(layout: Layout, part: str, name: str, folder: PurePath) -> Argv:
    """The engine of a node in namespaces of its own; when its first process dies, all that it started dies."""
    return (
        "nsenter",
        f"--net=/run/netns/{layout.namespace(part)}",
        "unshare",
        *("--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *("sh", "-c", BOOT, "node", name, str(folder), layout.engine),
    )


def cut(layout: Layout, part: str) -> tuple[Argv, ...]:
    """Pull the cable of a node."""
    return (("ip", "link", "set", layout.link(part), "down"),)


def mended(layout: Layout, part: str) -> tuple[Argv, ...]:
    """Plug the cable of a node in again."""
    return (("ip", "link", "set", layout.link(part), "up"),)


def slowed(layout: Layout, part: str, rate: str) -> tuple[Argv, ...]:
    """Let no more than `rate` (`1mbit`) pass to a node, and from it."""
    bucket = ("root", "tbf", "rate", rate, "burst", "32kb", "latency", "400ms")
    return tuple((*tc, *bucket) for tc in _queues(layout, part, "replace"))


def unslowed(layout: Layout, part: str) -> tuple[Argv, ...]:
    """Let everything pass again; each fails where nothing was slowed."""
    return tuple((*tc, "root") for tc in _queues(layout, part, "delete"))


def queue(layout: Layout, part: str) -> Argv:
    """Ask what slows the link of a node."""
    return ("tc", "qdisc", "show", "dev", layout.link(part))


def _queues(layout: Layout, part: str, action: str) -> tuple[Argv, ...]:
    return (
        ("tc", "qdisc", action, "dev", layout.link(part)),
        ("tc", "-netns", layout.namespace(part), "qdisc", action, "dev", INSIDE),
    )


def _rule(layout: Layout, action: str) -> Argv:
    over = ("-i", layout.bridge, "-o", layout.bridge)
    said = ("-m", "comment", "--comment", layout.comment)
    return ("iptables", "--wait", action, "FORWARD", *over, *said, "-j", "ACCEPT")
