"""Parts that do not fit together: what docker compose refuses is an error, what cannot work is a warning."""

from __future__ import annotations

import pytest

from intermodal.kit.diagnostics import Severity
from tests.compose.trees import references, service, told, tree

CASES = [
    # a file, the finding, a part of its message, a part of its help
    ("services: {web: {tty: true}}", "image-missing 1:17", "'web' has neither an image nor a build", "`image: <name>`"),
    (
        service("networks: [frnt]") + "networks: {front: }",
        "unknown-network 4:16",
        "the network 'frnt'",
        "did you mean `front`?",
    ),
    (service("networks: {back: }"), "unknown-network 4:16", "the network 'back'", "below `networks:`"),
    (
        service("volumes: ['dta:/a']") + "volumes: {data: }",
        "unknown-volume 4:15",
        "the volume 'dta'",
        "did you mean `data`?",
    ),
    (service("secrets: [a]"), "unknown-secret 4:15", "the secret 'a'", "below `secrets:`"),
    (service("configs: [{source: a}]"), "unknown-config 4:24", "the config 'a'", "below `configs:`"),
    (service("models: [a]"), "unknown-model 4:14", "the model 'a'", "below `models:`"),
    (service("depends_on: [wbe]"), "unknown-service 4:18", "the service 'wbe'", "did you mean `web`?"),
    (service("links: ['db:alias']"), "unknown-service 4:13", "the service 'db'", ""),
    (service("network_mode: service:db"), "unknown-service 4:19", "the service 'db'", ""),
    (service("volumes_from: [db]"), "unknown-service 4:20", "the service 'db'", ""),
    (service("build: {context: ., secrets: [a]}"), "unknown-secret 4:35", "the secret 'a'", ""),
    (
        service("build: {context: ., additional_contexts: [a=service:db]}"),
        "unknown-service 4:49",
        "the service 'db'",
        "",
    ),
    (
        service("build: {context: ., additional_contexts: [a=service:db]}") + "  db: {image: x}",
        "service-not-built 4:49",
        "'db', which has no build",
        "docker-image",
    ),
    (
        service("build: {context: ., dockerfile: a, dockerfile_inline: b}"),
        "exclusive-keys 4:59",
        "both a dockerfile and",
        "keep one",
    ),
    (
        service("build: {context: ., platforms: [linux/amd64]}\nplatform: linux/arm64"),
        "platform-not-built 5:15",
        "'linux/arm64'",
        "build.platforms",
    ),
    (
        service("network_mode: host\nnetworks: [default]"),
        "exclusive-keys 4:19",
        "both a network_mode and networks",
        "keep one",
    ),
    (
        service("container_name: abc\nscale: 2"),
        "container-name-with-replicas 4:21",
        "cannot run 2 times",
        "remove container_name",
    ),
    (
        service("container_name: abc\ndeploy: {replicas: 2}"),
        "container-name-with-replicas 4:21",
        "cannot run 2 times",
        "",
    ),
    (
        service("scale: 2\ndeploy: {replicas: 3}"),
        "twin-keys-differ 4:12",
        "in scale and another in deploy.replicas",
        "keep one",
    ),
    (
        service("mem_limit: 1g\ndeploy: {resources: {limits: {memory: 2g}}}"),
        "twin-keys-differ 4:16",
        "mem_limit",
        "keep one",
    ),
    (service("cpus: 1\ndeploy: {resources: {limits: {memory: 2g}}}"), "twin-keys-differ 4:11", "cpus", "move cpus"),
    (service("develop: {watch: [{path: a, action: sync}]}"), "missing-key 4:23", "without a target", "target"),
    (
        service("ports: [{target: 80, host_ip: here}]"),
        "invalid-port 4:35",
        "'here', which is not an IP address",
        "127.0.0.1",
    ),
    (
        service("gpus: [{count: 2, device_ids: [a]}]"),
        "exclusive-keys 4:20",
        "both by count and by device_ids",
        "keep one",
    ),
    ("services: {}\nsecrets: {a: {}}", "missing-key 2:14", "secrets.a has no content", "file or environment"),
    (
        "services: {}\nconfigs: {a: {file: x, content: y}}",
        "exclusive-keys 2:24",
        "configs.a has file and content",
        "keep one",
    ),
    (
        "services: {}\nvolumes: {a: {external: true, driver: x}}",
        "external-with-settings 2:31",
        "driver has no effect",
        "remove driver",
    ),
]


