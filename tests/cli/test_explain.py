from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.cli.explain import codes

if TYPE_CHECKING:
    from tests.cli.conftest import Cli


def test_a_page_is_printed(cli: Cli) -> None:
    ran = cli("explain", "output-folder-not-empty")
    assert ran.code == 0
    assert ran.out.startswith("# output-folder-not-empty\n")
    assert "--force" in ran.out


def test_without_a_code_all_are_listed(cli: Cli) -> None:
    assert cli("explain").out.splitlines() == codes()


def test_a_misspelt_code_is_answered_with_the_nearest(cli: Cli) -> None:
    ran = cli("explain", "output-foldr-not-empty")
    assert ran.code == 2
    assert "error[unknown-code]" in ran.err
    assert "did you mean `output-folder-not-empty`?" in ran.err


def test_a_code_is_no_path(cli: Cli) -> None:
    assert cli("explain", "../kit/__init__").code == 2
    assert cli("explain", "a\0b").code == 2
