from __future__ import annotations

from typing import Any

import pytest

from intermodal.compose.merge import Merger
from intermodal.compose.tags import settled
from intermodal.compose.unicity import unique_entries, unique_texts
from intermodal.kit.diagnostics import Findings
from intermodal.kit.nodes import Mapping, Node, Sequence, plain
from intermodal.kit.places import Source
from intermodal.kit.yamlfiles import read


def tree(text: str, name: str = "base.yaml") -> Mapping:
    (node,) = read(Source(name, text))
    assert isinstance(node, Mapping)
    return node


def service(text: str, name: str = "base.yaml") -> Mapping:
    return tree(f"services: {{a: {{{text}}}}}\n", name)


def over(base: str, override: str) -> tuple[Mapping, Findings]:
    findings = Findings()
    return Merger(findings).trees(service(base), service(override, "over.yaml")), findings


def at(node: Node, *path: str | int) -> Node:
    for part in path:
        node = node.items[part]  # type: ignore[index, union-attr]
    return node


def entries(found: Mapping, key: str) -> list[Node]:
    listed = at(found, "services", "a", key)
    assert isinstance(listed, Sequence)
    return listed.items


def merged(base: str, override: str) -> Any:
    found, findings = over(base, override)
    assert not findings.diagnostics
    return plain(at(found, "services", "a"))


@pytest.mark.parametrize(
    ("base", "override", "result"),
    [
        ("image: x", "tty: true", {"image": "x", "tty": True}),
        ("image: x", "image: y", {"image": "y"}),
        ("image: x", "image: ", {"image": "x"}),
        ("deploy: {replicas: 1, mode: global}", "deploy: {replicas: 2}", {"deploy": {"replicas": 2, "mode": "global"}}),
        ("security_opt: [a]", "security_opt: [b]", {"security_opt": ["a", "b"]}),
        ("ports: [80]", "ports: ", {"ports": [80]}),
        ("command: [a, b]", "command: [c]", {"command": ["c"]}),
        ("command: a", "command: ", {"command": None}),
        ("entrypoint: [a]", "entrypoint: []", {"entrypoint": []}),
        (
            "healthcheck: {test: [a], retries: 3}",
            "healthcheck: {test: b}",
            {"healthcheck": {"test": "b", "retries": 3}},
        ),
        ("environment: [A=1, B]", "environment: {B: 2, C: }", {"environment": {"A": "1", "B": 2, "C": None}}),
        ("environment: {A: 1}", "environment: [A]", {"environment": {"A": None}}),
        ("environment: {A: 1}", "environment: ", {"environment": {"A": 1}}),
        ("labels: [a=1=2]", "labels: [b]", {"labels": {"a": "1=2", "b": None}}),
        ("build: .", "build: {target: t}", {"build": {"context": ".", "target": "t"}}),
        ("build: {target: t}", "build: d", {"build": {"target": "t", "context": "d"}}),
        ("build: {args: [A=1]}", "build: {args: {A: 2}}", {"build": {"args": {"A": 2}}}),
        ("dns: a", "dns: [b]", {"dns": ["a", "b"]}),
        ("tmpfs: [/a]", "tmpfs: /b", {"tmpfs": ["/a", "/b"]}),
        ("env_file: a", "env_file: [{path: b}]", {"env_file": ["a", {"path": "b"}]}),
        ("networks: [n]", "networks: {n: {priority: 1}, m: }", {"networks": {"n": {"priority": 1}, "m": None}}),
        ("networks: {n: {priority: 1}}", "networks: [n]", {"networks": {"n": {"priority": 1}}}),
        ("extra_hosts: [h=1]", "extra_hosts: {h: [1, 2]}", {"extra_hosts": ["h=1", "h=2"]}),
        ("ulimits: {n: {soft: 1, hard: 2}}", "ulimits: {n: {soft: 3}}", {"ulimits": {"n": {"soft": 3}}}),
        (
            "logging: {driver: a, options: {x: 1}}",
            "logging: {options: {y: 2}}",
            {"logging": {"driver": "a", "options": {"x": 1, "y": 2}}},
        ),
        ("logging: {driver: a, options: {x: 1}}", "logging: {driver: b}", {"logging": {"driver": "b"}}),
        ("x-a: {b: 1}", "x-a: {c: [1]}", {"x-a": {"b": 1, "c": [1]}}),
    ],
)
def test_each_attribute_by_its_rule(base: str, override: str, result: object) -> None:
    assert merged(base, override) == result


