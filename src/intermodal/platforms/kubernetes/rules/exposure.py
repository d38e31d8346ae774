"""Services and Ingresses: they select something, their ports are ports, their backends are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.rules.identity import is_subdomain
from intermodal.platforms.kubernetes.rules.ports import is_port, is_port_name
from intermodal.platforms.kubernetes.rules.references import ingress_backends
from intermodal.platforms.kubernetes.rules.scene import Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.platforms.kubernetes.rules.scene import Content, Rule, Scene

SERVICE_TYPES = frozenset(("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"))
NODE_PORTS = range(30000, 32768)
PATH_TYPES = frozenset(("Exact", "Prefix", "ImplementationSpecific"))


def selected(scene: Scene) -> Iterator[Violation]:
    """A Service selects Pods of ours."""
    for content in scene.of("Service"):
        wanted = content["spec"].get("selector")
        if wanted and not any(wanted.items() <= pod.labels.items() for pod in scene.pods):
            yield Violation(rule="service-selects-nothing", where=title(content), message="no Pod has its labels")


def service_ports(scene: Scene) -> Iterator[Violation]:
    """Ports of a Service are in range, named where there are several, and each is there once."""
    taken: set[int] = set()
    for content in scene.of("Service"):
        for problem in _service(content, taken):
            yield Violation(rule="service-port", where=title(content), message=problem)


def _service(content: Content, taken: set[int]) -> Iterator[str]:
    spec = content["spec"]
    kind = spec.get("type", "ClusterIP")
    if kind not in SERVICE_TYPES:
        yield f"type {kind}"
    found = spec.get("ports") or ()
    if not found and kind != "ExternalName" and spec.get("clusterIP") != "None":
        yield "it has no port"
    names = [port.get("name") for port in found]
    if len(found) > 1 and len(set(names) - {None}) != len(names):
        yield "its ports have no names of their own"
    numbers = [(port.get("port"), port.get("protocol", "TCP")) for port in found]
    if len(set(numbers)) != len(numbers):
        yield "a port is there twice"
    for port in found:
        yield from _port(port, taken)


def _port(port: Content, taken: set[int]) -> Iterator[str]:
    target = port.get("targetPort", port.get("port"))
    if not is_port(port.get("port")) or not (is_port(target) or (isinstance(target, str) and is_port_name(target))):
        yield f"{port.get('port')!r} to {target!r} are no ports"
    if port.get("name") is not None and not (is_subdomain(port["name"]) and len(port["name"]) <= 63):
        yield f"the name {port['name']!r} is no DNS label"
    node = port.get("nodePort")
    if node is not None:
        if node not in NODE_PORTS or node in taken:
            yield f"nodePort {node!r} is taken or not in 30000-32767"
        taken.add(node)


def ingresses(scene: Scene) -> Iterator[Violation]:
    """Hosts and paths of an Ingress are well formed, and its backends have the port it names."""
    for content in scene.of("Ingress"):
        for problem in _ingress(content, scene):
            yield Violation(rule="ingress", where=title(content), message=problem)


def _ingress(content: Content, scene: Scene) -> Iterator[str]:
    for rule in content["spec"].get("rules") or ():
        host = rule.get("host", "x").removeprefix("*.")
        if not is_subdomain(host):
            yield f"the host {rule['host']!r} is no DNS name"
        for path in (rule.get("http") or {}).get("paths") or ():
            if path.get("pathType") not in PATH_TYPES or not str(path.get("path", "/")).startswith("/"):
                yield f"the path {path.get('path')!r} with pathType {path.get('pathType')!r}"
    for backend in ingress_backends(content):
        service = scene.by_kind.get("Service", {}).get(backend["name"])
        wanted = backend.get("port") or {}
        if service is not None and not any(_is(port, wanted) for port in service["spec"].get("ports") or ()):
            yield f"Service/{backend['name']} has no port {wanted}"


def _is(port: Content, wanted: Content) -> bool:
    return ("number" in wanted and wanted["number"] == port.get("port")) or (
        "name" in wanted and wanted["name"] == port.get("name")
    )


RULES: tuple[Rule, ...] = (selected, service_ports, ingresses)
