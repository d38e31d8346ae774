"""scale, restart, rollback: commands that need a name and no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.operating.conftest import written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli
    from tests.fakes.engine import FakeEngine


@pytest.fixture
def up(cli: Cli, shop: Path) -> Path:
    assert cli("up").code == 0
    return shop


def test_scale(cli: Cli, up: Path, fake: FakeEngine) -> None:
    up.unlink()
    ran = cli("scale", "web=3", "db=0", "-p", "shop")
    assert ran.code == 0
    assert [len(held.instances) for held in fake.services["shop"].values()] == [0, 3]
    assert ran.err.splitlines()[-1].startswith("2 updated; 2 services healthy; ")


def test_a_number_stays_through_later_ups(cli: Cli, up: Path, fake: FakeEngine) -> None:
    cli("scale", "web=3")
    written(up.parent, "other")
    cli("up")
    assert len(fake.services["shop"]["web"].instances) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("scale",), 2, "SERVICE=NUMBER"),
        (("scale", "web"), 2, "is not SERVICE=NUMBER"),
        (("scale", "nobody=1"), 2, "error[service-not-there]"),
        (("restart", "nobody"), 2, "error[service-not-there]"),
        (("rollback",), 1, "error[nothing-to-roll-back]"),
    ],
)
def test_what_cannot_be(cli: Cli, up: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    del up
    ran = cli(*arguments)
    assert ran.code == code
    assert said in ran.err


def test_restart(cli: Cli, up: Path, fake: FakeEngine) -> None:
    del up
    before = {name: held.instances for name, held in fake.services["shop"].items()}
    assert cli("restart", "web").code == 0
    assert fake.services["shop"]["web"].instances[0].id != before["web"][0].id
    assert fake.services["shop"]["db"].instances == before["db"]
    assert cli("restart").code == 0
    assert fake.services["shop"]["db"].instances[0].id != before["db"][0].id


def test_rollback(cli: Cli, up: Path, fake: FakeEngine) -> None:
    written(up.parent, "other")
    cli("up")
    assert "~ update service web\n" in cli("rollback", "--dry-run").out
    assert cli("rollback").code == 0
    assert fake.services["shop"]["web"].wanted.environment == {"WORD": ""}
