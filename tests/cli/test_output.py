from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from intermodal.cli import output
from intermodal.cli.output import Console, counted, wants_colour
from intermodal.kit.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def diagnostic(severity: Severity) -> Diagnostic:
    return Diagnostic(code="c", severity=severity, message="m")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_only_where_they_are_wanted(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(Terminal()) is expected
    assert not wants_colour(io.StringIO())


def test_on_a_real_terminal_errors_are_red(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {imag: a}}\n")
    for name, coloured in (("A", True), ("NO_COLOR", False)):
        master, slave = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", name: "1"}
        command = [sys.executable, "-m", "intermodal", "config", "-q"]
        subprocess.run(command, stderr=slave, cwd=tmp_path, env=environment, check=False)
        os.close(slave)
        said = os.read(master, 65536).decode()
        os.close(master)
        assert ("\x1b[1;31merror[" in said) is coloured


def test_counting() -> None:
    found = [diagnostic(Severity.ERROR), diagnostic(Severity.WARNING), diagnostic(Severity.ERROR)]
    assert counted(found) == "2 errors, 1 warning"


def test_text_shows_the_first_of_very_many(capsys: pytest.CaptureFixture[str]) -> None:
    Console().report([diagnostic(Severity.ERROR)] * 100)
    err = capsys.readouterr().err
    assert err.count("error[c]") == 40
    assert "… and 60 more; --format concise shows all" in err
    Console("concise").report([diagnostic(Severity.ERROR)] * 100)
    assert capsys.readouterr().err.count("error[c]") == 100


@pytest.mark.parametrize(("patience", "shown"), [(0.01, True), (60, False)])
def test_progress_is_shown_after_a_while_and_wiped(
    monkeypatch: pytest.MonkeyPatch, patience: float, shown: bool
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(output, "PATIENCE", patience)
    with Console().progress("loading"):
        time.sleep(0.1)
    assert terminal.getvalue() == ("\rloading …\r\x1b[K" if shown else "")


def test_nobody_watches_a_pipe_or_a_quiet_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "PATIENCE", 0.0)
    for stream, console in ((io.StringIO(), Console()), (Terminal(), Console(quiet=True))):
        monkeypatch.setattr("sys.stderr", stream)
        with console.progress("loading"):
            time.sleep(0.05)
        assert stream.getvalue() == ""
