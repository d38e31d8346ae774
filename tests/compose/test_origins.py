from __future__ import annotations

from intermodal.compose.origins import TreeOrigins, leaves_below
from intermodal.kit.nodes import Scalar, overriding
from intermodal.kit.places import Place, Source
from intermodal.model.origin import Leaf, Standing
from tests.compose.trees import at, service, tree, whole


def dotted(leaves: list[Leaf]) -> dict[str, str]:
    return {".".join(map(str, leaf.path)): f"{leaf.place.line}:{leaf.place.column}" for leaf in leaves}


def test_leaves_are_those_of_the_long_form_each_with_its_place() -> None:
    text = service("ports: ['8080:80']\nenvironment: [A=b, C]\nnetworks: [front]\ndepends_on: [db]\ncommand: a b")
    assert dotted([*TreeOrigins(whole(text)).leaves()]) == {
        "services.web.image": "3:12",
        "services.web.ports.0.target": "4:19",
        "services.web.ports.0.published": "4:14",
        "services.web.environment.A": "5:21",
        "services.web.environment.C": "5:24",
        "services.web.networks.front": "6:16",
        "services.web.depends_on.db.condition": "7:18",
        "services.web.command.0": "8:14",
        "services.web.command.1": "8:14",
    }


def test_an_empty_list_or_mapping_is_one_leaf_and_defaults_are_none() -> None:
    text = service("ports: []\ndeploy: {}\nhealthcheck: {}\nlogging: {options: {}}")
    assert {*dotted([*TreeOrigins(whole(text)).leaves()])} == {
        "services.web.image",
        "services.web.ports",
        "services.web.deploy",
        "services.web.healthcheck",
        "services.web.logging.options",
    }


def test_what_only_loading_needs_says_so() -> None:
    text = "name: demo\nversion: '3'\nservices: {web: {image: x, profiles: [a]}}\nx-a: {b: [c]}"
    standings = {leaf.path: leaf.standing for leaf in TreeOrigins(whole(text)).leaves()}
    assert standings == {
        ("name",): Standing.LOADING,
        ("version",): Standing.LOADING,
        ("services", "web", "image"): Standing.IN_FORCE,
        ("services", "web", "profiles", 0): Standing.LOADING,
        ("x-a", "b", 0): Standing.IN_FORCE,
    }


def test_what_was_overridden_is_a_leaf_with_the_place_of_what_overrode_it() -> None:
    old, new = tree("a: {b: 1, c: [2]}").items["a"], tree("\na: 3").items["a"]
    found = leaves_below(overriding(new, old), ("services", "web", "a"), Standing.IN_FORCE)
    assert [(leaf.path, leaf.standing) for leaf in found] == [
        (("services", "web", "a"), Standing.IN_FORCE),
        (("services", "web", "a", "b"), Standing.OVERRIDDEN),
        (("services", "web", "a", "c", 0), Standing.OVERRIDDEN),
    ]
    assert {leaf.other for leaf in found[1:]} == {new.place}


def test_generations_of_overriding_are_all_told() -> None:
    first, second, third = (Scalar(value, Source("a", ""), line, 1) for value, line in (("x", 1), ("y", 2), ("z", 3)))
    found = leaves_below(overriding(third, overriding(second, first)), ("a",), Standing.IN_FORCE)
    assert [(leaf.place.line, leaf.other.line if leaf.other else None) for leaf in found] == [(3, None), (2, 3), (1, 2)]


def test_a_place_is_that_of_the_field_or_of_what_is_written_around_it() -> None:
    found = TreeOrigins(whole(service("ports: ['8080:80']\nbuild: .")))
    lines = {
        ("services", "web", "ports", 0, "target"): 4,
        ("services", "web", "ports", 0, "protocol"): 4,
        ("services", "web", "ports", 9): 4,
        ("services", "web", "build", "dockerfile"): 5,
        ("services", "web", "nope", "nope"): 3,
        ("networks", "default"): None,
        (): None,
    }
    assert {path: place.line if (place := found.place(path)) else None for path in lines} == lines


def test_leaves_that_are_in_no_tree_come_last() -> None:
    extra = Leaf(path=("include", 0), place=Place(Source("a", ""), 1, 1), standing=Standing.LOADING)
    assert [*TreeOrigins(whole(service("tty: true")), [extra]).leaves()][-1] is extra


def test_every_leaf_is_found_once_and_leads_to_its_place() -> None:
    text = whole(service("ports: [80, '8080:80']\nvolumes: [./a:/b:ro]\nlabels: {a: , b: c}\ndeploy: {labels: [x=y]}"))
    origins = TreeOrigins(text)
    leaves = [*origins.leaves()]
    assert len({leaf.path for leaf in leaves}) == len(leaves)
    assert all(origins.place(leaf.path) == leaf.place for leaf in leaves)
    assert all(not at(text, *leaf.path).synthetic for leaf in leaves)
