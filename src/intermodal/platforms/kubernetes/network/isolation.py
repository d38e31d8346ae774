"""Compose's networks as NetworkPolicies: who shares a network reaches each other, and nobody else (option `isolate`).

Without the option all pods reach each other, and what that loses is noted. A service without any network gets its
policy in either case. Policies hold only where the cluster's network enforces them, and never for `network_mode: host`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence
from intermodal.platforms.kubernetes.dns_names import networks_of
from intermodal.platforms.kubernetes.names import label_value
from intermodal.platforms.kubernetes.network.network_notes import note_networks
from intermodal.platforms.kubernetes.network.pod_labels import MEMBER, isolates, network_label
from intermodal.platforms.kubernetes.network.ports import is_loopback, on_host, protocol_of
from intermodal.platforms.kubernetes.objects import APPLICATION_LABEL, document, make_object, metadata, selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Service
    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.network.exposure import Exposure
    from intermodal.platforms.kubernetes.terms import Object

DNS_SERVERS = [
    {"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}},
    {"ipBlock": {"cidr": "169.254.20.10/32"}},
]
"""Where pods ask for names: the cluster's DNS, or its cache on the node (NodeLocal DNSCache)."""
DNS_PORTS = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
API_PORTS = [{"port": 443}, {"port": 6443}]
"""Where the cluster's own API answers, which a pod that waits for a Job must ask."""


def isolation_documents(context: Context, exposures: Mapping[str, Exposure]) -> tuple[Document, ...]:
    """The NetworkPolicies asked for; what becomes of networks is noted either way."""
    note_networks(context)
    made = list(_closed(context))
    if isolates(context):
        made += _between(context)
        made += _from_outside(context, exposures)
        made += _to_the_api(context)
    return tuple(document(item) for item in made)


def _closed(context: Context) -> Iterator[Object]:
    """A policy for every service that has no network at all."""
    for name, service in context.application.services.items():
        if service.network_mode == "none" and service.provider is None:
            context.notes(("services", name, "network_mode"), _BY_POLICY)
            spec = {"podSelector": {"matchLabels": selector(context, name)}, "policyTypes": ["Ingress", "Egress"]}
            yield _policy(context, name, "isolated", spec)


def _between(context: Context) -> Iterator[Object]:
    """A policy for every network: its members reach each other; from internal ones nothing else is reached."""
    used = dict.fromkeys(network for service in _pods(context) for network in networks_of(service))
    inner = {name for name in used if _is_internal(name, context)}
    for network in used:
        members = {"podSelector": {"matchLabels": _members(network, context)}}
        external = network in context.application.networks and context.application.networks[network].external
        peer = {"namespaceSelector": {}, **members} if external else members
        spec: Object = {**members, "policyTypes": ["Ingress"], "ingress": [{"from": [peer]}]}
        if network in inner:
            spec |= {"policyTypes": ["Ingress", "Egress"], "egress": [{"to": [peer]}, _dns()]}
        elif inner:
            spec |= {"policyTypes": ["Ingress", "Egress"], "egress": [{}]}
        declared = context.application.networks.get(network)
        about = metadata(
            context,
            context.names.object("NetworkPolicy", f"network-{network}"),
            original=network,
            annotations=dict(declared.labels) if declared else {},
        )
        yield make_object(context, "NetworkPolicy", about, spec=spec)


def _members(network: str, context: Context) -> dict[str, str]:
    """The labels of a network's members; those of an external network may belong to other applications."""
    label = {network_label(network, context): MEMBER}
    declared = context.application.networks.get(network)
    if declared is not None and declared.external:
        return label
    return label | {APPLICATION_LABEL: label_value(context.application.name)}


def _from_outside(context: Context, exposures: Mapping[str, Exposure]) -> Iterator[Object]:
    """A policy for every service with published ports: anybody reaches those."""
    for name, service in context.application.services.items():
        ports = dict.fromkeys(_open_ports(service, exposures.get(name)))
        if ports:
            listed = [
                {"port": number} if protocol == "tcp" else {"port": number, "protocol": protocol.upper()}
                for number, protocol in ports
            ]
            spec = {
                "podSelector": {"matchLabels": selector(context, name)},
                "policyTypes": ["Ingress"],
                "ingress": [{"ports": listed}],
            }
            yield _policy(context, name, "published", spec)


def _open_ports(service: Service, exposure: Exposure | None) -> Iterator[tuple[int, str]]:
    if exposure is None:
        return
    if exposure.outside:
        yield from ((port.target, port.protocol) for port in exposure.outside.ports)
    for port in service.ports:
        bound = protocol_of(port) and on_host(port, asked=exposure.wish.host_ports)
        if bound and not is_loopback(port.host_ip):
            yield port.target, protocol_of(port)


def _to_the_api(context: Context) -> Iterator[Object]:
    """Let services of internal networks that wait for a Job ask the cluster's API about it."""
    for service in _pods(context):
        networks = networks_of(service)
        waits = any(one.condition == "service_completed_successfully" for one in service.depends_on.values())
        if waits and networks and all(_is_internal(network, context) for network in networks):
            spec = {
                "podSelector": {"matchLabels": selector(context, service.name)},
                "policyTypes": ["Egress"],
                "egress": [{"ports": API_PORTS}],
            }
            yield _policy(context, service.name, "api", spec)


def _pods(context: Context) -> Iterator[Service]:
    return (service for service in context.application.services.values() if service.provider is None)


def _is_internal(network: str, context: Context) -> bool:
    declared = context.application.networks.get(network)
    return declared is not None and declared.internal


def _dns() -> Object:
    return {"to": DNS_SERVERS, "ports": DNS_PORTS}


def _policy(context: Context, service: str, role: str, spec: Object) -> Object:
    name = context.names.object("NetworkPolicy", context.names.workload(service), role)
    return make_object(context, "NetworkPolicy", metadata(context, name, service=service), spec=spec)


_BY_POLICY = Approximate(
    code="network-none-by-policy",
    why="a pod always has an address; a NetworkPolicy closes it, where the cluster's network enforces policies",
    advice="make sure that the cluster enforces NetworkPolicies",
    consequence=Consequence.BEHAVIOUR,
    how="NetworkPolicy",
)
