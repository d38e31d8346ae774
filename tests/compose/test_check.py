"""Shapes that are wrong: what is said, where, and what helps. Every finding of a file comes at once."""

from __future__ import annotations

import pytest

from tests.compose.trees import service, shape, told

CASES = [
    # what is written below `web:`, the finding, a part of its message, a part of its help
    (
        "deploy: {replicas: three}",
        "invalid-number 4:24",
        "services.web.deploy.replicas must be a whole number, not 'three'",
        "`replicas: 3`",
    ),
    ("deploy: {replicas: -1}", "invalid-number 4:24", "negative", "`replicas: 3`"),
    ("ports: 80", "wrong-type 4:12", "services.web.ports must be a list, not the number 80", ""),
    ("environment: text", "wrong-type 4:18", "must be a list or a mapping, not 'text'", ""),
    ("environment: {A: [1]}", "wrong-type 4:22", "services.web.environment.A must be text", ""),
    ("hostname: 5", "wrong-type 4:15", "services.web.hostname must be text, not the number 5", "in quotes"),
    ("hostname:", "wrong-type 4:14", "must be text, not nothing", ""),
    ("tty: [a]", "wrong-type 4:10", "must be true or false, not a list", "`tty: true`"),
    ("tty: perhaps", "invalid-boolean 4:10", "must be true or false, not 'perhaps'", "`tty: true`"),
    ("use_api_socket: 'true'", "wrong-type 4:21", "without quotes", ""),
    ("imagee: x", "unknown-key 4:5", "services.web.imagee is not a key of Compose", "did you mean `image`?"),
    ("healtcheck: {}", "unknown-key 4:5", "services.web.healtcheck", "did you mean `healthcheck`?"),
    ("depends-on: [a]", "unknown-key 4:5", "services.web.depends-on", "did you mean `depends_on`?"),
    ("replicas: 3", "unknown-key 4:5", "services.web.replicas", "below deploy"),
    ("log_driver: none", "unknown-key 4:5", "services.web.log_driver", "logging.driver"),
    ("zzzzqq: 1", "unknown-key 4:5", "services.web.zzzzqq", "x-"),
    ("healthcheck: {interval: 5}", "wrong-type 4:29", "must be a duration", "`interval: 30s`"),
    ("healthcheck: {interval: 5 minutes}", "invalid-duration 4:29", "there is no unit", "`interval: 30s`"),
    ("stop_grace_period: '90'", "invalid-duration 4:24", "the unit is missing", "`stop_grace_period: 30s`"),
    ("mem_limit: lots", "invalid-size 4:16", "a number with a unit", "`mem_limit: 512m`"),
    ("mem_limit: 10q", "invalid-size 4:16", "no unit 'q'", ""),
    (
        "deploy: {resources: {limits: {memory: 5}}}",
        "wrong-type 4:43",
        "must be a size with a unit or in quotes",
        "`memory: 512M`",
    ),
    ("cpus: half", "invalid-number 4:11", "must be a number, not 'half': it is a number such as 0.5", "`cpus: 0.5`"),
    ("oom_score_adj: 2000", "invalid-number 4:20", "-1000 and 1000", ""),
    ("cgroup: shared", "invalid-choice 4:13", "one of host, private", "`cgroup: host`"),
    ("pull_policy: often", "invalid-choice 4:18", "one of always, never", ""),
    ("container_name: '-'", "invalid-name 4:21", "two or more letters", ""),
    (
        "depends_on: {db: {}}",
        "missing-key 4:22",
        "services.web.depends_on.db needs 'condition'",
        "`condition: service_started`",
    ),
    ("depends_on: {db: {condition: up}}", "invalid-choice 4:34", "one of service_started", ""),
    ("depends_on: {'a b': {condition: service_started}}", "invalid-name 4:18", "'a b' is not a valid name", "letters"),
    ("volumes: [{source: a, target: /b}]", "missing-key 4:15", "services.web.volumes.0 needs 'type'", "`type: bind`"),
    ("ports: [{published: 80}]", "missing-key 4:13", "services.web.ports.0 needs 'target'", "`target: 8080`"),
    ("configs: [{source: a, mode: '9'}]", "invalid-mode 4:33", "octal", ""),
    ("volumes: [{type: tmpfs, target: /a, tmpfs: {mode: '1777'}}]", "wrong-type 4:55", "permission bits", "01777"),
    ("volumes: [{type: tmpfs, target: /a, tmpfs: {size: -1}}]", "invalid-size 4:55", "it is negative", "`size: 64m`"),
    ("blkio_config: {weight: '300'}", "wrong-type 4:28", "without quotes", ""),
    ("security_opt: [a, b, a]", "duplicate-item 4:26", "names 'a' twice", "remove"),
    ("networks: [front, front]", "duplicate-item 4:23", "names 'front' twice", ""),
    ("extra_hosts: [db]", "invalid-host 4:19", "'db' is not a host name and an address", "name=address"),
    ("command: nginx -g 'daemon", "invalid-command 4:14", "left open", "list of words"),
    ("command: [a, 1]", "wrong-type 4:18", "services.web.command.1 must be text", ""),
    ("command: 5", "wrong-type 4:14", "must be text or a list of words", ""),
    ("healthcheck: {test: [curl, x]}", "invalid-choice 4:26", "must begin with CMD", "CMD"),
    ("ulimits: {nofile: {soft: 1}}", "missing-key 4:23", "needs 'hard'", "`hard: 3`"),
    ("gpus: some", "invalid-choice 4:11", "all or a list", "gpus: all"),
    ("build: {additional_contexts: [base]}", "missing-value 4:35", "'base' has no value", "base=<value>"),
    ("build: {ssh: [key]}", "missing-value 4:19", "'key' has no path", "default"),
    ("build:", "wrong-type 4:11", "text or a mapping, not nothing", ""),
    ("deploy: {update_config: {order: both}}", "invalid-choice 4:37", "start-first, stop-first", ""),
    ("cpu_percent: 120", "invalid-number 4:18", "0 to 100", ""),
]


