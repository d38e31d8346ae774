from __future__ import annotations

import pytest

from intermodal.compose.longhand import expand
from intermodal.kit.diagnostics import Findings
from intermodal.kit.nodes import Mapping, Scalar, plain
from tests.compose.trees import at, long, service, told, tree

CASES = [
    ("build: ./web", {"build": {"context": "./web"}}),
    ("command: a 'b c'", {"command": ["a", "b c"]}),
    ("command: ''", {"command": []}),
    ("entrypoint: [a]", {"entrypoint": ["a"]}),
    ("environment: [A=1, B, C=, D=x=y]", {"environment": {"A": "1", "B": None, "C": "", "D": "x=y"}}),
    ("environment: [A=1, A=2]", {"environment": {"A": "2"}}),
    ("labels: [a=b, c]", {"labels": {"a": "b", "c": None}}),
    ("depends_on: [db]", {"depends_on": {"db": {"condition": "service_started"}}}),
    ("networks: [front]", {"networks": {"front": None}}),
    ("models: [m]", {"models": {"m": None}}),
    ("dns: 8.8.8.8", {"dns": ["8.8.8.8"]}),
    ("tmpfs: /run", {"tmpfs": ["/run"]}),
    ("env_file: a.env", {"env_file": [{"path": "a.env"}]}),
    ("env_file: [a.env, {path: b.env}]", {"env_file": [{"path": "a.env"}, {"path": "b.env"}]}),
    ("label_file: a.labels", {"label_file": ["a.labels"]}),
    ("extends: base", {"extends": {"service": "base"}}),
    ("gpus: all", {"gpus": [{"count": "all"}]}),
    ("healthcheck: {test: curl x}", {"healthcheck": {"test": ["CMD-SHELL", "curl x"]}}),
    ("secrets: [s]", {"secrets": [{"source": "s"}]}),
    ("configs: [{source: c}]", {"configs": [{"source": "c"}]}),
    ("extra_hosts: ['a:1.1.1.1', 'b=::1']", {"extra_hosts": {"a": ["1.1.1.1"], "b": ["::1"]}}),
    ("extra_hosts: ['a=1.1.1.1', 'a=2.2.2.2,3.3.3.3']", {"extra_hosts": {"a": ["1.1.1.1", "2.2.2.2", "3.3.3.3"]}}),
    ("extra_hosts: {a: 1.1.1.1}", {"extra_hosts": {"a": ["1.1.1.1"]}}),
    ("devices: [/dev/a]", {"devices": [{"source": "/dev/a", "target": "/dev/a", "permissions": "rwm"}]}),
    ("devices: ['/dev/a:/dev/b:r']", {"devices": [{"source": "/dev/a", "target": "/dev/b", "permissions": "r"}]}),
    ("ports: [80]", {"ports": [{"target": 80}]}),
    ("ports: ['8080:80/udp']", {"ports": [{"target": 80, "published": "8080", "protocol": "udp"}]}),
    (
        "ports: ['[::1]:1-2:3-4']",
        {
            "ports": [
                {"target": 3, "published": "1", "host_ip": "::1"},
                {"target": 4, "published": "2", "host_ip": "::1"},
            ]
        },
    ),
    ("volumes: [data:/data]", {"volumes": [{"type": "volume", "source": "data", "target": "/data", "volume": {}}]}),
    ("volumes: [/data]", {"volumes": [{"type": "volume", "target": "/data", "volume": {}}]}),
    (
        "volumes: ['./a:/b:ro,z,rshared']",
        {
            "volumes": [
                {
                    "type": "bind",
                    "source": "./a",
                    "target": "/b",
                    "read_only": True,
                    "bind": {"selinux": "z", "propagation": "rshared", "create_host_path": True},
                }
            ]
        },
    ),
    (
        "volumes: ['data:/b:nocopy']",
        {"volumes": [{"type": "volume", "source": "data", "target": "/b", "volume": {"nocopy": True}}]},
    ),
    (
        "build: {args: [A=1], ssh: [default, k=./key]}",
        {"build": {"args": {"A": "1"}, "ssh": {"default": None, "k": "./key"}}},
    ),
    ("build: {additional_contexts: [a=./b]}", {"build": {"additional_contexts": {"a": "./b"}}}),
    ("post_start: [{command: a b}]", {"post_start": [{"command": ["a", "b"]}]}),
    (
        "develop: {watch: [{path: a, action: rebuild, ignore: b}]}",
        {"develop": {"watch": [{"path": "a", "action": "rebuild", "ignore": ["b"]}]}},
    ),
    ("provider: {type: a, options: {b: 1, c: [d]}}", {"provider": {"type": "a", "options": {"b": [1], "c": ["d"]}}}),
    ("ulimits: {nofile: 5}", {"ulimits": {"nofile": 5}}),
]


