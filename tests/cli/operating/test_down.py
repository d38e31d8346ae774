from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli
    from tests.fakes.engine import FakeEngine


class Typed(io.StringIO):
    """Somebody at a terminal who types this."""

    def isatty(self) -> bool:
        return True


def test_down_removes_all_but_volumes(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    del shop
    cli("up")
    ran = cli("down")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines().index("service web: removing") < ran.err.splitlines().index("service db: removing")
    assert ran.err.endswith("3 removed; 0.0s\n")
    running = fake.observe("shop")
    assert (running.services, running.networks, running.volumes) == ({}, (), ("shop_data",))
    again = cli("down")
    assert (again.code, again.err) == (0, "nothing of an application called shop is on this engine\n")


def test_a_name_is_enough_and_no_file_is_needed(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    cli("up")
    shop.unlink()
    assert cli("down", "-p", "shop").code == 0
    assert not fake.services["shop"]


def test_without_a_terminal_volumes_go_only_with_yes(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    del shop
    cli("up")
    ran = cli("down", "--volumes")
    assert ran.code == 2
    assert "error[confirmation-needed]: data would be deleted, and nobody can be asked: volumes shop_data" in ran.err
    assert fake.services["shop"]
    said = json.loads(cli("down", "--volumes", "--json").out)
    assert said["diagnostics"][0]["code"] == "confirmation-needed"
    ran = cli("down", "--volumes", "--dry-run")
    assert (ran.code, "- remove volume shop_data\n" in ran.out) == (0, True)
    assert cli("down", "--volumes", "--yes").code == 0
    assert fake.observe("shop").volumes == ()


@pytest.mark.parametrize(
    ("typed", "code", "left"), [("y\n", 0, ()), ("n\n", 1, ("shop_data",)), ("\n", 1, ("shop_data",))]
)
def test_at_a_terminal_somebody_is_asked(
    cli: Cli,
    shop: Path,
    fake: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    code: int,
    left: tuple[str, ...],
) -> None:
    del shop
    cli("up")
    said = Typed()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", Typed(typed))
        patch.setattr("sys.stderr", said)
        patch.setenv("TERM", "dumb")
        assert cli("down", "--volumes").code == code
    assert "- remove volume shop_data\n" in said.getvalue(), said.getvalue()
    assert "Delete the volumes and the data in them? [y/N]:" in said.getvalue()
    assert fake.observe("shop").volumes == left


def test_some_services_only(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    del shop
    cli("up")
    assert cli("down", "web").code == 0
    assert set(fake.services["shop"]) == {"db"}