@pytest.mark.parametrize(("body", "finding", "message", "advice"), CASES, ids=[case[0] for case in CASES])
def test_a_wrong_shape_is_told_with_its_place(body: str, finding: str, message: str, advice: str) -> None:
    findings = shape(service(body))
    assert told(findings) == [finding]
    assert message in findings.diagnostics[0].message
    assert advice in findings.diagnostics[0].help


def test_everything_that_is_wrong_is_told_at_once() -> None:
    text = service("tty: 5\nports: 80\nfoo: 1\ndeploy:\n  replicas: x\n  mod: global")
    assert told(shape(text)) == [
        "wrong-type 4:10",
        "wrong-type 5:12",
        "unknown-key 6:5",
        "invalid-number 8:17",
        "unknown-key 9:7",
    ]


@pytest.mark.parametrize(
    ("text", "finding", "advice"),
    [
        ("servces: {}", "unknown-key 1:1", "did you mean `services`?"),
        ("web: {image: nginx}", "unknown-key 1:1", "below `services:`"),
        ("services: {'a b': {image: x}}", "invalid-name 1:12", "letters"),
        ("services: {web: }", "wrong-type 1:17", ""),
        ("services: []", "wrong-type 1:11", ""),
        ("networks: {a: 5}", "wrong-type 1:15", ""),
        ("volumes: {a: {external: perhaps}}", "invalid-boolean 1:25", ""),
        ("models: {m: {}}", "missing-key 1:13", "model: some text"),
    ],
)
def test_the_top_of_a_file_is_checked_too(text: str, finding: str, advice: str) -> None:
    findings = shape(text)
    assert told(findings) == [finding]
    assert advice in findings.diagnostics[0].help


@pytest.mark.parametrize(
    "body",
    [
        "environment: [hunter2=x, [hunter2]]",
        "environment: [A=hunter2, A=hunter2]",
        "build: {context: ., args: [[hunter2]]}",
        "environment: {A: {hunter2: hunter2}}",
    ],
)
def test_values_of_variables_are_never_quoted(body: str) -> None:
    findings = shape(service(body))
    assert findings.diagnostics
    assert not any("hunter2" in found.message + found.help for found in findings.diagnostics)


@pytest.mark.parametrize(
    "body",
    [
        "environment: {A: 1, B: 1.5, C: true, D: , E: x}",
        "labels: [a, b=c]",
        "ports: [80, '8080:80', {target: '80', published: 8080}]",
        "deploy:",
        "command:",
        "networks: {front: , back: {}}",
        "x-anything: [{at: all}]",
        "deploy: {x-deploy: 1}",
        "pids_limit: 1.5",
        "scale: 2.0",
        "ulimits: {nofile: 1, core: {soft: '1', hard: -1}}",
        "gpus: all",
        "extra_hosts: {a: [1.1.1.1, '::1'], b: 2.2.2.2}",
        "tty: 'yes'",
        "pull_policy: every_12h",
        "dns: 8.8.8.8",
        "env_file: a.env",
        "env_file: [a.env, {path: b.env, required: false, format: raw}]",
    ],
)
def test_what_docker_compose_accepts_is_fine(body: str) -> None:
    assert told(shape(service(body))) == []


def test_a_key_docker_compose_drops_in_silence_is_only_a_warning() -> None:
    [found] = shape(service("gpus: [{driver: nvidia, nope: 1}]")).diagnostics
    assert (found.code, found.severity.word) == ("unknown-key", "warning")
