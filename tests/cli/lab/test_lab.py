"""`intermodal lab` as it is typed, without making a lab: tests/lab makes them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from intermodal.cli.lab import SUBCOMMANDS, node
from intermodal.lab.faults import FAULTS

if TYPE_CHECKING:
    from tests.cli.conftest import Cli


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command does to PATH ends with the test."""
    monkeypatch.setenv("PATH", os.environ["PATH"])


def test_without_a_word_help_is_shown(cli: Cli) -> None:
    ran = cli("lab")
    assert ran.code == 0
    assert ran.out == cli("lab", "--help").out


def test_the_table_agrees_with_the_commands(cli: Cli) -> None:
    for name, said in SUBCOMMANDS.items():
        ran = cli("lab", name, "--help")
        assert ran.code == 0
        assert said.rstrip(".") in " ".join(ran.out.split())
        assert 0 < ran.out.index("Examples:") < ran.out.index("Options:")


def test_everything_that_can_be_done_to_a_node_can_be_typed() -> None:
    assert set(node.ACTIONS) == {*FAULTS, "slow"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lab", "upp"), "did you mean `up`?"),
        (("lab", "up", "--platform", "nomad"), "swarm"),
        (("lab", "node", "burn", "lab-1"), "stop"),
        (("lab", "node", "stop", "lab-1", "--rate", "1mbit"), "--rate is for slow"),
        (("lab", "images", "load"), "TAR|IMAGE"),
    ],
)
def test_misuse_is_a_diagnostic(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    ran = cli(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("error[usage]: ")
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("lab", "up", "--name", "Ä"), "lab-name-invalid"),
        (("lab", "up", "--nodes", "99"), "lab-size"),
        (("lab", "up", "--subnet", "nonsense"), "lab-subnet-unsuitable"),
    ],
)
def test_wishes_that_cannot_be_are_answered_before_anything_is_looked_at(
    cli: Cli, arguments: tuple[str, ...], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    ran = cli(*arguments)
    assert ran.code == 2
    assert ran.err.startswith(f"error[{code}]: ")


@pytest.mark.parametrize("arguments", [("up",), ("down",), ("status",), ("node", "stop", "x"), ("images", "load", "x")])
def test_who_is_not_root_is_told(cli: Cli, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda program: f"/bin/{program}")
    ran = cli("lab", *arguments)
    assert ran.code == 1
    assert ran.err.startswith("error[lab-needs-root]: ")
