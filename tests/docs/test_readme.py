"""The README's two commands: the gate runs one of them, and the other translates once set up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from tests.docs.pages import ROOT, Command, follow, scratch

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [block.strip() for block in re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]


def test_the_gate_runs_the_command_that_tests() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"'{COMMANDS[1]}'" in gate


def test_the_first_command_translates_an_application(tmp_path: Path) -> None:
    setup, _, translation = COMMANDS[0].partition(" && .venv/bin/")
    assert setup == "./setup"
    project = scratch(tmp_path)
    printed = follow(Command(translation, "", (0, 0)), project)
    objects = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((project / "out").rglob("*.yaml"))]
    kinds = {found["kind"] for found in objects}
    assert {"Deployment", "Service"} <= kinds, printed


def test_the_third_command_installs_what_the_gate_installs_and_runs_what_is_there() -> None:
    packages, setup, example = COMMANDS[2].split(" && ")
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(f"={package}" in gate for package in packages.split()[3:])
    assert setup == "./setup"
    assert (ROOT / example).stat().st_mode & 0o100
