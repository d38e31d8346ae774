from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from intermodal.cli import connection

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli
    from tests.cli.operating.conftest import FakePlatform


def test_host_context_home_and_environment_are_handed_on(
    cli: Cli, shop: Path, platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shop
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("DOCKER_HOST", "unix:///there")
    cli("ps", "--host", "tcp://one:1")
    cli("ps", "--context", "two")
    first, second = platform.targets
    assert (first.host, first.context, first.home) == ("tcp://one:1", "", "/home/me")
    assert (second.host, second.context) == ("", "two")
    assert first.environment["DOCKER_HOST"] == "unix:///there"


def test_engines_of_nodes_are_handed_on(
    cli: Cli, shop: Path, platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shop
    monkeypatch.setenv(connection.ENGINES, "a=unix:///a b=unix:///b")
    cli("ps", "--set", "engine.b=unix:///other", "--set", "other=1")
    (target,) = platform.targets
    assert target.options == {"engine.a": "unix:///a", "engine.b": "unix:///other", "other": "1"}


@pytest.mark.parametrize("command", ["ps", "plan"])
@pytest.mark.parametrize(
    "said",
    [
        ("swarm", "compose", "kubernetes", "swarm"),
        ("", "compose", "kubernetes", "compose"),
        ("", "", "swarm", "swarm"),
        ("", "", "", ""),
    ],
)
def test_the_platform_is_the_option_s_the_variable_s_or_the_file_s(
    cli: Cli,
    shop: Path,
    platform: FakePlatform,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    said: tuple[str, str, str, str],
) -> None:
    flag, variable, in_file, expected = said
    text = {**json.loads(shop.read_text("utf-8")), "x-intermodal": {"platform": in_file}}
    shop.write_text(json.dumps(text), "utf-8")
    monkeypatch.setenv(connection.PLATFORM, variable)
    asked: list[str] = []

    def find(name: str) -> FakePlatform:
        asked.append(name)
        return platform

    monkeypatch.setattr(connection, "find", find)
    ran = cli(command, *(("--platform", flag) if flag else ()))
    assert asked == ([expected] if expected else [])
    assert ("error[platform-not-chosen]" in ran.err) == (not expected)


def test_the_name_may_come_from_the_environment(cli: Cli, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.unlink()
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", "other")
    assert "called other" in cli("ps").err


def test_a_platform_that_is_only_translated_to(cli: Cli, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from intermodal.platforms import find  # noqa: PLC0415 - this test alone wants the true one

    del shop
    monkeypatch.setattr(connection, "find", find)
    ran = cli("ps", "--platform", "kubernetes")
    assert ran.code == 2
    assert "error[platform-not-operated]" in ran.err
