from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.model.placement import Deploy
from intermodal.model.support import Exact, Missing
from intermodal.platforms.kubernetes.labels import is_key
from tests.platforms.kubernetes.workloads import one


@pytest.mark.parametrize("key", ["a", "a.b-c_d", "example.org/a", "x" * 63, "A9"])
def test_valid_keys(key: str) -> None:
    assert is_key(key)


@pytest.mark.parametrize("key", ["", "a/", "/a", "a b", "-a", "a-", "x" * 64, "Example.org/a", "a..b/c", "a/b/c", "é"])
def test_keys_that_kubernetes_refuses(key: str) -> None:
    assert not is_key(key)


def test_a_label_is_a_label_where_it_can_be() -> None:
    made = one(labels={"tier": "front", "rule": "Host(`a`)", "bad key": "x"})
    marks = made.marks()
    assert marks["labels"]["tier"] == "front"
    assert marks["annotations"]["rule"] == "Host(`a`)"
    assert json.loads(marks["annotations"]["intermodal.io/labels"]) == {"bad key": "x"}
    assert made.note("labels", "tier") == Exact(how="metadata.labels")
    assert (made.code("labels", "rule"), made.code("labels", "bad key")) == ("label-as-annotation", "label-in-json")


def test_nobody_overwrites_what_services_select_by() -> None:
    made = one(labels={"app.kubernetes.io/name": "evil"})
    marks = made.marks()
    assert marks["labels"]["app.kubernetes.io/name"] == "web"
    assert marks["annotations"]["app.kubernetes.io/name"] == "evil"


def test_deploy_labels_are_the_controllers() -> None:
    made = one(deploy=Deploy(labels={"tier": "front", "long": "x y"}))
    metadata = made.controller()["metadata"]
    assert metadata["labels"]["tier"] == "front"
    assert metadata["annotations"]["long"] == "x y"
    assert "tier" not in made.marks()["labels"]


def test_annotations() -> None:
    made = one(annotations={"example.org/a": "b", "no good": "c"})
    assert made.marks()["annotations"]["example.org/a"] == "b"
    assert json.loads(made.marks()["annotations"]["intermodal.io/annotations"]) == {"no good": "c"}


def test_wishes_are_not_copied() -> None:
    made = one(labels={"intermodal.controller": "daemonset"})
    assert made.controller()["kind"] == "DaemonSet"
    assert "intermodal.controller" not in str(made.marks())


def test_labels_too_large_for_an_object() -> None:
    made = one(labels={"a": "x y" * 50_000, "b": "x y" * 50_000})
    assert list(made.marks()["annotations"]) == ["a"]
    assert isinstance(made.note("labels", "b"), Missing)


@given(st.dictionaries(st.text(max_size=70), st.text(max_size=70), max_size=4))
def test_no_label_is_lost_whatever_it_is(labels: dict[str, str]) -> None:
    marks = one(labels=labels).marks()
    annotations = dict(marks.get("annotations", {}))
    found = {**json.loads(annotations.pop("intermodal.io/labels", "{}")), **annotations, **marks["labels"]}
    assert {key: found.get(key) for key in labels} == labels
