"""The files of the shared corpus that docker compose accepts, loaded and cut into parts for parallel test runs."""

from __future__ import annotations

import csv
import fcntl
import subprocess
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from intermodal.compose.load import Request, load
from intermodal.kit.diagnostics import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.compose.load import Loaded

ENVIRONMENT = {"HOME": "/root", "PATH": "/usr/bin"}
PARTS = 8
"""Parts of the corpus, each one test, so that several workers share it."""
REPORTS = Path(__file__).resolve().parents[2] / "build" / "reports"


@cache
def index(corpus: Path) -> tuple[str, ...]:
    """The paths of the files that docker compose accepts, in the order of the index."""
    with (corpus / "INDEX.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return tuple(row["path"] for row in rows if row["accepted_by_docker_compose"] == "ok")


def part(corpus: Path, number: int) -> tuple[str, ...]:
    """One of the parts; large and small files are spread evenly."""
    return index(corpus)[number::PARTS]


def loaded(corpus: Path, path: str) -> Loaded | None:
    """The application in a file; None where docker compose refuses it too, for want of files the corpus left out."""
    file = corpus / path
    request = Request(files=(str(file),), environment=ENVIRONMENT, working_directory=str(file.parent), stdin=None)
    try:
        return load(request)
    except Rejected:
        if oracle_accepts(file):
            raise
        return None


def oracle_accepts(file: Path) -> bool:
    """Ask docker compose, under a limit of memory and time."""
    found = find_spec("compose")
    assert found is not None
    assert found.submodule_search_locations is not None
    binary = Path(next(iter(found.submodule_search_locations))) / "docker-compose"
    command = f'ulimit -v 4000000; exec "{binary}" -f "$1" config --quiet'
    done = subprocess.run(
        ["bash", "-c", command, "bash", str(file)], capture_output=True, timeout=30, env=ENVIRONMENT, check=False
    )
    return done.returncode == 0


@contextmanager
def reports() -> Iterator[Path]:
    """The folder of reports, for one worker at a time."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    with (REPORTS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield REPORTS


def write_part(folder: Path, name: str, number: int, lines: list[str]) -> list[str]:
    """Write what one part of the corpus came to; returns the lines of all parts so far."""
    (folder / f"{name}.{number}.part").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    parts = [path.read_text("utf-8") for path in sorted(folder.glob(f"{name}.*.part"))]
    return [line for text in parts for line in text.splitlines()]
