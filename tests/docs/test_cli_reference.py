"""The page about the command line holds what `--help` says, and every exit code and format there is."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import click

from intermodal.cli import output
from intermodal.cli.commands import COMMANDS
from intermodal.cli.main import intermodal

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "cli.md").read_text("utf-8")


def generated() -> Any:
    """The module that fills the pages."""
    spec = importlib.util.spec_from_file_location("generated", DOCS / "generated.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_option_of_every_command_is_on_the_page() -> None:
    said = generated().commands()
    sections = {section.split("`")[1]: section for section in said.split("### ")[1:]}
    assert list(sections) == ["intermodal", *(f"intermodal {name}" for name in COMMANDS)]
    for name in COMMANDS:
        command = intermodal.get_command(None, name)  # type: ignore[arg-type]
        assert command
        options = [found for found in command.params if isinstance(found, click.Option) and not found.hidden]
        for option in options:
            assert max(option.opts, key=len) in sections[f"intermodal {name}"]
        assert "-h, --help" in sections[f"intermodal {name}"]
    assert max(map(len, said.splitlines())) <= 100


def test_the_page_asks_for_it() -> None:
    assert "<!-- generated: commands -->" in PAGE


def test_every_exit_code_and_format_is_on_the_page() -> None:
    for code in output.CODES:
        assert f"\n| {code} | " in PAGE
    for form in output.FORMATS:
        assert f"\n| `{form}` | " in PAGE
