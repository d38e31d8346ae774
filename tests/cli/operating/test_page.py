"""The page about running applications names every field that programs read, and every form of progress."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from intermodal.cli import options, ps

if TYPE_CHECKING:
    from tests.cli.conftest import Cli

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "operate.md").read_text("utf-8")
ELSEWHERE = {
    "schema",
    "severity",
    "message",
    "help",
    "place",
    "secondary",
    "target",
    "published",
    "protocol",
    "address",
}


def keys(value: Any) -> set[str]:
    """Every key of a piece of JSON."""
    if isinstance(value, dict):
        return {*value, *(key for item in value.values() for key in keys(item))}
    return {key for item in value for key in keys(item)} if isinstance(value, list) else set()


@pytest.mark.parametrize("arguments", [("plan", "--json"), ("up", "--json"), ("ps", "--json")])
def test_every_field_is_on_the_page(cli: Cli, shop: Path, arguments: tuple[str, ...]) -> None:
    del shop
    if arguments[0] == "ps":
        cli("up")
    out = cli(*arguments).out
    said = [json.loads(line) for line in out.splitlines()] if arguments[0] == "up" else [json.loads(out)]
    assert said
    for key in keys(said) - ELSEWHERE:
        assert f"`{key}`" in PAGE or f'"{key}"' in PAGE, key


def test_every_form_of_progress_is_on_the_page() -> None:
    for form in options.PROGRESS:
        assert f"\n| `{form}` | " in PAGE


def test_names_of_services_are_completed(shop: Path) -> None:
    context = click.Context(ps.command)
    context.params = dict.fromkeys(("files", "profiles", "env_files"), ())
    context.params |= {"files": (str(shop),), "project_name": "", "project_directory": ""}
    argument = ps.command.params[0]
    assert options.complete_service(context, argument, "w") == ["web"]
    assert options.complete_service(context, argument, "") == ["db", "web"]
    shop.write_text("services: [", "utf-8")
    assert options.complete_service(context, argument, "") == []
