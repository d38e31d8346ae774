from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from tests.cli.conftest import Cli

COMPOSE = """\
name: shop
services:
  web:
    image: nginx:${TAG:-1}
    ports: ["8080:80"]
    depends_on: [db]
    networks: [front]
    volumes: ["data:/data"]
  db:
    build: .
  debug:
    image: busybox
    profiles: [debug, all]
networks: {front: {}}
volumes: {data: {}}
"""
BINARY = Path(sysconfig.get_paths()["purelib"], "compose", "docker-compose")


@pytest.fixture(autouse=True)
def _file(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE)


def oracle(folder: Path, *arguments: str) -> str:
    """What docker compose prints."""
    ran = subprocess.run(
        [BINARY, "config", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return ran.stdout


def test_yaml_and_json_are_what_docker_compose_prints(cli: Cli, tmp_path: Path) -> None:
    assert yaml.safe_load(cli("config").out) == yaml.safe_load(oracle(tmp_path))
    assert json.loads(cli("config", "--format", "json").out) == json.loads(oracle(tmp_path, "--format", "json"))


@pytest.mark.parametrize("listed", ["--services", "--volumes", "--networks", "--images", "--profiles"])
def test_lists_are_those_of_docker_compose(cli: Cli, tmp_path: Path, listed: str) -> None:
    ours = cli("config", listed).out.splitlines()
    assert ours
    assert sorted(ours) == sorted(oracle(tmp_path, listed).splitlines())


def test_profiles_are_activated(cli: Cli) -> None:
    assert cli("config", "--services").out.splitlines() == ["web", "db"]
    assert "debug" in cli("config", "--services", "--profile", "debug").out.splitlines()


def test_several_files_are_merged(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("services: {web: {image: other}}\n")
    assert "image: other" in cli("config", "-f", "compose.yaml", "-f", "more.yaml").out


def test_variables_may_stay(cli: Cli) -> None:
    assert "nginx:${TAG:-1}" in cli("config", "--no-interpolate").out.replace("$$", "$")


def test_quiet_prints_nothing(cli: Cli, tmp_path: Path) -> None:
    assert cli("config", "-q") == (0, "", "")
    (tmp_path / "compose.yaml").write_text("services: {web: {imag: a}}\n")
    ran = cli("config", "-q")
    assert ran.code == 2
    assert "error[" in ran.err


def test_what_is_printed_can_be_read_again(cli: Cli, tmp_path: Path) -> None:
    first = cli("config").out
    (tmp_path / "again.yaml").write_text(first)
    assert cli("config", "-f", "again.yaml").out == first
