"""How a Pod finds names: resolver settings, entries of /etc/hosts, kernel settings of its network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

MOST_SERVERS = 2
"""A Pod may have three name servers; the first is the cluster's."""
MOST_SEARCHES = 29
"""Of 32 that a Pod may have, three are the cluster's own."""
SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced": 20,
    "net.ipv4.ip_local_port_range": 20,
    "net.ipv4.tcp_syncookies": 20,
    "net.ipv4.ping_group_range": 20,
    "net.ipv4.ip_unprivileged_port_start": 22,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
"""Kernel settings that every kubelet lets a Pod change, and the first release that does."""

_SERVERS = Missing(
    code="too-many-name-servers",
    why="a Pod has at most three name servers, and the first is the cluster's",
    advice="keep the two that matter",
)
_SEARCHES = Missing(
    code="too-many-search-domains", why="a Pod has at most 32 search domains, three of them the cluster's"
)
_GATEWAY = Missing(
    code="host-gateway-unknown",
    why="the address of the node is not known before the Pod runs, and /etc/hosts is written before",
    advice="use the node's name, an ExternalName Service, or `status.hostIP` as a variable",
)
_UNSAFE = Missing(
    code="sysctl-not-allowed",
    why="nodes refuse Pods that set it unless their kubelet allows it by name",
    advice="allow it with the kubelet's --allowed-unsafe-sysctls and translate with `--set unsafe-sysctls=yes`",
)
_ALLOWED = Approximate(
    code="sysctl-must-be-allowed",
    why="nodes refuse the Pod unless their kubelet allows the setting by name",
    advice="start the kubelets with --allowed-unsafe-sysctls",
    consequence=Consequence.BEHAVIOUR,
    how="securityContext.sysctls",
)
_NODE_WIDE = Missing(
    code="sysctl-of-the-node",
    why="it belongs to the whole node; no Pod can set it",
    advice="set it on the nodes",
    consequence=Consequence.START,
)


def resolver(leader: Service, context: Context) -> Object:
    """The Pod's dnsConfig; the cluster's own servers stay first, else no service would find another."""
    made: Object = {}
    if leader.dns:
        made["nameservers"] = list(leader.dns[:MOST_SERVERS])
    if leader.dns_search:
        searches = [domain for domain in leader.dns_search if domain != "."]
        made["searches"] = searches[:MOST_SEARCHES]
    if leader.dns_opt:
        made["options"] = [_option(option) for option in leader.dns_opt]
    for index in range(MOST_SERVERS, len(leader.dns)):
        context.notes(("services", leader.name, "dns", index), _SERVERS)
    for index in range(MOST_SEARCHES, len(leader.dns_search)):
        context.notes(("services", leader.name, "dns_search", index), _SEARCHES)
    return {"dnsConfig": made} if made else {}


def host_aliases(members: Sequence[Service], context: Context) -> Object:
    """Entries of /etc/hosts, one per address."""
    names: dict[str, list[str]] = {}
    for service in members:
        for name, addresses in service.extra_hosts.items():
            for address in addresses:
                if address == "host-gateway":
                    context.notes(("services", service.name, "extra_hosts", name), _GATEWAY)
                elif name not in names.setdefault(address.strip("[]"), []):
                    names[address.strip("[]")].append(name)
    return {"hostAliases": [{"ip": ip, "hostnames": found} for ip, found in names.items()]} if names else {}


def kernel_settings(members: Sequence[Service], context: Context) -> list[Object]:
    """The Pod's sysctls."""
    made = {
        name: value
        for service in members
        for name, value in service.sysctls.items()
        if _settable(service, name, context)
    }
    return [{"name": name, "value": value} for name, value in made.items()]


def _settable(service: Service, name: str, context: Context) -> bool:
    path = ("services", service.name, "sysctls", name)
    if SAFE_SYSCTLS.get(name, 1000) <= context.target.minor:
        return True
    if not name.startswith(("net.", "kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue.")):
        context.notes(path, _NODE_WIDE)
        return False
    allowed = context.settings.options.get("unsafe-sysctls", "no") == "yes"
    context.notes(path, _ALLOWED if allowed else _UNSAFE)
    return allowed


def _option(written: str) -> Object:
    name, colon, value = written.partition(":")
    return {"name": name, "value": value} if colon else {"name": name}
