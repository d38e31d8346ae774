"""Every field of a workload, set to something: it changes the output, or the ledger says that it does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.grammar import leaves
from intermodal.compose.load import Request, load
from intermodal.model.ledger import UNCLASSIFIED, ledger
from intermodal.model.patterns import compiled
from intermodal.model.platform import Settings
from intermodal.model.support import Approximate, Exact
from intermodal.platforms.kubernetes.support import SUPPORT
from intermodal.platforms.kubernetes.support.workload import WORKLOAD
from intermodal.platforms.kubernetes.terms import DEFAULT
from intermodal.platforms.kubernetes.translate import translate

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.model.support import Entry

WAITED = {"depends_on": {"db": {"condition": "service_healthy"}}}
TESTED = {"healthcheck": {"test": ["CMD", "true"]}}
UPDATED = {"deploy": {"update_config": {"parallelism": 2}}}
STARTING = {"healthcheck": {"test": ["CMD", "true"], "start_period": "20s"}}
HOOK = [{"command": ["true"]}]
RESERVED = {"capabilities": ["gpu"], "driver": "nvidia"}
TASK = {"restart": "no", "command": ["work"]}

SAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "profiles.*": ({}, {"profiles": ["dev"]}),
    "annotations.*": ({}, {"annotations": {"example.org/a": "b"}}),
    "attach": ({}, {"attach": False}),
    "build.context": ({}, {"build": {"context": "."}}),
    "blkio_config.weight": ({}, {"blkio_config": {"weight": 300}}),
    "cap_add.*": ({}, {"cap_add": ["NET_ADMIN"]}),
    "cap_drop.*": ({}, {"cap_drop": ["ALL"]}),
    "cgroup": ({}, {"cgroup": "host"}),
    "cgroup_parent": ({}, {"cgroup_parent": "slice"}),
    "command.*": ({}, {"command": ["serve", "$$(x)"]}),
    "cpu_count": ({}, {"cpu_count": 2}),
    "cpu_percent": ({}, {"cpu_percent": 20.0}),
    "cpu_period": ({"cpu_quota": 50000}, {"cpu_period": 200000}),
    "cpu_quota": ({}, {"cpu_quota": 50000}),
    "cpu_rt_period": ({}, {"cpu_rt_period": "400"}),
    "cpu_rt_runtime": ({}, {"cpu_rt_runtime": "400"}),
    "cpu_shares": ({}, {"cpu_shares": 512}),
    "cpus": ({}, {"cpus": 0.5}),
    "cpuset": ({}, {"cpuset": "0,1"}),
    "credential_spec.file": ({}, {"credential_spec": {"file": "spec.json"}}),
    "depends_on.*.condition": ({}, WAITED),
    "depends_on.*.required": (WAITED, {"depends_on": {"db": {"required": False}}}),
    "depends_on.*.restart": (WAITED, {"depends_on": {"db": {"restart": True}}}),
    "deploy.labels.*": ({}, {"deploy": {"labels": {"tier": "front"}}}),
    "deploy.mode": ({}, {"deploy": {"mode": "global"}}),
    "deploy.placement.constraints.*": ({}, {"deploy": {"placement": {"constraints": ["node.hostname == a"]}}}),
    "deploy.placement.max_replicas_per_node": ({}, {"deploy": {"placement": {"max_replicas_per_node": 1}}}),
    "deploy.placement.preferences.*.spread": (
        {},
        {"deploy": {"placement": {"preferences": [{"spread": "node.labels.zone"}]}}},
    ),
    "deploy.replicas": ({}, {"deploy": {"replicas": 3}}),
    "deploy.resources.limits.cpus": ({}, {"deploy": {"resources": {"limits": {"cpus": "0.5"}}}}),
    "deploy.resources.limits.memory": ({}, {"deploy": {"resources": {"limits": {"memory": "50M"}}}}),
    "deploy.resources.limits.pids": ({}, {"deploy": {"resources": {"limits": {"pids": 5}}}}),
    "deploy.resources.reservations.cpus": ({}, {"deploy": {"resources": {"reservations": {"cpus": "0.2"}}}}),
    "deploy.resources.reservations.memory": ({}, {"deploy": {"resources": {"reservations": {"memory": "5M"}}}}),
    "deploy.resources.reservations.devices.*.capabilities.*": (
        {},
        {"deploy": {"resources": {"reservations": {"devices": [RESERVED]}}}},
    ),
    "deploy.resources.reservations.devices.*.count": (
        {},
        {"deploy": {"resources": {"reservations": {"devices": [{**RESERVED, "count": 2}]}}}},
    ),
    "deploy.resources.reservations.devices.*.device_ids.*": (
        {},
        {"deploy": {"resources": {"reservations": {"devices": [{**RESERVED, "device_ids": ["0", "3"]}]}}}},
    ),
    "deploy.resources.reservations.devices.*.driver": (
        {},
        {"deploy": {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"], "driver": "amd"}]}}}},
    ),
    "deploy.resources.reservations.devices.*.options.*": (
        {},
        {"deploy": {"resources": {"reservations": {"devices": [{**RESERVED, "options": {"a": "b"}}]}}}},
    ),
    "deploy.resources.reservations.generic_resources.*.discrete_resource_spec.kind": (
        {},
        {
            "deploy": {
                "resources": {
                    "reservations": {"generic_resources": [{"discrete_resource_spec": {"kind": "a", "value": 1}}]}
                }
            }
        },
    ),
    "deploy.resources.reservations.generic_resources.*.discrete_resource_spec.value": (
        {},
        {
            "deploy": {
                "resources": {
                    "reservations": {
                        "generic_resources": [{"discrete_resource_spec": {"kind": "example.org/a", "value": 1}}]
                    }
                }
            }
        },
    ),
    "deploy.restart_policy.condition": ({"command": ["x"]}, {"deploy": {"restart_policy": {"condition": "none"}}}),
    "deploy.restart_policy.delay": ({}, {"deploy": {"restart_policy": {"delay": "5s"}}}),
    "deploy.restart_policy.max_attempts": (
        {"command": ["x"], "deploy": {"restart_policy": {"condition": "on-failure"}}},
        {"deploy": {"restart_policy": {"max_attempts": 3}}},
    ),
    "deploy.restart_policy.window": ({}, {"deploy": {"restart_policy": {"window": "5s"}}}),
    "deploy.rollback_config.delay": ({}, {"deploy": {"rollback_config": {"delay": "5s"}}}),
    "deploy.rollback_config.failure_action": ({}, {"deploy": {"rollback_config": {"failure_action": "pause"}}}),
    "deploy.rollback_config.max_failure_ratio": ({}, {"deploy": {"rollback_config": {"max_failure_ratio": 0.1}}}),
    "deploy.rollback_config.monitor": ({}, {"deploy": {"rollback_config": {"monitor": "5s"}}}),
    "deploy.rollback_config.order": ({}, {"deploy": {"rollback_config": {"order": "start-first"}}}),
    "deploy.rollback_config.parallelism": ({}, {"deploy": {"rollback_config": {"parallelism": 2}}}),
    "deploy.update_config.delay": ({}, {"deploy": {"update_config": {"delay": "5s"}}}),
    "deploy.update_config.failure_action": ({}, {"deploy": {"update_config": {"failure_action": "rollback"}}}),
    "deploy.update_config.max_failure_ratio": ({}, {"deploy": {"update_config": {"max_failure_ratio": 0.1}}}),
    "deploy.update_config.monitor": ({}, {"deploy": {"update_config": {"monitor": "5s"}}}),
    "deploy.update_config.order": (UPDATED, {"deploy": {"update_config": {"order": "start-first"}}}),
    "deploy.update_config.parallelism": ({}, UPDATED),
    "develop.watch.*.action": ({}, {"develop": {"watch": [{"path": ".", "action": "rebuild"}]}}),
    "device_cgroup_rules.*": ({}, {"device_cgroup_rules": ["c 1:3 mr"]}),
    "devices.*.source": ({}, {"devices": ["/dev/a:/dev/b:r"]}),
    "devices.*.target": ({"privileged": True}, {"devices": ["/dev/a:/dev/b:rwm"]}),
    "dns.*": ({}, {"dns": ["10.1.1.1"]}),
    "dns_opt.*": ({}, {"dns_opt": ["ndots:2"]}),
    "dns_search.*": ({}, {"dns_search": ["example.org"]}),
    "domainname": ({}, {"domainname": "example.org"}),
    "entrypoint.*": ({}, {"entrypoint": ["/init", "-x"]}),
    "extra_hosts.*.*": ({}, {"extra_hosts": {"a": "10.1.1.1"}}),
    "gpus.*.count": ({}, {"gpus": [{"count": 2}]}),
    "gpus.*.driver": ({}, {"gpus": [{"driver": "amd"}]}),
    "gpus.*.device_ids.*": ({}, {"gpus": [{"device_ids": ["1", "2"]}]}),
    "gpus.*.capabilities.*": ({}, {"gpus": [{"capabilities": ["compute"]}]}),
    "gpus.*.options.*": ({}, {"gpus": [{"options": {"a": "b"}}]}),
    "group_add.*": ({}, {"group_add": ["7"]}),
    "healthcheck.disable": ({}, {"healthcheck": {"disable": True}}),
    "healthcheck.interval": (TESTED, {"healthcheck": {"interval": "7s"}}),
    "healthcheck.retries": (TESTED, {"healthcheck": {"retries": 8}}),
    "healthcheck.start_interval": (STARTING, {"healthcheck": {"start_interval": "2s"}}),
    "healthcheck.start_period": (TESTED, {"healthcheck": {"start_period": "9s"}}),
    "healthcheck.test.*": ({}, TESTED),
    "healthcheck.timeout": (TESTED, {"healthcheck": {"timeout": "7s"}}),
    "hostname": ({}, {"hostname": "ada"}),
    "image": ({}, {"image": "example.org/other:2"}),
    "init": ({}, {"init": True}),
    "ipc": ({}, {"ipc": "host"}),
    "isolation": ({}, {"isolation": "hyperv"}),
    "labels.*": ({}, {"labels": {"a": "b"}}),
    "logging.driver": ({}, {"logging": {"driver": "syslog"}}),
    "logging.options.*": ({}, {"logging": {"options": {"max-size": "1m"}}}),
    "mac_address": ({}, {"mac_address": "02:42:ac:11:65:43"}),
    "mem_limit": ({}, {"mem_limit": "64m"}),
    "mem_reservation": ({}, {"mem_reservation": "64m"}),
    "mem_swappiness": ({}, {"mem_swappiness": 60}),
    "memswap_limit": ({}, {"memswap_limit": "128m"}),
    "network_mode": ({}, {"network_mode": "host"}),
    "oom_kill_disable": ({}, {"oom_kill_disable": True}),
    "oom_score_adj": ({}, {"oom_score_adj": 100}),
    "pid": ({}, {"pid": "host"}),
    "pids_limit": ({}, {"pids_limit": 100}),
    "platform": ({}, {"platform": "linux/arm64"}),
    "post_start.*.command.*": ({}, {"post_start": HOOK}),
    "post_start.*.environment.*": ({"post_start": HOOK}, {"post_start": [{**HOOK[0], "environment": {"A": "b"}}]}),
    "post_start.*.privileged": ({"post_start": HOOK}, {"post_start": [{**HOOK[0], "privileged": True}]}),
    "post_start.*.user": ({"post_start": HOOK}, {"post_start": [{**HOOK[0], "user": "root"}]}),
    "post_start.*.working_dir": ({"post_start": HOOK}, {"post_start": [{**HOOK[0], "working_dir": "/srv"}]}),
    "pre_stop.*.command.*": ({}, {"pre_stop": HOOK}),
    "pre_stop.*.environment.*": ({"pre_stop": HOOK}, {"pre_stop": [{**HOOK[0], "environment": {"A": "b"}}]}),
    "pre_stop.*.privileged": ({"pre_stop": HOOK}, {"pre_stop": [{**HOOK[0], "privileged": True}]}),
    "pre_stop.*.user": ({"pre_stop": HOOK}, {"pre_stop": [{**HOOK[0], "user": "root"}]}),
    "pre_stop.*.working_dir": ({"pre_stop": HOOK}, {"pre_stop": [{**HOOK[0], "working_dir": "/srv"}]}),
    "privileged": ({}, {"privileged": True}),
    "provider.type": ({}, {"provider": {"type": "awesomecloud"}}),
    "pull_policy": ({}, {"pull_policy": "always"}),
    "read_only": ({}, {"read_only": True}),
    "restart": ({"command": ["x"]}, {"restart": "on-failure"}),
    "runtime": ({}, {"runtime": "kata"}),
    "scale": ({}, {"scale": 3}),
    "security_opt.*": ({}, {"security_opt": ["no-new-privileges:true"]}),
    "shm_size": ({}, {"shm_size": "64m"}),
    "stdin_open": ({}, {"stdin_open": True}),
    "stop_grace_period": ({}, {"stop_grace_period": "90s"}),
    "stop_signal": ({}, {"stop_signal": "SIGQUIT"}),
    "storage_opt.*": ({}, {"storage_opt": {"size": "1G"}}),
    "sysctls.*": ({}, {"sysctls": {"net.ipv4.tcp_syncookies": "0"}}),
    "tty": ({}, {"tty": True}),
    "ulimits.*": ({}, {"ulimits": {"nproc": 65535}}),
    "ulimits.*.soft": ({}, {"ulimits": {"nofile": {"soft": 1, "hard": 2}}}),
    "ulimits.*.hard": ({}, {"ulimits": {"nofile": {"soft": 1, "hard": 2}}}),
    "use_api_socket": ({}, {"use_api_socket": True}),
    "user": ({}, {"user": "1000:1000"}),
    "userns_mode": ({}, {"userns_mode": "private"}),
    "uts": ({}, {"uts": "host"}),
    "working_dir": ({}, {"working_dir": "/srv"}),
}
"""Field of a service -> what is there in both cases, and what is added."""

SIMILAR = ("build.", "blkio_config.", "credential_spec.", "develop", "provider.options", "models.", "extends.")
"""Groups with one verdict for all of their fields, of which one stands for all."""
ELSEWHERE = ("label_file.*", "pull_refresh_after", "deploy", "devices.*.permissions")
"""Fields that need files, have no long form of their own, or are told by another sample."""


def merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one.get(key), value) for key, value in other.items()}}
    return other


def run(folder: Path, service: dict[str, Any]) -> tuple[Any, dict[str, Entry]]:
    """The documents and the ledger of an application whose service `web` has these fields."""
    db = {"image": "example.org/db:1", "expose": ["1"], "healthcheck": {"test": ["CMD", "true"]}}
    file = folder / "compose.yaml"
    application = {"name": "shop", "services": {"web": {"image": "example.org/web:1", **service}, "db": db}}
    file.write_text(json.dumps(application))
    request = Request(files=(str(file),), environment={}, working_directory=str(folder), stdin=None, profiles=("dev",))
    loaded = load(request)
    made = translate(loaded.application, Settings(), loaded.files)
    entries = ledger(loaded.application, SUPPORT, made.notes)
    by_path = {".".join(map(str, entry.leaf.path)): entry for entry in entries}
    return [document.content for document in made.documents], by_path


@pytest.mark.parametrize("field", SAMPLES)
def test_a_field_changes_the_output_or_is_reported(field: str, tmp_path: Path) -> None:
    base, added = SAMPLES[field]
    documents, before = run(tmp_path, base)
    changed, after = run(tmp_path, merged(base, added))
    new = [after[path] for path in after if path not in before or path.endswith(f".{field}")]
    told = [entry.outcome for entry in new if fits(entry.leaf.path, field)]
    assert told, f"the ledger has no entry for {field}: {sorted(after)}"
    assert UNCLASSIFIED not in told
    promised = any(isinstance(outcome, (Exact, Approximate)) and outcome.how != DEFAULT for outcome in told)
    in_force = all(entry.leaf.standing.value == "in force" for entry in new if fits(entry.leaf.path, field))
    assert not (promised and in_force) or changed != documents, f"{told} without a change in the documents"


def fits(path: tuple[str | int, ...], field: str) -> bool:
    pattern = ("services", "web", *field.split("."))
    return len(path) == len(pattern) and all(
        wanted in {"*", str(key)} for wanted, key in zip(pattern, path, strict=True)
    )


def test_every_field_of_the_table_has_a_sample() -> None:
    ours = compiled(WORKLOAD)
    missing = []
    for leaf in leaves():
        position = ours
        for key in leaf:
            position = position.step(key)
        field = ".".join(leaf[2:])
        if leaf[0] == "services" and position.row is not None and not field.startswith(SIMILAR):
            missing += [field] if field not in SAMPLES and field not in ELSEWHERE else []
    assert [field for field in missing if "x-*" not in field] == []


def test_every_field_of_compose_is_classified() -> None:
    table = compiled(SUPPORT)
    unknown = []
    for leaf in leaves():
        position = table
        for key in leaf:
            position = position.step(key)
        unknown += [leaf] if position.row is None else []
    assert unknown == []
