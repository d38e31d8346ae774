"""Services: one inside the cluster under each name, and one for outside where ports are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.names import port_name
from intermodal.platforms.kubernetes.network.pod_labels import ALIAS, MEMBER, is_shared
from intermodal.platforms.kubernetes.network.publishing import MOST_NODE_PORTS, ROUTED
from intermodal.platforms.kubernetes.objects import document, make_object, metadata, selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.network.exposure import Exposure, ServicePort
    from intermodal.platforms.kubernetes.network.publishing import OutsidePort
    from intermodal.platforms.kubernetes.terms import Object

TYPES = {"loadbalancer": "LoadBalancer", "nodeport": "NodePort"}
MIXED_PROTOCOLS = (1, 24)
"""The first release whose load balancers take TCP and UDP together unless switched off (MixedProtocolLBService)."""


def service_documents(context: Context, exposures: Mapping[str, Exposure]) -> tuple[Document, ...]:
    """Every Service of the application, in the order of the file."""
    shared = [alias for alias in context.dns.aliases if is_shared(alias, context)]
    made = [
        item for name in context.application.services if name in exposures for item in _of(name, exposures, context)
    ]
    made += [_shared_alias(alias, exposures, context) for alias in shared if _answering(alias, exposures, context)]
    return tuple(document(item) for item in made)


def _of(name: str, exposures: Mapping[str, Exposure], context: Context) -> Iterator[Object]:
    exposure = exposures[name]
    if not exposure.owner:
        chosen = selector(context, name)
        yield _inside(exposure.service, chosen, exposure, context, service=name)
        for alias in exposure.aliases:
            if alias not in context.dns.aliases or not is_shared(alias, context):
                yield _inside(alias, chosen, exposure, context, service=name)
    if exposure.outside and exposure.outside.kind not in ROUTED:
        yield from _outside(name, exposure, context)


def _inside(name: str, chosen: Mapping[str, str], exposure: Exposure, context: Context, *, service: str) -> Object:
    spec: Object = {"clusterIP": "None"} if exposure.headless else {}
    if exposure.early:
        spec["publishNotReadyAddresses"] = True
    spec["selector"] = dict(chosen)
    ports = [_port(port) for port in exposure.ports]
    if ports:
        spec["ports"] = ports
    spec |= _families(exposure) | _affinity(exposure)
    return make_object(context, "Service", metadata(context, name, service=service), spec=spec)


def _outside(name: str, exposure: Exposure, context: Context) -> Iterator[Object]:
    """The Service for outside; two for older clusters where protocols are mixed."""
    assert exposure.outside  # noqa: S101 - the caller asked
    ports = exposure.outside.ports
    protocols = sorted({port.protocol for port in ports}, key=("tcp", "udp", "sctp").index)
    if exposure.outside.kind != "loadbalancer" or context.target.at_least(*MIXED_PROTOCOLS):
        yield _published(name, "published", ports, exposure, context)
        return
    for protocol in protocols:
        suffix = "published" if protocol == protocols[0] else f"published-{protocol}"
        yield _published(name, suffix, [port for port in ports if port.protocol == protocol], exposure, context)


def _published(name: str, suffix: str, ports: Iterable[OutsidePort], exposure: Exposure, context: Context) -> Object:
    assert exposure.outside  # noqa: S101 - the caller asked
    kind = exposure.outside.kind
    taken: set[str] = set()
    listed = [_outside_port(port, taken) for port in ports]
    spec: Object = {"type": TYPES[kind]}
    if kind == "loadbalancer" and len(listed) > MOST_NODE_PORTS:
        spec["allocateLoadBalancerNodePorts"] = False
    if exposure.wish.traffic_policy:
        spec["externalTrafficPolicy"] = exposure.wish.traffic_policy
    spec |= {"selector": selector(context, name), "ports": listed} | _families(exposure) | _affinity(exposure)
    called = context.names.object("Service", context.names.service(name), suffix)
    about = metadata(context, called, service=name, annotations=exposure.wish.annotations)
    return make_object(context, "Service", about, spec=spec)


def _shared_alias(alias: str, exposures: Mapping[str, Exposure], context: Context) -> Object:
    """A name that several services answer to: headless, as their ports may differ."""
    first = exposures[_answering(alias, exposures, context)[0]]
    alike = all(
        exposures[name].ports == first.ports and not exposures[name].headless
        for name in _answering(alias, exposures, context)
    )
    spec: Object = {} if alike else {"clusterIP": "None"}
    spec["selector"] = {ALIAS + alias: MEMBER}
    if alike:
        spec["ports"] = [_port(port) for port in first.ports]
    return make_object(context, "Service", metadata(context, alias), spec=spec)


def _answering(alias: str, exposures: Mapping[str, Exposure], context: Context) -> list[str]:
    return [name for name in context.dns.aliases[alias] if name in exposures]


def _port(port: ServicePort) -> Object:
    made: Object = {"name": port.name, "port": port.number}
    if port.target != port.number:
        made["targetPort"] = port.target
    return made | _protocol(port.protocol, port.app_protocol)


def _outside_port(port: OutsidePort, taken: set[str]) -> Object:
    made: Object = {"name": port_name(port.name, port.number, port.protocol, taken), "port": port.number}
    if port.target != port.number:
        made["targetPort"] = port.target
    if port.node_port is not None:
        made["nodePort"] = port.node_port
    return made | _protocol(port.protocol, port.app_protocol)


def _protocol(protocol: str, app_protocol: str) -> Object:
    made: Object = {} if protocol == "tcp" else {"protocol": protocol.upper()}
    if app_protocol:
        made["appProtocol"] = app_protocol
    return made


def _families(exposure: Exposure) -> Object:
    return {"ipFamilyPolicy": "PreferDualStack"} if exposure.dual_stack else {}


def _affinity(exposure: Exposure) -> Object:
    wished = exposure.wish.session_affinity
    return {"sessionAffinity": wished} if wished and not exposure.headless else {}