@pytest.mark.parametrize(("body", "form"), CASES, ids=[case[0] for case in CASES])
def test_short_forms_are_written_out(body: str, form: dict[str, object]) -> None:
    assert plain(at(long(service(body)), "services", "web")) == {"image": "nginx"} | form


@pytest.mark.parametrize("body", [case[0] for case in CASES])
def test_expanding_twice_changes_nothing_more(body: str) -> None:
    once = long(service(body))
    assert expand(once, Findings()) is once


def test_what_is_long_already_is_shared_not_copied() -> None:
    text = tree(service("environment: {A: 1}\nports: [{target: 80}]"))
    assert expand(text, Findings()) is text


def test_parts_of_a_short_form_carry_its_place_and_what_it_implies_is_synthetic() -> None:
    found = long(service("ports: ['8080:80/udp']\nvolumes: ['./a:/b:ro']\ndepends_on: [db]"))
    web = at(found, "services", "web")
    port = at(web, "ports", 0)
    assert isinstance(port, Mapping)
    assert {key: node.place.line for key, node in port.items.items()} == {"target": 4, "published": 4, "protocol": 4}
    mount = at(web, "volumes", 0)
    assert isinstance(mount, Mapping)
    assert {key: node.synthetic for key, node in mount.items.items()} == {
        "type": True,
        "source": False,
        "target": False,
        "read_only": False,
        "bind": True,
    }
    assert not at(web, "depends_on", "db", "condition").synthetic
    assert at(web, "depends_on", "db", "condition").place.line == 6


def test_what_was_overridden_stays_known() -> None:
    text = tree(service("build: ./web"))
    build = at(text, "services", "web", "build")
    build.overrides = Scalar("./old", build.source, 1, 1)
    assert at(expand(text, Findings()), "services", "web", "build").overrides is build.overrides


def test_old_external_names_become_names() -> None:
    findings = Findings()
    found = long("volumes: {a: {external: {name: b}}, c: {external: {}}}", findings)
    assert plain(at(found, "volumes")) == {"a": {"external": True, "name": "b"}, "c": {"external": True}}
    assert told(findings) == ["external-name-deprecated 1:32"]


def test_two_names_for_one_thing_are_refused() -> None:
    findings = Findings()
    long("volumes: {a: {external: {name: b}, name: c}}", findings)
    assert told(findings) == ["name-conflict 1:32"]


@pytest.mark.parametrize(
    ("body", "finding", "message"),
    [
        ("ports: ['a:80']", "invalid-port 4:13", "services.web.ports.0 cannot be 'a:80': the published port"),
        ("ports: [70000]", "invalid-port 4:13", "up to 65535"),
        ("ports: [1.5]", "invalid-port 4:13", "a port is a whole number"),
        ("ports: ['8000-8002:80-81']", "invalid-port 4:13", "3 published ports cannot stand for 2"),
        ("volumes: ['/a::ro']", "invalid-short-form 4:15", "nothing stands between two colons"),
        ("devices: ['a:b:c:d']", "invalid-short-form 4:15", "long form"),
    ],
)
def test_a_short_form_that_cannot_be_read_is_told(body: str, finding: str, message: str) -> None:
    findings = Findings()
    long(service(body), findings)
    assert told(findings) == [finding]
    assert message in findings.diagnostics[0].message


def test_a_command_that_docker_compose_cuts_is_warned_of() -> None:
    findings = Findings()
    long(service("command: a && b"), findings)
    [found] = findings.diagnostics
    assert (found.code, found.severity.word) == ("command-cut", "warning")
    assert "'&& b'" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "services: 5",
        "services: {web: [a]}",
        "services: {web: {ports: 5, build: 7, command: {a: b}, environment: [[a]]}}",
        "volumes: [a]",
    ],
)
def test_what_has_a_wrong_shape_is_left_alone(text: str) -> None:
    long(text)