@pytest.mark.parametrize(("text", "finding", "message", "advice"), CASES, ids=[case[0][:100] for case in CASES])
def test_what_does_not_fit_is_told_with_its_place(text: str, finding: str, message: str, advice: str) -> None:
    findings = references(text)
    assert told(findings) == [finding]
    [found] = findings.diagnostics
    assert found.severity is Severity.ERROR
    assert message in found.message
    assert advice in found.help


def test_a_ring_of_dependencies_is_named_whole_and_once() -> None:
    text = "services:\n" + "".join(
        f"  {name}: {{image: x, depends_on: [{target}]}}\n"
        for name, target in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    )
    [found] = references(text).diagnostics
    assert found.code == "dependency-cycle"
    assert "a -> b -> c -> a" in found.message
    assert [note for _, note in found.secondary] == ["b waits for c", "c waits for a"]


def test_a_service_that_waits_for_itself() -> None:
    assert told(references(service("depends_on: [web]"))) == ["dependency-cycle 4:18"]


def test_a_long_chain_is_no_ring_and_needs_no_deep_stack() -> None:
    count = 5000
    text = "services:\n" + "".join(f"  s{n}: {{image: x, depends_on: [s{n + 1}]}}\n" for n in range(count))
    assert told(references(f"{text}  s{count}: {{image: x}}\n")) == []


def test_a_service_of_an_inactive_profile_is_named_with_its_profile() -> None:
    inactive = {"db": tree("db: {image: x, profiles: [tools]}").items["db"]}
    [found] = references(service("depends_on: [db]"), inactive).diagnostics
    assert found.code == "service-not-active"
    assert "--profile tools" in found.help
    optional = service("depends_on: {db: {condition: service_started, required: false}}")
    assert told(references(optional, inactive)) == []
    assert told(references(optional)) == ["unknown-service 4:18"]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("8080:80", "8080:81", True),
        ("8080:80", "8080:80/udp", False),
        ("127.0.0.1:8080:80", "8080:80", True),
        ("127.0.0.1:8080:80", "127.0.0.2:8080:80", False),
        ("8080-8090:80", "8080:81", False),
        ("80", "80", False),
    ],
)
def test_two_services_that_publish_one_port_are_a_problem(first: str, second: str, clash: bool) -> None:
    text = service(f"ports: ['{first}']") + f"  db:\n    image: x\n    ports: ['{second}']\n"
    findings = references(text)
    assert told(findings) == (["port-conflict 7:14"] if clash else [])
    assert all(found.severity is Severity.ERROR for found in findings.diagnostics)
    findings.stop_if_errors()


def test_two_mounts_at_one_target_are_warned_of() -> None:
    findings = references(service("volumes: [data:/run]\ntmpfs: ['/run/:size=1m', /tmp]") + "volumes: {data: }")
    assert told(findings) == ["mount-point-twice 5:13"]
    assert findings.diagnostics[0].severity is Severity.WARNING


def test_one_container_name_for_two_services_is_refused() -> None:
    text = service("container_name: abc") + "  db: {image: x, container_name: abc}\n"
    assert told(references(text)) == ["container-name-conflict 5:34"]


@pytest.mark.parametrize(
    "text",
    [
        service("networks: [default]"),
        service("volumes: ['data:/a', ./b:/c, /d]") + "volumes: {data: }",
        service("provider: {type: x}").replace("    image: nginx\n", ""),
        service("scale: 2\ndeploy: {replicas: 2}"),
        service("mem_limit: 1g\ndeploy: {}"),
        service("volumes_from: ['container:any']"),
        service("container_name: abc\nscale: 1"),
        "services: {}\nsecrets: {a: {external: true}}",
        "services: {}\nvolumes: {a: {external: false, driver: x}}",
    ],
)
def test_what_fits_is_fine(text: str) -> None:
    assert told(references(text)) == []
