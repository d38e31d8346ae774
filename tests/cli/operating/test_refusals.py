"""What engines refuse, as it is told: the exit code says whose mistake it is, and one cause is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.model.changes import Kind, NotDone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intermodal.model.changes import Change, Step
    from tests.cli.conftest import Cli
    from tests.fakes.engine import FakeEngine


def refusing(*codes: str) -> Any:
    def act(*_arguments: object, **_more: object) -> None:
        raise NotDone([Diagnostic(code=code, severity=Severity.ERROR, message="no", help="other") for code in codes])

    return act


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        (("service-not-there",), 2),
        (("replicas-negative", "service-not-there"), 2),
        (("service-not-there", "port-taken"), 1),
        (("application-not-there",), 1),
        (("project-elsewhere",), 1),
    ],
)
def test_what_was_said_to_us_is_unusable_the_rest_failed(
    cli: Cli, shop: Path, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch, codes: tuple[str, ...], code: int
) -> None:
    del shop
    monkeypatch.setattr(fake, "scale", refusing(*codes))
    ran = cli("scale", "web=2")
    assert ran.code == code
    assert ran.err.count("error[") == len(codes)


def test_one_cause_of_many_failures_is_told_once(
    cli: Cli, shop: Path, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shop
    true = fake.carry_out

    def act(change: Change, report: Callable[[Step], None]) -> None:
        (true if change.kind is Kind.IMAGE else refusing("disk-full"))(change, report)

    monkeypatch.setattr(fake, "carry_out", act)
    ran = cli("up")
    assert ran.code == 3
    assert ran.err.count("failed (") > 1
    assert ran.err.count("error[disk-full]") == 1


def test_an_engine_that_cannot_tell_logs_is_not_called_silent(
    cli: Cli, shop: Path, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shop
    monkeypatch.setattr(fake, "logs", refusing("engine-unreachable"))
    monkeypatch.setattr(fake, "observe", refusing("engine-unreachable"))
    ran = cli("up")
    assert ran.code == 3
    assert "error[engine-unreachable]" in ran.err
    assert "printed nothing" not in ran.err


@pytest.mark.parametrize("value", ["-1", "nan", "soon"])
@pytest.mark.parametrize("command", [("up",), ("down",), ("scale", "web=1"), ("run", "web", "true")], ids=" ".join)
def test_no_time_at_all(cli: Cli, shop: Path, fake: FakeEngine, command: tuple[str, ...], value: str) -> None:
    del shop
    ran = cli(command[0], "--timeout", value, *command[1:])
    assert (ran.code, "error[usage]" in ran.err) == (2, True)
    assert not fake.services


def test_files_are_not_followed(cli: Cli, shop: Path) -> None:
    ran = cli("logs", "-f", shop.name)
    assert ran.code == 2
    assert f"write --file {shop.name} to name a file" in ran.err


def test_silence_is_told(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    del shop
    assert "no lines of shop" in cli("logs").err
    assert cli("logs", "--json") == (0, "", "")
    assert not fake.services


def test_run_knows_services(cli: Cli, shop: Path) -> None:
    del shop
    ran = cli("run", "wbe", "true")
    assert ran.code == 2
    assert "error[service-not-there]" in ran.err
    assert "did you mean `web`?" in ran.err
