"""Where a Pod may run: Swarm's constraints and preferences as node affinity, anti-affinity and topology spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.labels import is_key
from intermodal.platforms.kubernetes.names import LABEL_LIMIT, label_value
from intermodal.platforms.kubernetes.objects import selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intermodal.model.application import Service
    from intermodal.model.placement import Placement
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

HOST_NAME = "kubernetes.io/hostname"
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
_KEYS = {
    "node.hostname": HOST_NAME,
    "node.platform.os": "kubernetes.io/os",
    "node.platform.arch": "kubernetes.io/arch",
    "engine.labels.operatingsystem": "kubernetes.io/os",
}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_PREFIXES = ("node.labels.", "engine.labels.")

_MANAGERS = Approximate(
    code="manager-is-control-plane",
    why="a Swarm manager becomes a control-plane node; clusters run by a provider show none, and the Pod would wait",
    advice="label the nodes you mean and constrain by that label instead",
    consequence=Consequence.BEHAVIOUR,
    how="affinity.nodeAffinity",
)
_LABEL = Approximate(
    code="constraint-by-label",
    why="nodes of the cluster do not have the Swarm's labels by themselves",
    advice="give them: `kubectl label node NODE KEY=VALUE`",
    how="affinity.nodeAffinity",
)
_UNREADABLE = Missing(
    code="constraint-unknown",
    why="no node of Kubernetes can be told by it, so the service may run on any node",
    advice="constrain by node.hostname, node.role, node.platform.os, node.platform.arch or node.labels.*",
)
_SPREAD = Missing(
    code="spread-unknown",
    why="Pods spread over the values of a node label only",
    advice="write `spread: node.labels.KEY`",
)
_PER_NODE = Approximate(
    code="replicas-per-node-by-skew",
    why="Kubernetes limits how unequal nodes may be, not how many Pods each has; with enough nodes it is the same",
    consequence=Consequence.BEHAVIOUR,
    how="topologySpreadConstraints",
)


def placement(members: Sequence[Service], nodes: Sequence[str], context: Context) -> Object:
    """affinity, tolerations and topologySpreadConstraints; `nodes` are those where the Pod's data is."""
    expressions: list[Object] = [{"key": HOST_NAME, "operator": "In", "values": list(nodes)}] if nodes else []
    spreads: list[Object] = []
    alone = False
    for service in members:
        asked = service.deploy.placement if service.deploy else None
        if asked is not None:
            expressions.extend(_expressions(service, asked, context))
            spreads.extend(_spreads(service, asked, context))
            alone |= asked.max_replicas_per_node == 1
    made = _affinity(expressions, members[0].name if alone else "", context)
    if any(expression["key"] == CONTROL_PLANE and expression["operator"] == "Exists" for expression in expressions):
        made["tolerations"] = [{"key": CONTROL_PLANE, "operator": "Exists", "effect": "NoSchedule"}]
    return {**made, "topologySpreadConstraints": spreads} if spreads else made


def _affinity(expressions: list[Object], alone: str, context: Context) -> Object:
    made: Object = {}
    if expressions:
        terms = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
        made["nodeAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": terms}
    if alone:
        term = {"labelSelector": {"matchLabels": selector(context, alone)}, "topologyKey": HOST_NAME}
        made["podAntiAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": [term]}
    return {"affinity": made} if made else {}


def _expressions(service: Service, asked: Placement, context: Context) -> Iterator[Object]:
    for index, written in enumerate(asked.constraints):
        expression, outcome = _expression(written)
        if expression:
            yield expression
        if outcome is not None:
            context.notes(("services", service.name, "deploy", "placement", "constraints", index), outcome)


def _expression(written: str) -> tuple[Object, Outcome | None]:
    """One constraint, `key == value` or `key != value`, and what is to be said about it."""
    equal = "!=" not in written
    key, _, value = (part.strip() for part in written.partition("==" if equal else "!="))
    if key == "node.role" and value in {"manager", "worker"}:
        exists = (value == "manager") == equal
        return {"key": CONTROL_PLANE, "operator": "Exists" if exists else "DoesNotExist"}, _MANAGERS
    label = _label(key)
    value = _ARCHITECTURES.get(value, value) if label == "kubernetes.io/arch" else value
    if not label or not value or label_value(value) != value or len(value) > LABEL_LIMIT:
        return {}, _UNREADABLE
    expression = {"key": label, "operator": "In" if equal else "NotIn", "values": [value]}
    return expression, _LABEL if key.startswith(_PREFIXES) and key not in _KEYS else None


def _label(key: str) -> str:
    if key in _KEYS:
        return _KEYS[key]
    name = next((key.removeprefix(prefix) for prefix in _PREFIXES if key.startswith(prefix)), "")
    return name if is_key(name) else ""


def _spreads(service: Service, asked: Placement, context: Context) -> Iterator[Object]:
    for index, preference in enumerate(asked.preferences):
        label = HOST_NAME if preference.spread == "node.id" else _label(preference.spread)
        if label:
            yield _constraint(service, label, 1, "ScheduleAnyway", context)
        else:
            context.notes(("services", service.name, "deploy", "placement", "preferences", index), _SPREAD)
    most = asked.max_replicas_per_node
    if most and most > 1:
        context.notes(("services", service.name, "deploy", "placement", "max_replicas_per_node"), _PER_NODE)
        yield _constraint(service, HOST_NAME, most, "DoNotSchedule", context)


def _constraint(service: Service, label: str, skew: int, otherwise: str, context: Context) -> Object:
    return {
        "maxSkew": skew,
        "topologyKey": label,
        "whenUnsatisfiable": otherwise,
        "labelSelector": {"matchLabels": selector(context, service.name)},
    }
