from __future__ import annotations

from typing import Any

import pytest

from intermodal.kit.nodes import plain
from tests.compose.trees import FOLDER, HOME, at, service, whole

CASES = [
    ("build: {}", "build", {"context": FOLDER, "dockerfile": "Dockerfile"}),
    ("build: {dockerfile_inline: FROM x}", "build", {"context": FOLDER, "dockerfile_inline": "FROM x"}),
    (
        "build: {args: {SET: , UNSET: , A: b}}",
        "build",
        {"args": {"SET": "yes", "UNSET": None, "A": "b"}, "context": FOLDER, "dockerfile": "Dockerfile"},
    ),
    ("depends_on: [db]", "depends_on", {"db": {"condition": "service_started", "required": True}}),
    ("links: ['db:alias']", "depends_on", {"db": {"condition": "service_started", "restart": True, "required": True}}),
    (
        "network_mode: service:db",
        "depends_on",
        {"db": {"condition": "service_started", "restart": True, "required": True}},
    ),
    ("pid: service:db", "depends_on", {"db": {"condition": "service_started", "restart": True, "required": True}}),
    (
        "volumes_from: ['db:ro', 'container:x']",
        "depends_on",
        {"db": {"condition": "service_started", "required": True}},
    ),
    (
        "links: [db]\ndepends_on: {db: {condition: service_healthy}}",
        "depends_on",
        {"db": {"condition": "service_healthy", "required": True}},
    ),
    ("ports: [80]", "ports", [{"target": 80, "mode": "ingress", "protocol": "tcp"}]),
    ("secrets: [s]", "secrets", [{"source": "s", "target": "/run/secrets/s"}]),
    (
        "volumes: ['./a:/b//c/../d/']",
        "volumes",
        [{"type": "bind", "source": f"{FOLDER}/a", "target": "/b/d", "bind": {"create_host_path": True}}],
    ),
    ("pull_policy: if_not_present", "pull_policy", "missing"),
    ("gpus: [{driver: a}, {device_ids: [b]}]", "gpus", [{"driver": "a", "count": "all"}, {"device_ids": ["b"]}]),
    (
        "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
        "deploy",
        {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"], "count": "all"}]}}},
    ),
    ("scale: 3\ndeploy: {}", "deploy", {"replicas": 3}),
    ("dns: ['', 1.1.1.1]", "dns", ["1.1.1.1"]),
    ("env_file: a", "env_file", [{"path": f"{FOLDER}/a", "required": True}]),
]


@pytest.mark.parametrize(("body", "key", "form"), CASES, ids=[case[0] for case in CASES])
def test_what_is_implied_is_written_out(body: str, key: str, form: Any) -> None:
    assert plain(at(whole(service(body)), "services", "web", key)) == form


@pytest.mark.parametrize(
    ("body", "networks"),
    [
        ("tty: true", {"default": None}),
        ("networks: []", {"default": None}),
        ("networks: [front]", {"front": None}),
        ("network_mode: host", None),
        ("provider: {type: x}", None),
    ],
)
def test_a_service_without_networks_is_on_the_default_one(body: str, networks: Any) -> None:
    web = plain(at(whole(service(body)), "services", "web"))
    assert isinstance(web, dict)
    assert web.get("networks") == networks


def test_the_default_network_exists_when_somebody_is_on_it() -> None:
    assert plain(at(whole(service("tty: true")), "networks")) == {"default": {"name": "demo_default"}}
    assert "networks" not in whole(service("network_mode: host")).items


def test_shared_things_are_named_after_the_project_unless_they_are_external() -> None:
    found = whole("volumes: {a: , b: {name: mine}, c: {external: true}}\nconfigs: {d: {content: x}}\nservices: {}")
    assert plain(at(found, "volumes")) == {
        "a": {"name": "demo_a"},
        "b": {"name": "mine"},
        "c": {"external": True, "name": "c"},
    }
    assert plain(at(found, "configs", "d", "name")) == "demo_d"


def test_what_is_added_is_synthetic() -> None:
    found = whole(service("ports: [80]\nbuild: {}\ndepends_on: [db]"))
    web = at(found, "services", "web")
    assert at(web, "ports", 0, "protocol").synthetic
    assert at(web, "build", "context").synthetic
    assert at(web, "depends_on", "db", "required").synthetic
    assert at(web, "networks").synthetic
    assert at(found, "networks").synthetic
    assert at(found, "name").synthetic


@pytest.mark.parametrize(
    ("body", "path", "text"),
    [
        ("build: ./web", ("build", "context"), f"{FOLDER}/web"),
        ("build: ../web/", ("build", "context"), "/web"),
        ("build: https://example.org/a.git", ("build", "context"), "https://example.org/a.git"),
        ("build: git@example.org:a.git", ("build", "context"), "git@example.org:a.git"),
        ("build: github.com/a/b", ("build", "context"), "github.com/a/b"),
        ("build: {context: ., dockerfile: ../Dockerfile}", ("build", "dockerfile"), "../Dockerfile"),
        ("build: {context: ., additional_contexts: {a: ./b}}", ("build", "additional_contexts", "a"), f"{FOLDER}/b"),
        (
            "build: {context: ., additional_contexts: {a: 'service:b'}}",
            ("build", "additional_contexts", "a"),
            "service:b",
        ),
        ("build: {context: ., ssh: [k=./key]}", ("build", "ssh", "k"), f"{FOLDER}/key"),
        ("volumes: ['~/a:/b']", ("volumes", 0, "source"), f"{HOME}/a"),
        ("volumes: ['~:/b']", ("volumes", 0, "source"), HOME),
        ("volumes: ['C:\\a:/b']", ("volumes", 0, "source"), "C:\\a"),
        ("volumes: [{type: bind, source: a, target: /b}]", ("volumes", 0, "source"), f"{FOLDER}/a"),
        ("volumes: [{type: volume, source: a, target: /b}]", ("volumes", 0, "source"), "a"),
        ("volumes: [/abs/../x:/b]", ("volumes", 0, "source"), "/abs/../x"),
        ("env_file: ./a.env", ("env_file", 0, "path"), f"{FOLDER}/a.env"),
        ("label_file: a", ("label_file", 0), f"{FOLDER}/a"),
        ("develop: {watch: [{path: ., action: rebuild}]}", ("develop", "watch", 0, "path"), FOLDER),
    ],
)
def test_relative_paths_start_from_the_project(body: str, path: tuple[str | int, ...], text: str) -> None:
    assert plain(at(whole(service(body)), "services", "web", *path)) == text


def test_paths_of_configs_secrets_and_disguised_binds() -> None:
    found = whole(
        "services: {}\nconfigs: {a: {file: ./a}}\nsecrets: {b: {file: ~/b}}\n"
        "volumes: {c: {driver: local, driver_opts: {o: bind, device: ./c}}, "
        "d: {driver: local, driver_opts: {device: ./d}}}"
    )
    assert plain(at(found, "configs", "a", "file")) == f"{FOLDER}/a"
    assert plain(at(found, "secrets", "b", "file")) == f"{HOME}/b"
    assert plain(at(found, "volumes", "c", "driver_opts", "device")) == f"{FOLDER}/c"
    assert plain(at(found, "volumes", "d", "driver_opts", "device")) == "./d"
