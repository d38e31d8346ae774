"""Whole processes, measured from outside: wall time, CPU time and peak memory of one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import NamedTuple


class Run(NamedTuple):
    """One run: seconds on the clock, seconds of CPU, peak resident memory in MiB, the exit code."""

    wall: float
    cpu: float
    memory: float
    exit_code: int


# Without cached byte code every run would compile the program anew, which no user's runs do.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(arguments: list[str], folder: str) -> Run:
    """Run once; output is thrown away."""
    started = time.perf_counter()
    process = subprocess.Popen(
        arguments,
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def middle(runs: list[Run]) -> Run:
    """The median of each measure; the worst exit code."""
    return Run(
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        statistics.median(run.memory for run in runs),
        max(run.exit_code for run in runs),
    )