def test_a_list_of_dependencies_means_started_and_required() -> None:
    base = "depends_on: {b: {condition: service_healthy, restart: true}}"
    started = {"condition": "service_started", "required": True}
    assert merged(base, "depends_on: [b, c]") == {"depends_on": {"b": {**started, "restart": True}, "c": started}}


def test_pools_of_addresses_go_together_by_subnet() -> None:
    base = "networks: {n: {ipam: {config: [{subnet: s, gateway: g}, {subnet: t}]}}}\n"
    override = "networks: {n: {ipam: {config: [{subnet: s, ip_range: r}, {subnet: u}]}}}\n"
    found = Merger(Findings()).trees(tree(base), tree(override))
    config = plain(at(found, "networks", "n", "ipam", "config"))
    assert config == [{"subnet": "s", "gateway": "g", "ip_range": "r"}, {"subnet": "u"}]


@pytest.mark.parametrize(
    ("base", "override"),
    [
        ("ports: [80]", "ports: {a: b}"),
        ("ports: [80]", "ports: 80"),
        ("deploy: {mode: x}", "deploy: [x]"),
        ("dns: a", "dns: {a: b}"),
    ],
)
def test_kinds_that_do_not_go_together_are_an_error_at_both_places(base: str, override: str) -> None:
    found, findings = over(base, override)
    (error,) = findings.diagnostics
    assert (error.code, str(error.place)[:9], str(error.secondary[0][0])[:9]) == (
        "cannot-override",
        "over.yaml",
        "base.yaml",
    )
    assert found


@pytest.mark.parametrize(
    ("base", "override", "path"),
    [
        ("image: x", "image: y", ("image",)),
        ("command: [x]", "command: y", ("command",)),
        ("environment: [A=1]", "environment: {A: 2}", ("environment", "A")),
        ("environment: {A: 1}", "environment: [A=2]", ("environment", "A")),
        ("deploy: {replicas: 1}", "deploy: {replicas: 2}", ("deploy", "replicas")),
        ("ports: [80]", "ports: !override [81]", ("ports",)),
        ("ports: [80]", "ports: !reset []", ("ports",)),
    ],
)
def test_a_value_remembers_what_it_put_out_of_force(base: str, override: str, path: tuple[str, ...]) -> None:
    found, _ = over(base, override)
    node = at(found, "services", "a", *path)
    assert node.place.source.name == "over.yaml"
    assert node.overrides is not None
    assert node.overrides.place.source.name == "base.yaml"


def test_every_generation_is_remembered_and_the_files_stay_as_they_were() -> None:
    files = [service(f"image: x{number}", f"{number}.yaml") for number in range(4)]
    found = files[0]
    for file in files[1:]:
        found = Merger(Findings()).trees(found, file)
    seen = []
    node: Node | None = at(found, "services", "a", "image")
    while node is not None:
        seen.append(node.place.source.name)
        node = node.overrides
    assert seen == ["3.yaml", "2.yaml", "1.yaml", "0.yaml"]
    assert all(at(file, "services", "a", "image").overrides is None for file in files)


