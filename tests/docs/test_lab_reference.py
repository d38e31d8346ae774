"""The page about labs holds what every one of their commands says with `--help`."""

from __future__ import annotations

from intermodal.cli.lab import SUBCOMMANDS
from intermodal.cli.lab.node import ACTIONS
from tests.docs.test_cli_reference import DOCS, generated

PAGES = [(DOCS / name).read_text("utf-8") for name in ("reference/lab.md", "how-to/failing-nodes.md")]


def test_every_command_is_on_the_page() -> None:
    assert "<!-- generated: group lab -->" in PAGES[0]
    said = generated().group("lab")
    assert [section.split("`")[1] for section in said.split("### ")[1:]] == [
        f"intermodal lab {each}" for each in SUBCOMMANDS
    ]
    assert max(map(len, said.splitlines())) <= 100


def test_everything_that_can_be_done_to_a_node_is_shown() -> None:
    for action in ACTIONS:
        assert f"intermodal lab node {action} " in PAGES[1]
