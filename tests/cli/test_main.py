from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import intermodal
from intermodal.cli import options, version
from intermodal.cli.commands import COMMANDS

if TYPE_CHECKING:
    from tests.cli.conftest import Cli

MODULE = (sys.executable, "-m", "intermodal")
HEAVY = ("yaml", "intermodal.compose", "intermodal.platforms", "intermodal.model", "json", "pathlib", "tempfile")


def imported_by(*arguments: str) -> set[str]:
    """The modules that a command imports."""
    code = (
        "import sys\nfrom intermodal.cli.main import run\n"
        f"run({list(arguments)!r})\nsys.stderr.write('\\n'.join(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stderr.split("\n"))


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("translate", "--help"), ("config", "--help")])
def test_help_imports_neither_yaml_nor_platforms_nor_the_loader(arguments: tuple[str, ...]) -> None:
    modules = imported_by(*arguments)
    assert "intermodal.cli.main" in modules
    assert not {module for module in modules if module.startswith(HEAVY)}


def test_help_imports_no_command() -> None:
    assert not {f"intermodal.cli.{name}" for name in COMMANDS} & imported_by("--help")


def test_completing_imports_neither_yaml_nor_a_platform() -> None:
    environment = {**os.environ, "_INTERMODAL_COMPLETE": "bash_complete", "COMP_CWORD": "3"}
    environment["COMP_WORDS"] = "intermodal translate --platform kub"
    code = (
        "import sys\nfrom intermodal.cli.main import run\ntry:\n    run([])\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write('\\n'.join(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.strip() == "plain,kubernetes"
    modules = set(ran.stderr.split("\n"))
    assert not {module for module in modules if module.startswith(("yaml", "intermodal.platforms."))}


def test_help_shows_examples_before_options(cli: Cli) -> None:
    for arguments in ((), *((name,) for name in COMMANDS if name != "version")):
        ran = cli(*arguments, "--help")
        assert ran.code == 0
        assert 0 < ran.out.index("Examples:") < ran.out.index("Options:")


def test_the_table_agrees_with_the_commands(cli: Cli) -> None:
    for name, said in COMMANDS.items():
        ran = cli(name, "-h")
        assert ran.code == 0
        assert said.split()[0] in ran.out


def test_the_version_is_the_package_s(cli: Cli) -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    expected = tomllib.loads(project.read_text("utf-8"))["project"]["version"]
    assert intermodal.__version__ == expected
    assert cli("--version").out == cli("version").out == f"intermodal {expected}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("translate", "--forse"), "--force"),
        (("chek",), "did you mean `check`?"),
        (("config", "extra"), "extra"),
        (("translate", "--output-format", "xml"), "yaml"),
        (("translate", "-f"), "-f"),
        (("completion",), "fish"),
        (("completion", "tcsh"), "bash"),
        (("--nothing",), "--nothing"),
    ],
)
def test_misuse_is_a_diagnostic(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    ran = cli(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("error[usage]: ")
    assert said in ran.err
    assert "--help` shows" in ran.err


def test_without_a_command_help_is_shown(cli: Cli) -> None:
    ran = cli()
    assert ran.code == 0
    assert ran.out == cli("--help").out


def crash(*_: Any, **__: Any) -> None:
    raise RuntimeError("cannot read 'hunter2' or s3cr3t-value")


def test_a_bug_is_two_lines_and_a_saved_report(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("SOME_PASSWORD", "s3cr3t-value")
    monkeypatch.setattr(version.command, "callback", crash)
    ran = cli("version")
    assert ran.code == 101
    assert len(ran.err.splitlines()) == 2
    assert "Traceback" not in ran.err
    path = re.search(r"report it with (\S+)", ran.err)
    assert path
    report = Path(path[1]).read_text("utf-8")
    assert "RuntimeError" in report
    assert "in crash" in report
    assert "hunter2'" not in report.splitlines()[-1]
    assert "s3cr3t-value" not in report.splitlines()[-1]


def test_a_report_keeps_names_of_our_own_code(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stumble(*_: Any, **__: Any) -> None:
        tmp_path.nonsense()  # type: ignore[attr-defined]

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(version.command, "callback", stumble)
    cli("version")
    (report,) = tmp_path.glob("intermodal-*.txt")
    assert report.read_text("utf-8").splitlines()[-1].endswith("has no attribute 'nonsense'")


def test_a_report_holds_no_values_of_options(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("intermodal.cli.loading.load", crash)
    cli("translate", "--platform", "swarm", "--set", "password=hunter2", "--namespace=hunter3")
    (report,) = tmp_path.glob("intermodal-*.txt")
    said = report.read_text("utf-8").splitlines()[1]
    assert said == "intermodal translate --platform … --set … …"


def test_a_bug_is_two_lines_even_when_no_report_can_be_saved(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    monkeypatch.setattr(version.command, "callback", crash)
    ran = cli("version")
    assert ran.code == 101
    assert "no report could be saved" in ran.err


def test_an_interrupt_is_exit_code_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(version.command, "callback", interrupt)
    ran = cli("version")
    assert ran.code == 130
    assert ran.err.strip() == "interrupted"


def test_ctrl_c_while_waiting_for_input() -> None:
    with subprocess.Popen(
        [*MODULE, "config", "-f", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.decode().strip() == "interrupted"


@pytest.mark.parametrize("arguments", [("explain",), ("platforms", "swarm"), ("config",), ("--help",)])
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    services = "".join(f"  s{number}: {{image: a}}\n" for number in range(3000))
    (tmp_path / "compose.yaml").write_text(f"services:\n{services}")
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run([*MODULE, *arguments], stdout=write, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    os.close(write)
    assert ran.stderr == b""
    assert ran.returncode == 0


@pytest.mark.parametrize("word", ["explain", "--help", "version"])
def test_output_that_cannot_be_written_is_a_diagnostic(word: str) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        ran = subprocess.run([*MODULE, word], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith("error[output-not-written]: ")


def test_names_that_no_terminal_encoding_knows_do_not_stop_us(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  a: {image: b, hostname: ü}\n", encoding="utf-8")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run([*MODULE, "config"], capture_output=True, cwd=tmp_path, env=environment, check=True)
    assert 'hostname: "ü"' in ran.stdout.decode("utf-8")


def test_every_command_returns_an_exit_code() -> None:
    assert options.speaks(lambda _console: 7)() == 7
