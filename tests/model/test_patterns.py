from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.model.patterns import compiled

TABLE = {
    "services.*.image": "image",
    "services.*.labels.*": "label",
    "services.*.labels.app": "the app label",
    "services.*.x-*.**": "extension",
    "services.*.x-ours.a": "ours",
    "services.*.deploy.**": "deploy",
    "services.*.deploy.replicas": "replicas",
    "services.*.deploy.*.x-*": "deploy extension",
    "x-*.**": "top extension",
    "networks.*.ipam.**": "ipam",
    "networks.*.*": "network",
}


@pytest.mark.parametrize(
    ("path", "row"),
    [
        (("services", "web", "image"), "image"),
        (("services", "image", "image"), "image"),
        (("services", "web", "labels", "a"), "label"),
        (("services", "web", "labels", "app"), "the app label"),
        (("services", "web", "labels", "app", "x"), None),
        (("services", "web", "labels"), None),
        (("services", "web", "x-mine", "deep", 0, "er"), "extension"),
        (("services", "web", "x-mine"), "extension"),
        (("services", "web", "x-ours", "a"), "ours"),
        (("services", "web", "x-ours", "b"), "extension"),
        (("services", "web", "deploy", "replicas"), "replicas"),
        (("services", "web", "deploy", "replicas", "x"), "deploy"),
        (("services", "web", "deploy", "a", "x-b"), "deploy extension"),
        (("services", "web", "deploy", "a", "x-b", "c"), "deploy"),
        (("services", "web", "deploy", "a", 3), "deploy"),
        (("services", "web", "deploy"), "deploy"),
        (("x-top",), "top extension"),
        (("x-top", "a"), "top extension"),
        (("networks", "a", "ipam"), "ipam"),
        (("networks", "a", "ipam", "config", 0, "subnet"), "ipam"),
        (("networks", "a", "x-b"), "network"),
        (("networks", "*", "name"), "network"),
        (("nothing",), None),
        ((), None),
    ],
)
def test_the_most_exact_pattern_wins(path: tuple[str | int, ...], row: str | None) -> None:
    position = compiled(TABLE)
    for key in path:
        position = position.step(key)
    assert position.row == row


def test_what_stands_below_is_known() -> None:
    services = compiled(TABLE).step("services").step("web")
    assert list(services.step("labels").below()) == ["label", "the app label"]
    assert list(services.step("image").step("x").below()) == []


KEYS = st.sampled_from(["a", "b", "x-a", "x-b"])


def fits(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    if pattern[-1:] == ("**",):
        return fits(pattern[:-1], path[: len(pattern) - 1]) and len(path) >= len(pattern) - 1
    return len(pattern) == len(path) and all(
        want in {"*", have} or (want == "x-*" and have.startswith("x-"))
        for want, have in zip(pattern, path, strict=True)
    )


def rank(pattern: tuple[str, ...]) -> tuple[int, ...]:
    return (*({"x-*": 1, "*": 2, "**": 3}.get(key, 0) for key in pattern), -1)


@given(
    st.sets(st.lists(st.sampled_from(["a", "b", "x-a", "x-*", "*"]), min_size=1, max_size=4).map(tuple), max_size=8),
    st.sets(st.lists(st.sampled_from(["a", "x-*", "*"]), max_size=3).map(lambda keys: (*keys, "**")), max_size=4),
    st.lists(KEYS, max_size=5),
)
def test_it_agrees_with_trying_every_pattern(
    exact: set[tuple[str, ...]], open_ended: set[tuple[str, ...]], path: list[str]
) -> None:
    patterns = exact | open_ended
    position = compiled({".".join(pattern): pattern for pattern in patterns})
    for key in path:
        position = position.step(key)
    expected = min((pattern for pattern in patterns if fits(pattern, tuple(path))), key=rank, default=None)
    assert position.row == expected