def test_tags_replace_and_remove() -> None:
    found, _ = over(
        "environment: {A: 1, B: 2}, ports: [80, 81], tty: true",
        "environment: {A: !reset 0}, ports: !override [82], tty: !reset ",
    )
    reset: list[tuple[tuple[str | int, ...], Node]] = []
    assert plain(at(settled(found, reset), "services", "a")) == {"environment": {"B": 2}, "ports": [82]}
    assert [path for path, _ in reset] == [("services", "a", "environment", "A"), ("services", "a", "tty")]
    assert [node.overrides is not None for _, node in reset] == [True, True]


def test_reset_values_that_override_nothing_go_too() -> None:
    reset: list[tuple[tuple[str | int, ...], Node]] = []
    found = settled(tree("a: !reset {b: c}\nd: [1, !reset 2, [!reset 3]]\n"), reset)
    assert plain(found) == {"d": [1, []]}
    assert [path for path, _ in reset] == [("a",), ("d", 1), ("d", 2, 0)]


def test_a_tree_without_tags_is_the_same_tree() -> None:
    found = tree("a: {b: [c]}\n")
    assert settled(found, []) is found


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("environment: [A=1, B=1, A=2]", {"environment": ["A=2", "B=1"]}),
        ("dns: [a, b, a]", {"dns": ["a", "b"]}),
        ("cap_add: [A, A]", {"cap_add": ["A"]}),
        ("expose: [80, '80', 81]", {"expose": ["80", 81]}),
        ("networks: {n: {aliases: [a, a]}}", {"networks": {"n": {"aliases": ["a"]}}}),
        ("security_opt: [a, a]", {"security_opt": ["a", "a"]}),
        ("labels: [[a], [a]]", {"labels": [["a"], ["a"]]}),
    ],
)
def test_texts_with_one_name_are_one(text: str, result: object) -> None:
    assert plain(at(unique_texts(service(text)), "services", "a")) == result


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("volumes: [{target: /a, source: x}, {target: /b}, {target: /a/, source: y}]", [2, 1]),
        (
            "ports: [{target: 80}, {target: 80, protocol: udp}, {target: 81}, {target: 80, protocol: tcp}]",
            [3, 1, 2],
        ),
        ("ports: [{target: 80, published: 80}, {target: '80', published: '80', host_ip: 0.0.0.0}]", [1]),
        ("secrets: [{source: a}, {source: b, target: /run/secrets/a}]", [1]),
        ("configs: [{source: a}, {source: b, target: /a}]", [1]),
        ("env_file: [{path: a}, {path: a, format: raw}]", [1]),
        ("devices: [{source: a, target: t}, {source: b, target: t}]", [1]),
        ("volumes: [{source: x}, {source: x}]", [0, 1]),
    ],
)
def test_of_entries_with_one_name_the_later_counts(text: str, kept: list[int]) -> None:
    before = service(text)
    key = text.split(":", 1)[0]
    after = [plain(entry) for entry in entries(unique_entries(before), key)]
    assert after == [plain(entries(before, key)[index]) for index in kept]


def test_an_entry_remembers_the_one_it_replaced() -> None:
    found = at(
        unique_entries(service("volumes: [{target: /a, source: x}, {target: /a, source: y}]")),
        "services",
        "a",
        "volumes",
        0,
    )
    assert found.overrides is not None
    assert plain(found.overrides) == {"target": "/a", "source": "x"}


def test_many_entries_with_one_name_end_well() -> None:
    text = ", ".join(["a"] * 20_000)
    findings = Findings()
    many = unique_texts(service(f"dns: [{text}]"))
    found = unique_texts(Merger(findings).trees(many, unique_texts(service(f"dns: [{text}]"))))
    dns = at(found, "services", "a", "dns")
    assert isinstance(dns, Sequence)
    assert plain(dns) == ["a"]
    pairs = ", ".join(["A=1"] * 20_000)
    node = at(
        Merger(findings).trees(service("environment: {A: 0}"), service(f"environment: [{pairs}]")),
        "services",
        "a",
        "environment",
        "A",
    )
    generations = 0
    while (before := node.overrides) is not None:
        generations += 1
        node = before
    assert generations == 20_000
