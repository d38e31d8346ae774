"""The examples are applications that docker compose accepts, and their pages' commands do what they say."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from intermodal.cli.main import run
from tests.compose.oracle import ask

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/compose.yaml"))


def test_there_are_examples() -> None:
    names = {path.parent.name for path in EXAMPLES}
    assert {"voting-app", "sock-shop", "monitoring", "socket-server"} <= names


@pytest.mark.parametrize("compose", EXAMPLES, ids=lambda path: path.parent.name)
def test_docker_compose_accepts_it(compose: Path) -> None:
    answer = ask((compose.name,), compose.parent)
    assert answer.config is not None, answer.reason
    assert answer.config["name"] == compose.parent.name


@pytest.mark.parametrize("compose", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_commands_of_its_page_succeed(compose: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(compose.parents[1], tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    page = (compose.parent / "README.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    commands = [shlex.split(line.partition(" > ")[0])[1:] for line in lines if line.startswith("intermodal ")]
    assert {"kubernetes", "swarm"} <= {word for command in commands for word in command}
    for command in commands:
        assert run(command) == 0, command
