"""A lab's life as it is typed."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.address import parsed
from intermodal.clients.docker.engine import Engine
from tests.lab import small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Cli

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("able")]

NAME = "typed"


@pytest.fixture
def host(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A lab of two engines, as `export DOCKER_HOST` says it."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    ran = cli("lab", "up", "--name", NAME, "--platform", "compose", "--nodes", "2")
    assert ran.code == 0
    script = 'eval "$1"; test "$INTERMODAL_PLATFORM" = compose && test "$REGISTRY" && echo $DOCKER_HOST'
    done = subprocess.run(["sh", "-c", script, "sh", ran.out], capture_output=True, check=True)
    assert re.search(rf"^export INTERMODAL_ENGINES='{NAME}-1=unix://\S+ {NAME}-2=unix://\S+'$", ran.out, re.MULTILINE)
    assert re.search(rf"# {NAME}: 2 nodes in [0-9.]+ s\n", ran.out)
    yield done.stdout.decode().strip()
    assert cli("lab", "down", "--name", NAME).code == 0
    assert cli("lab", "status", "--name", NAME).code == 1


def test_a_lab_from_its_making_to_its_end(cli: Cli, host: str, tmp_path: Path) -> None:
    with Engine(parsed(host)) as engine:
        small.make(engine, "small:1")
    again = cli("lab", "up", "--name", NAME, "--json")
    said = json.loads(again.out)
    assert (said["made"], said["complete"], said["host"]) == (False, True, host)
    assert [node["state"] for node in said["nodes"]] == ["running", "running"]
    second = said["nodes"][1]["host"]

    loaded = cli("lab", "images", "load", "--name", NAME, "--from", host, "small:1")
    assert (loaded.code, loaded.out) == (0, "small:1\n")
    with Engine(parsed(second)) as engine:
        assert engine.call("GET", "/images/small:1/json")
        engine.call("DELETE", "/images/small:1")

    pushed = cli("lab", "images", "load", "--name", NAME, "--from", host, "--registry", "small:1")
    assert pushed.out == f"{said['registry']}/library/small:1\n"
    with Engine(parsed(second)) as engine:
        answer = b"".join(engine.stream("POST", "/images/create", query={"fromImage": "small", "tag": "1"}))
        assert b"Downloaded newer image for small:1" in answer

    (tmp_path / "no.tar").write_text("no archive")
    refused = cli("lab", "images", "load", "--name", NAME, "no.tar")
    assert refused.code == 1
    assert refused.err.startswith("error[lab-image-refused]: ")

    stopped = cli("lab", "node", "stop", "2", "--name", NAME)
    assert (stopped.code, stopped.err) == (0, f"{NAME}-2 is off\n")
    assert re.search(rf"{NAME}-2 +engine +stopped +none", cli("lab", "status", "--name", NAME).out)
    assert cli("lab", "node", "cut", "2", "--name", NAME).code == 1
    assert cli("lab", "node", "start", f"{NAME}-2", "--name", NAME, "-q").err == ""
    listed = json.loads(cli("lab", "status", "--json").out)
    assert {lab["name"]: lab["platform"] for lab in listed["labs"]}[NAME] == "compose"
