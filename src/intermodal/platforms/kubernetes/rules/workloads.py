"""Controllers: selectors, restart policies, strategies, schedules, and the Pod-wide fields of their templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.rules.identity import is_subdomain
from intermodal.platforms.kubernetes.rules.scene import ENDING, LASTING, Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.platforms.kubernetes.rules.scene import Content, Pod, Rule, Scene

_AT_LEAST = {
    "replicas": 0,
    "minReadySeconds": 0,
    "progressDeadlineSeconds": 1,
    "revisionHistoryLimit": 0,
    "backoffLimit": 0,
    "completions": 0,
    "parallelism": 0,
    "activeDeadlineSeconds": 1,
    "ttlSecondsAfterFinished": 0,
}
_OPERATORS = {"In": True, "NotIn": True, "Gt": True, "Lt": True, "Exists": False, "DoesNotExist": False}
"""Operator of a node selector -> whether it needs values."""


def selectors(scene: Scene) -> Iterator[Violation]:
    """A controller selects its own Pods."""
    for pod in scene.pods:
        if pod.owner["kind"] in LASTING:
            wanted = pod.owner["spec"].get("selector", {}).get("matchLabels") or {}
            if not wanted or not wanted.items() <= pod.labels.items():
                message = "the selector does not match the template's labels"
                yield Violation(rule="selector-mismatch", where=title(pod.owner), message=message)
    seen: dict[tuple[tuple[str, str], ...], str] = {}
    for content in scene.of(*LASTING):
        key = tuple(sorted((content["spec"].get("selector", {}).get("matchLabels") or {}).items()))
        if key in seen:
            message = f"selects the Pods of {seen[key]} too"
            yield Violation(rule="selector-overlap", where=title(content), message=message)
        seen[key] = title(content)


def restart_policies(scene: Scene) -> Iterator[Violation]:
    """Pods of a Job end, those of other controllers do not."""
    for pod in scene.pods:
        policy = pod.spec.get("restartPolicy", "Always")
        allowed = {"Never", "OnFailure"} if pod.owner["kind"] in ENDING else {"Always"}
        if pod.owner["kind"] != "Pod" and policy not in allowed:
            message = f"restartPolicy {policy} is not one for a {pod.owner['kind']}"
            yield Violation(rule="restart-policy", where=title(pod.owner), message=message)


def strategies(scene: Scene) -> Iterator[Violation]:
    """An update can go on: something may be added or taken away."""
    for content in scene.of("Deployment", "DaemonSet"):
        strategy = content["spec"].get("strategy") or content["spec"].get("updateStrategy") or {}
        rolling = strategy.get("rollingUpdate")
        if rolling is not None and strategy.get("type", "RollingUpdate") != "RollingUpdate":
            message = f"rollingUpdate does not go with type {strategy['type']}"
            yield Violation(rule="strategy", where=title(content), message=message)
        usual = 1 if content["kind"] == "Deployment" else 0
        steps = [(rolling or {}).get("maxSurge", usual), (rolling or {}).get("maxUnavailable", 1)]
        if all(step in {0, "0%"} for step in steps):
            message = "maxSurge and maxUnavailable are both 0"
            yield Violation(rule="strategy", where=title(content), message=message)


def numbers(scene: Scene) -> Iterator[Violation]:
    """Counts and times of controllers are in range."""
    for content in scene.of(*LASTING, *ENDING):
        spec = content["spec"]
        for part in (spec, (spec.get("jobTemplate") or {}).get("spec") or {}):
            for field, least in _AT_LEAST.items():
                value = part.get(field)
                if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
                    message = f"{field} is {value!r}, not a whole number of at least {least}"
                    yield Violation(rule="out-of-range", where=title(content), message=message)
    for pod in scene.pods:
        grace = pod.spec.get("terminationGracePeriodSeconds", 0)
        if not isinstance(grace, int) or grace < 0:
            message = f"terminationGracePeriodSeconds is {grace!r}"
            yield Violation(rule="out-of-range", where=title(pod.owner), message=message)


def schedules(scene: Scene) -> Iterator[Violation]:
    """A CronJob's schedule has five fields or is a macro."""
    for content in scene.of("CronJob"):
        schedule = str(content["spec"].get("schedule", ""))
        if not schedule.startswith("@") and len(schedule.split()) != 5:
            yield Violation(rule="schedule", where=title(content), message=f"{schedule!r} is no schedule")


def resolvers(scene: Scene) -> Iterator[Violation]:
    """Host names, aliases and resolver settings are well formed."""
    for pod in scene.pods:
        yield from (Violation(rule="name-resolution", where=title(pod.owner), message=said) for said in _resolver(pod))


def _resolver(pod: Pod) -> Iterator[str]:
    for field in ("hostname", "subdomain"):
        name = pod.spec.get(field)
        if name is not None and ("." in name or len(name) > 63 or not is_subdomain(name)):
            yield f"{field} {name!r} is no DNS label"
    dns = pod.spec.get("dnsConfig") or {}
    if pod.spec.get("dnsPolicy") == "None" and not dns.get("nameservers"):
        yield "dnsPolicy None needs nameservers"
    if len(dns.get("nameservers") or ()) > 3 or len(dns.get("searches") or ()) > 32:
        yield "there are more than 3 nameservers or 32 search domains"
    for address in (*(dns.get("nameservers") or ()), *(alias["ip"] for alias in pod.spec.get("hostAliases") or ())):
        if not is_address(address):
            yield f"{address!r} is no IP address"


def is_address(text: str) -> bool:
    """Whether it is an IPv4 or IPv6 address."""
    from ipaddress import ip_address  # noqa: PLC0415 - few Pods name addresses

    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def placement(scene: Scene) -> Iterator[Violation]:
    """Affinities and spread constraints are well formed."""
    for pod in scene.pods:
        for term in _node_terms(pod.spec):
            operator = term.get("operator")
            if operator not in _OPERATORS or _OPERATORS[operator] != bool(term.get("values")):
                message = f"{operator} with values {term.get('values')!r} selects no node"
                yield Violation(rule="placement", where=title(pod.owner), message=message)
        for spread in pod.spec.get("topologySpreadConstraints") or ():
            unusual = spread.get("whenUnsatisfiable") not in {"DoNotSchedule", "ScheduleAnyway"}
            if spread.get("maxSkew", 0) < 1 or not spread.get("topologyKey") or unusual:
                yield Violation(rule="placement", where=title(pod.owner), message="a spread constraint is incomplete")


def _node_terms(spec: Content) -> Iterator[Content]:
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = (affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}).get("nodeSelectorTerms") or ()
    preferred = [entry["preference"] for entry in affinity.get("preferredDuringSchedulingIgnoredDuringExecution") or ()]
    for term in (*required, *preferred):
        yield from term.get("matchExpressions") or ()


RULES: tuple[Rule, ...] = (selectors, restart_policies, strategies, numbers, schedules, resolvers, placement)
