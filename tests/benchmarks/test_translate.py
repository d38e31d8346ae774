"""The benchmark runs, and the promises that do not hang on how fast a machine is hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "translate.py"
SERVICES = 200


def test_time_and_memory_stay_in_proportion() -> None:
    command = [sys.executable, str(PROGRAM), "--sizes", str(SERVICES), "--runs", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("|")]
    measured = next(row for row in rows if row[0] == str(SERVICES))
    memory, ratio = measured[3], measured[6]
    assert float(memory.removesuffix(" MiB")) <= 150
    assert float(ratio) <= 4, "slower than four times PyYAML's C loader and dumper"
    bomb = next(row for row in rows if "alias bomb" in row[0])
    assert float(bomb[3].removesuffix(" MiB")) <= 150


def test_a_failed_translation_is_not_measured(tmp_path: Path) -> None:
    failing = tmp_path / "intermodal"
    failing.write_text("#!/bin/sh\nexit 1\n")
    failing.chmod(0o755)
    script = (
        f"import sys; sys.path.insert(0, {str(PROGRAM.parent)!r}); import translate; "
        f"translate.OURS[:] = [{str(failing)!r}]; sys.argv = ['', '--sizes', '2', '--runs', '1']; translate.main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "not measured" in done.stderr
