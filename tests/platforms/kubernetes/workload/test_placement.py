from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.placement import Deploy, Placement, Preference
from intermodal.model.support import Missing
from tests.platforms.kubernetes.workloads import Made, one


def placed(*constraints: str, **fields: Any) -> Made:
    return one(deploy=Deploy(placement=Placement(constraints=constraints, **fields)))


def expressions(made: Made) -> Any:
    affinity = made.pod()["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    return affinity["nodeSelectorTerms"][0]["matchExpressions"]


@pytest.mark.parametrize(
    ("text", "key", "operator", "values"),
    [
        ("node.hostname == a", "kubernetes.io/hostname", "In", ["a"]),
        ("node.hostname!=a", "kubernetes.io/hostname", "NotIn", ["a"]),
        ("node.platform.os==linux", "kubernetes.io/os", "In", ["linux"]),
        ("node.platform.arch == x86_64", "kubernetes.io/arch", "In", ["amd64"]),
        ("engine.labels.operatingsystem == linux", "kubernetes.io/os", "In", ["linux"]),
        ("node.labels.zone==  b ", "zone", "In", ["b"]),
        ("node.labels.example.org/zone!=b", "example.org/zone", "NotIn", ["b"]),
        ("engine.labels.disk == ssd", "disk", "In", ["ssd"]),
    ],
)
def test_constraints_with_spaces_and_without(text: str, key: str, operator: str, values: list[str]) -> None:
    assert expressions(placed(text)) == [{"key": key, "operator": operator, "values": values}]


@pytest.mark.parametrize(
    ("text", "operator", "tolerated"),
    [
        ("node.role == manager", "Exists", True),
        ("node.role != worker", "Exists", True),
        ("node.role == worker", "DoesNotExist", False),
        ("node.role!=manager", "DoesNotExist", False),
    ],
)
def test_managers_are_the_control_plane(text: str, operator: str, *, tolerated: bool) -> None:
    made = placed(text)
    assert expressions(made) == [{"key": "node-role.kubernetes.io/control-plane", "operator": operator}]
    assert ("tolerations" in made.pod()) == tolerated
    assert made.code("deploy", "placement", "constraints", 0) == "manager-is-control-plane"


@pytest.mark.parametrize("text", ["node.id == x", "node.labels.a b==c", "node.labels.a == b c", "nonsense", "", "==a"])
def test_what_no_node_can_be_told_by(text: str) -> None:
    made = placed(text)
    assert "affinity" not in made.pod()
    assert made.code("deploy", "placement", "constraints", 0) == "constraint-unknown"


def test_all_constraints_must_hold() -> None:
    assert len(expressions(placed("node.hostname != a", "node.hostname != b", "node.labels.c == d"))) == 3


def test_labels_must_be_given_to_nodes() -> None:
    assert placed("node.labels.zone == b").code("deploy", "placement", "constraints", 0) == "constraint-by-label"


def test_preferences_spread() -> None:
    made = placed(preferences=(Preference(spread="node.labels.zone"), Preference(spread="what")))
    (spread,) = made.pod()["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("zone", "ScheduleAnyway")
    labels = made.marks()["labels"]
    assert spread["labelSelector"]["matchLabels"].items() <= labels.items()
    assert isinstance(made.note("deploy", "placement", "preferences", 1), Missing)


def test_one_per_node_is_exact_and_more_is_not() -> None:
    alone = placed(max_replicas_per_node=1)
    (term,) = alone.pod()["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    assert term["labelSelector"]["matchLabels"].items() <= alone.marks()["labels"].items()
    two = placed(max_replicas_per_node=2)
    (spread,) = two.pod()["topologySpreadConstraints"]
    assert (spread["maxSkew"], spread["whenUnsatisfiable"]) == (2, "DoNotSchedule")
    assert two.code("deploy", "placement", "max_replicas_per_node") == "replicas-per-node-by-skew"
