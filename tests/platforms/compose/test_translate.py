from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.load import Request, load
from intermodal.compose.render import render
from intermodal.kit.diagnostics import Rejected
from intermodal.kit.emitter import emit
from intermodal.model.platform import Settings
from intermodal.platforms import find, translated
from intermodal.platforms.compose.translate import translate
from tests.compose.oracle import ask
from tests.platforms.compose.samples import everything, load_text

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.compose.load import Loaded

SOURCE = """
name: shop
x-top: {a: 1}
services:
  web:
    image: web:${TAG:-1}
    command: echo $$HOME
    env_file: some.env
    environment: {OWN: "2", UNSET: , BOTH: environment}
    mem_limit: 65536k
    privileged: false
    stop_grace_period: 90s
    ulimits: {nofile: 10, nproc: {soft: 1, hard: 2}}
    gpus: all
    configs: [{source: c, mode: 0440}]
    deploy: {resources: {limits: {cpus: "0.50", memory: 64M}}, update_config: {delay: 1500ms}}
    healthcheck: {test: "true", interval: 1m}
    x-own: {b: $$x}
  tool: {image: tool, profiles: [debug]}
configs: {c: {content: a$$b}}
"""


def loaded(folder: Path, text: str = SOURCE) -> Loaded:
    (folder / "some.env").write_text("FROM_FILE=a$$b\nBOTH=file\n")
    return load(Request(files=("-",), environment={}, working_directory=str(folder), stdin=text))


def written(found: Loaded) -> dict[str, Any]:
    (document,) = translate(found.application, Settings(), found.files).documents
    assert document.stem == "compose"
    return dict(document.content)


def test_everything_is_resolved_and_in_long_form(tmp_path: Path) -> None:
    assert written(loaded(tmp_path)) == {
        "name": "shop",
        "services": {
            "web": {
                "image": "web:1",
                "command": ["echo", "$$HOME"],
                "configs": [{"source": "c", "mode": "0440"}],
                "deploy": {
                    "update_config": {"delay": "1.5s"},
                    "resources": {"limits": {"cpus": "0.5", "memory": "64m"}},
                },
                "environment": {"FROM_FILE": "a$$b", "BOTH": "environment", "OWN": "2", "UNSET": None},
                "gpus": [{"count": "all"}],
                "healthcheck": {"test": ["CMD-SHELL", "true"], "interval": "1m0s"},
                "mem_limit": "64m",
                "networks": {"default": None},
                "stop_grace_period": "1m30s",
                "ulimits": {"nofile": 10, "nproc": {"soft": 1, "hard": 2}},
                "x-own": {"b": "$$x"},
            }
        },
        "networks": {"default": {"name": "shop_default"}},
        "configs": {"c": {"name": "shop_c", "content": "a$$b"}},
        "x-top": {"a": 1},
    }


def test_a_default_that_is_written_is_not_lost_in_silence(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    entries = translated(find("compose"), found.application, Settings(), found.files).ledger
    said = {".".join(map(str, entry.leaf.path)): getattr(entry.outcome, "how", "") for entry in entries}
    assert said["services.web.privileged"] == "the default"
    assert said["services.web.env_file.0.path"].startswith("environment")
    assert {type(entry.outcome).__name__ for entry in entries} <= {"Exact", "Missing"}


def test_no_secret_is_written(tmp_path: Path) -> None:
    text = "services: {web: {image: x, secrets: [s]}}\nsecrets: {s: {environment: TOKEN}}\n"
    request = Request(files=("-",), environment={"TOKEN": "hush"}, working_directory=str(tmp_path), stdin=text)
    assert "hush" not in emit(written(load(request)))


def test_all_samples_mean_the_same_again_to_us_and_to_docker_compose(tmp_path: Path) -> None:
    source = load_text(emit(everything()), tmp_path)
    text = emit(written(source))
    again = load_text(text, tmp_path)
    assert written(again) == written(source)
    for service in render(again.tree, again.application)["services"]:
        assert service in render(source.tree, source.application)["services"]
    (tmp_path / "compose.yaml").write_text(text)
    answer = ask(("compose.yaml",), tmp_path)
    assert answer.config is not None, answer.reason
    assert sorted(answer.config["services"]) == sorted(source.application.services)


def test_an_unknown_value_of_an_option_is_refused(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    with pytest.raises(Rejected):
        translate(found.application, Settings(options={"files": "both"}), found.files)
