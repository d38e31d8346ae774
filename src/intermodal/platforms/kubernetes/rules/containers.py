"""Containers: names, images, ports, environment, probes, hooks, resources, privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.platforms.kubernetes.names import LABEL_LIMIT, is_environment_name
from intermodal.platforms.kubernetes.rules.identity import is_subdomain
from intermodal.platforms.kubernetes.rules.ports import is_port, is_port_name
from intermodal.platforms.kubernetes.rules.quantity import amount
from intermodal.platforms.kubernetes.rules.scene import Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.platforms.kubernetes.rules.scene import Content, Pod, Rule, Scene

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
HOOKS = ("exec", "httpGet", "tcpSocket", "sleep")
PULL_POLICIES = frozenset(("Always", "IfNotPresent", "Never"))
_LONGEST = 7 * 24 * 3600
"""Seconds; a probe that waits longer than a week is a slip in arithmetic."""
_PROBE_NUMBERS = {
    "initialDelaySeconds": 0,
    "periodSeconds": 1,
    "timeoutSeconds": 1,
    "successThreshold": 1,
    "failureThreshold": 1,
    "terminationGracePeriodSeconds": 1,
}
_LARGEST_ID = 2**31 - 1


def identities(scene: Scene) -> Iterator[Violation]:
    """A Pod has containers, each with a name of its own and an image."""
    for pod in scene.pods:
        if not pod.running:
            yield Violation(rule="no-container", where=title(pod.owner), message="the Pod has no container")
        seen: set[str] = set()
        for container in pod.containers:
            name = container.get("name", "")
            if name in seen or "." in name or len(name) > LABEL_LIMIT or not is_subdomain(name):
                yield _said("container-name", pod, container, "the name is no DNS label of its own")
            seen.add(name)
            image = container.get("image", "")
            if not image or image != image.strip() or any(character.isspace() for character in image):
                yield _said("image", pod, container, "it has no image that could be pulled")
            if container.get("imagePullPolicy", "Always") not in PULL_POLICIES:
                yield _said("pull-policy", pod, container, f"imagePullPolicy {container['imagePullPolicy']}")


def words(scene: Scene) -> Iterator[Violation]:
    """Commands are lists of texts, variables have names and values of text."""
    for pod in scene.pods:
        for container in pod.containers:
            for field in ("command", "args"):
                if not all(isinstance(word, str) for word in container.get(field) or ()):
                    yield _said("command", pod, container, f"{field} holds what is not text")
            seen: set[str] = set()
            for variable in container.get("env") or ():
                yield from _variable(pod, container, variable, seen)


def _variable(pod: Pod, container: Content, variable: Content, seen: set[str]) -> Iterator[Violation]:
    name = variable["name"]
    if not is_environment_name(name) or name in seen:
        yield _said("environment", pod, container, f"the variable {name!r} is there twice or may not be called so")
    seen.add(name)
    if not isinstance(variable.get("value", ""), str) or ("value" in variable and "valueFrom" in variable):
        yield _said("environment", pod, container, f"the variable {name!r} has no single text for a value")


def ports(scene: Scene) -> Iterator[Violation]:
    """Ports are in range, and neither numbers on the node nor names are taken twice in a Pod."""
    for pod in scene.pods:
        named: set[str] = set()
        on_node: set[tuple[Any, ...]] = set()
        for container in pod.running:
            numbers: set[tuple[Any, Any]] = set()
            for port in container.get("ports") or ():
                for problem in _port(pod, port, numbers, named, on_node):
                    yield _said("container-port", pod, container, problem)


def _port(
    pod: Pod, port: Content, numbers: set[tuple[Any, Any]], named: set[str], on_node: set[tuple[Any, ...]]
) -> Iterator[str]:
    protocol = port.get("protocol", "TCP")
    number, name, host = port.get("containerPort"), port.get("name"), port.get("hostPort")
    if not is_port(number) or protocol not in {"TCP", "UDP", "SCTP"}:
        yield f"{number!r}/{protocol} is no port"
    if (number, protocol) in numbers and host is None:
        yield f"{number}/{protocol} is there twice"
    numbers.add((number, protocol))
    if name is not None and (name in named or not is_port_name(name)):
        yield f"the name {name!r} is taken or may not be one"
    named.add(name or "")
    if host is not None:
        key = (host, protocol, port.get("hostIP", ""))
        if not is_port(host) or key in on_node or (pod.spec.get("hostNetwork") and host != number):
            yield f"hostPort {host!r} is out of range, taken, or not the container's on the host's network"
        on_node.add(key)


def probes(scene: Scene) -> Iterator[Violation]:
    """Probes and hooks have one handler and sane times, and init containers that end have none."""
    for pod in scene.pods:
        for container in pod.containers:
            ends = container in pod.initial and container.get("restartPolicy") != "Always"
            found = [field for field in (*PROBES, "lifecycle") if container.get(field)]
            if ends and found:
                yield _said("probe", pod, container, f"an init container has {', '.join(found)}")
            for field in PROBES:
                if field in container:
                    for problem in _probe(field, container[field]):
                        yield _said("probe", pod, container, f"{field}: {problem}")
            for moment, hook in (container.get("lifecycle") or {}).items():
                if moment != "stopSignal" and sum(handler in hook for handler in HOOKS) != 1:
                    yield _said("hook", pod, container, f"{moment} has not exactly one handler")


def _probe(field: str, probe: Content) -> Iterator[str]:
    handlers = [handler for handler in HANDLERS if handler in probe]
    if len(handlers) != 1:
        yield "it has not exactly one handler"
    for name, least in _PROBE_NUMBERS.items():
        value = probe.get(name, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _LONGEST:
            yield f"{name} is {value!r}"
    if field != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        yield "successThreshold must be 1"
    for handler in handlers:
        said = probe[handler]
        if handler == "exec" and not said.get("command"):
            yield "it runs no command"
        if handler != "exec" and not is_port(said.get("port")) and not is_port_name(str(said.get("port"))):
            yield f"{said.get('port')!r} is no port"


def resources(scene: Scene) -> Iterator[Violation]:
    """Quantities can be read, and nothing asks for more than its limit."""
    for pod in scene.pods:
        for container in pod.containers:
            limits = (container.get("resources") or {}).get("limits") or {}
            requests = (container.get("resources") or {}).get("requests") or {}
            for problem in _resources(limits, requests):
                yield _said("resources", pod, container, problem)


def _resources(limits: Mapping[str, Any], requests: Mapping[str, Any]) -> Iterator[str]:
    for said in (limits, requests):
        for name, value in said.items():
            read = amount(value)
            if read is None or read < 0:
                yield f"{name}: {value!r} is no quantity"
    for name in limits.keys() & requests.keys():
        limit, request = amount(limits[name]), amount(requests[name])
        if limit is not None and request is not None and request > limit:
            yield f"{name}: {requests[name]} is asked for, and {limits[name]} is the limit"


def privileges(scene: Scene) -> Iterator[Violation]:
    """User and group numbers are in range and do not contradict each other."""
    for pod in scene.pods:
        around = pod.spec.get("securityContext") or {}
        for container in pod.containers:
            context = {**around, **(container.get("securityContext") or {})}
            for field in ("runAsUser", "runAsGroup", "fsGroup"):
                value = context.get(field, 0)
                if not isinstance(value, int) or not 0 <= value <= _LARGEST_ID:
                    yield _said("privileges", pod, container, f"{field} is {value!r}")
            if context.get("runAsNonRoot") and context.get("runAsUser") == 0:
                yield _said("privileges", pod, container, "it runs as root and must not")
            if context.get("privileged") and context.get("allowPrivilegeEscalation") is False:
                yield _said("privileges", pod, container, "it is privileged and may not gain privileges")


def _said(rule: str, pod: Pod, container: Content, message: str) -> Violation:
    return Violation(rule=rule, where=title(pod.owner, "container", str(container.get("name"))), message=message)


RULES: tuple[Rule, ...] = (identities, words, ports, probes, resources, privileges)
