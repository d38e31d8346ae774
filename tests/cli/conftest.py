from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import pytest

from intermodal.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class Cli(Protocol):
    """Runs a command in the test's own folder."""

    def __call__(self, *arguments: str) -> Ran: ...


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line, run in this process, in an empty folder and without the user's COMPOSE variables."""
    monkeypatch.chdir(tmp_path)
    for name in ("COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME", "COMPOSE_ENV_FILES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def act(*arguments: str) -> Ran:
        code = run(list(arguments))
        return Ran(code, *capsys.readouterr())

    return act
