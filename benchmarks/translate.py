"""Translation to Kubernetes, measured as a user meets it: whole processes, wall time and peak memory.

Beside it, in turn: Kompose, where a `kompose` is on the PATH, and PyYAML alone, its C loader for the same input plus
its C dumper for the same output. Run it on a quiet machine: `make bench`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from processes import Run, middle, run
from pyyaml_alone import __file__ as pyyaml_program
from workload import write_alias_bomb, write_application

if TYPE_CHECKING:
    from collections.abc import Iterable

OURS = [str(Path(sys.executable).with_name("intermodal"))]
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
MEMORY = Path("/dev/shm")  # noqa: S108 - programs are measured, not the disk: new files cost it 10 to 300 µs each
MOST_RUNS_OF_A_LARGE_ONE = 3
LARGE = 5000


class Row(NamedTuple):
    """What was measured for one size."""

    services: int
    lines: int
    ours: Run
    to_stream: Run
    kompose: Run | None
    pyyaml: float


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="intermodal-bench-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        _warm_up(Path(folder))
        rows = [_measure(services, arguments.runs, Path(folder)) for services in arguments.sizes]
        starts = {name: _start_up(name, arguments.runs * 3, folder) for name in ("--version", "--help")}
        bomb = _alias_bomb(arguments.runs, Path(folder))
    report = "\n".join([*_machine(arguments.runs), "", *_table(rows), "", *_others(starts, bomb), ""])
    print(report)
    if arguments.write:
        _write(report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=_sizes, default=[2, 10, 100, 1000, 10000], help="services, comma-separated")
    parser.add_argument("--runs", type=int, default=7, help="runs of each; the table shows medians")
    parser.add_argument("--write", action="store_true", help=f"put the result into {PAGE.name}")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _warm_up(folder: Path) -> None:
    """Byte code and the disk's cache are there before the first measured run."""
    write_application(folder / "warm-up.yaml", 2)
    for command in _commands(folder / "warm-up.yaml").values():
        run(command, _fresh(folder))


def _measure(services: int, runs: int, folder: Path) -> Row:
    source = folder / f"compose-{services}.yaml"
    write_application(source, services)
    commands = _commands(source)
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    alone = []
    for _ in range(min(runs, MOST_RUNS_OF_A_LARGE_ONE) if services >= LARGE else runs):
        for name, command in commands.items():
            taken[name].append(_succeeded(run(command, _fresh(folder)), command))
        alone.append(_pyyaml(source, folder))
    shutil.rmtree(folder / "runs")
    medians = {name: middle(several) for name, several in taken.items()}
    lines = sum(1 for _ in source.open(encoding="utf-8"))
    return Row(services, lines, medians["ours"], medians["stream"], medians.get("kompose"), statistics.median(alone))


def _fresh(folder: Path) -> str:
    """A new place with an empty `out`; old ones stay, since a disk that is freeing files is slow to make others."""
    (folder / "runs").mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=folder / "runs"))
    (place / "out").mkdir()
    return str(place)


def _succeeded(done: Run, command: list[str]) -> Run:
    if done.exit_code:
        sys.exit(f"not measured: exit code {done.exit_code} of {' '.join(command)}")
    return done


def _commands(source: Path) -> dict[str, list[str]]:
    translate = [*OURS, "translate", "-f", str(source), "--platform", "kubernetes"]
    commands = {"ours": [*translate, "-o", "out"], "stream": [*translate, "-o", "-"]}
    kompose = shutil.which("kompose")
    if kompose:
        commands["kompose"] = [kompose, "convert", "-f", str(source), "-o", "out/"]
    return commands


def _pyyaml(source: Path, folder: Path) -> float:
    output = folder / f"output-of-{source.name}"
    if not output.exists():
        command = _commands(source)["stream"]
        with output.open("w", encoding="utf-8") as file:
            subprocess.run(command, cwd=folder, stdout=file, stderr=subprocess.DEVNULL, check=False)
    command = [sys.executable, pyyaml_program, str(source), str(output)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sum(map(float, printed.split()))


def _start_up(option: str, runs: int, folder: str) -> Run:
    return middle([run([*OURS, option], folder) for _ in range(runs)])


def _alias_bomb(runs: int, folder: Path) -> Run:
    write_alias_bomb(folder / "bomb.yaml")
    return middle([run([*OURS, "check", "-f", "bomb.yaml"], str(folder)) for _ in range(runs)])


def _machine(runs: int) -> Iterable[str]:
    yield (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; "
        f"medians of {runs} runs ({MOST_RUNS_OF_A_LARGE_ONE} from {LARGE:,} services on), taken in turn; "
        f"files are written to {'memory' if MEMORY.is_dir() else 'the disk'}."
    )
    if not shutil.which("kompose"):
        yield "No `kompose` was on the PATH, so nothing was measured against it."


def _table(rows: list[Row]) -> Iterable[str]:
    kompose = any(row.kompose for row in rows)
    yield (
        "| services | lines | to a folder | peak memory | to one stream | PyYAML alone | stream ÷ PyYAML |"
        + " Kompose | ours ÷ Kompose |" * kompose
    )
    yield "|" + "---:|" * (9 if kompose else 7)
    yield from (_cells(row) for row in rows)


def _cells(row: Row) -> str:
    cells = [
        f"{row.services:,}",
        f"{row.lines:,}",
        _time(row.ours.wall),
        f"{row.ours.memory:.0f} MiB",
        _time(row.to_stream.wall),
    ]
    cells += [_time(row.pyyaml), f"{row.to_stream.wall / row.pyyaml:.2f}"]
    if row.kompose:
        cells += [_time(row.kompose.wall), f"{row.ours.wall / row.kompose.wall:.2f}"]
    return f"| {' | '.join(cells)} |"


def _others(starts: dict[str, Run], bomb: Run) -> Iterable[str]:
    yield "| | time | CPU | peak memory |"
    yield "|---|---:|---:|---:|"
    for name, taken in {
        **{f"`intermodal {name}`": start for name, start in starts.items()},
        "an alias bomb (9⁹ values), refused": bomb,
    }.items():
        yield f"| {name} | {_time(taken.wall)} | {_time(taken.cpu)} | {taken.memory:.0f} MiB |"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _write(report: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{report}{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
