"""What `config` prints, for what the corpus and the cases do not reach. The rest is in `test_oracle.py`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.load import Request, load
from intermodal.compose.render import render
from tests.compose import oracle
from tests.compose.trees import FOLDER, service, whole

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"configs": "{c: {content: x}}", "secrets": "{s: {file: ./s}}", "volumes": "{data: }"}
REST = (
    "".join(f"{section}: {parts}\n" for section, parts in NAMES.items())
    + "networks: {front: {}}\nmodels: {m: {model: x}}\n"
)

BODIES = [
    "blkio_config: {weight: 300, weight_device: [{path: /dev/a, weight: 1}]}",
    "blkio_config: {device_read_bps: [{path: /dev/a, rate: 1mb}, {}], device_write_iops: [{path: a, rate: 5}]}",
    "cpus: 0.3333333333\ncpu_percent: 50\ncpu_shares: 1.5",
    "deploy: {}",
    "deploy:",
    "deploy: {replicas: 0, update_config: {parallelism: 0, delay: 0s, max_failure_ratio: 0.1}}",
    "deploy: {restart_policy: {max_attempts: 0, window: 0s}}",
    "deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: a}}]}}}",
    "develop: {watch: [{path: ., action: sync+exec, target: /a, exec: {command: a b}}, {path: ./b, action: rebuild}]}",
    "environment: {A: 1.0, B: 1e6, C: true, D: , E: 0x10, F: 1e21, G: .5}",
    "extra_hosts: {b: [2.2.2.2, '::1'], a: 1.1.1.1}",
    "gpus: all",
    "healthcheck: {disable: true, retries: 0, interval: 0s}",
    "image: $$a\nlabels: {'$$key': $$value}",
    "init: false\nattach: false\nscale: 0\ntty: false\nprivileged: 'no'",
    "mem_limit: 1.5g\nmemswap_limit: -1\nmem_swappiness: 60\nshm_size: 0",
    "models: [m]",
    "networks: {front: {priority: 1, driver_opts: {a: 1}}, default: }",
    "post_start: [{command: a}, {command: }]\npre_stop: [{command: [], environment: [A]}]",
    "provider: {type: a, options: {b: 1.5, c: [true, d]}}",
    "secrets: [s, {source: s, target: t, mode: 0}]\nconfigs: [{source: c, mode: '0440'}]",
    "stop_grace_period: 0s",
    "ulimits: {nofile: 5, core: 0, nproc: {soft: 0, hard: 1}}",
    "volumes: [data:/a, ./b:/c:ro, /d, {type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 0755}}]",
    "volumes: [{type: bind, source: ., target: /x, bind: {create_host_path: false}}]",
    "x-private: 1\nstorage_opt: {size: 1}",
]


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("body", BODIES)
def test_it_is_what_docker_compose_prints(body: str, form: str, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text((service(body) + REST).replace("    image: nginx\n    image", "    image"))
    theirs = oracle.ask(("compose.yaml",), tmp_path, "-p", "demo", form=form)
    ours = oracle.answer(("compose.yaml",), tmp_path, "demo", form)
    assert theirs.config is not None, theirs.reason
    assert ours.config is not None, ours.reason
    assert oracle.differences(ours.config, theirs.config) == []


def test_keys_stand_in_docker_compose_s_order(tmp_path: Path) -> None:
    body = (
        "working_dir: /a\nimage: b\nports: [80]\ncommand: c\n"
        "deploy: {endpoint_mode: vip, mode: global}\nbuild: {target: t, context: .}"
    )
    (tmp_path / "compose.yaml").write_text((service(body) + REST).replace("    image: nginx\n", ""))
    theirs = oracle.ask(("compose.yaml",), tmp_path, "-p", "demo").config
    ours = oracle.answer(("compose.yaml",), tmp_path, "demo").config
    assert json.dumps(ours) == json.dumps(theirs)


def printed(body: str, *, yaml: bool) -> Any:
    return render(whole(service(body) + REST), yaml=yaml)


def test_yaml_leaves_out_what_is_empty_and_keeps_extensions() -> None:
    body = (
        "deploy: {x-d: 1}\nulimits: {core: 0}\nblkio_config: {weight_device: [{path: a, weight: 1}]}\n"
        "models: [m]\nx-s: [2]"
    )
    shown = printed(body, yaml=True)
    assert [*shown] == ["name", "services", "networks", "models"]
    assert shown["networks"] == {"default": {"name": "demo_default"}}
    assert shown["services"]["web"] == {
        "blkio_config": {"weight_device": [{"path": "a", "weight": 1}]},
        "deploy": {"x-d": 1},
        "image": "nginx",
        "models": {"m": None},
        "networks": {"default": None},
        "ulimits": {"core": {"soft": 0, "hard": 0}},
        "x-s": [2],
    }


def test_json_shows_empty_parts_and_only_the_top_s_extensions() -> None:
    shown = printed("deploy: {x-d: 1}\nx-s: [2]", yaml=False)
    assert shown["services"]["web"]["deploy"] == {"resources": {}, "placement": {}}
    assert "x-s" not in shown["services"]["web"]
    assert shown["networks"]["default"]["ipam"] == {}


def test_what_no_service_uses_is_not_printed() -> None:
    shown = printed("configs: [c]", yaml=False)
    assert [*shown] == ["configs", "name", "networks", "services"]
    assert [*shown["networks"]] == ["default"]


def test_a_build_key_with_a_path_is_printed_although_docker_compose_cannot() -> None:
    shown = printed("build: {context: ., ssh: [default, k=./key]}", yaml=False)
    assert shown["services"]["web"]["build"]["ssh"] == ["default", f"k: {FOLDER}/key"]


def test_environment_files_are_part_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text("A=file\nB=file\n")
    (tmp_path / "compose.yaml").write_text(service("env_file: a.env\nenvironment: {B: written, C: }"))
    request = Request(files=("compose.yaml",), environment={}, working_directory=str(tmp_path), stdin=None)
    loaded = load(request)
    shown = render(loaded.tree, loaded.application)["services"]["web"]
    assert shown["environment"] == {"A": "file", "B": "written", "C": None}
    assert "env_file" not in shown
