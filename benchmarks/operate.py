"""Operating, measured as a user meets it: whole processes on real engines, beside docker compose and the bare API.

Belongs here: `up` of 20 services against `docker compose up -d --wait` in turn, and `down` likewise; `up` of 50 with
nothing to do; `ps` of 1,000 Swarm services against the time their lists take over the bare API. Give it an engine and a
Swarm manager, for instance those of `intermodal lab`; what it makes there, it removes.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from intermodal.clients.docker.address import Address
from intermodal.clients.docker.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = str(Path(sys.executable).with_name("intermodal"))
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- operated: begin -->\n", "<!-- operated: end -->\n"
STACK = "im-bench-stack"
LISTS = ("/services", "/tasks", "/nodes", "/networks", "/configs", "/secrets")


class Settings(NamedTuple):
    """What is measured where."""

    engine: str
    manager: str
    image: str
    peer: str
    runs: int
    few: int
    many: int
    services: int


def main() -> None:
    settings, write = _settings()
    with tempfile.TemporaryDirectory(prefix="intermodal-bench-") as folder:
        lines = [
            *_bringing_up(settings, Path(folder)),
            *_nothing_to_do(settings, Path(folder)),
            *(_looking(settings) if settings.manager else ()),
        ]
    heads = ["| | time | beside it | ratio |", "|---|---:|---:|---:|"]
    report = "\n".join([*_machine(settings), "", *heads, *lines, ""])
    print(report)
    if write:
        text = PAGE.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        PAGE.write_text(before + BEGIN + report + END + rest.partition(END)[2], "utf-8")


def _settings() -> tuple[Settings, bool]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", required=True, help="unix:///… of one engine that holds the image")
    parser.add_argument("--manager", default="", help="unix:///… of a Swarm manager")
    parser.add_argument("--image", required=True, help="an image with `sleep`, on the engine")
    parser.add_argument("--docker-compose", default="", help="default: the one our tests use")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--few", type=int, default=20, help="how many services are brought up and taken down")
    parser.add_argument("--many", type=int, default=50, help="how many services `up` finds as they should be")
    parser.add_argument("--services", type=int, default=1000, help="how many `ps` looks at")
    parser.add_argument("--write", action="store_true", help=f"put the result into {PAGE.name}")
    said = parser.parse_args()
    peer = said.docker_compose or _packaged()
    given = Settings(said.engine, said.manager, said.image, peer, said.runs, said.few, said.many, said.services)
    return given, said.write


def _machine(settings: Settings) -> list[str]:
    """What was measured on, and beside what."""
    version = Engine(_address(settings.engine)).call("GET", "/version")["Version"]
    asked = [settings.peer, "version", "--short"]
    peer = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    python = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
    engines = f"Docker {version} in a lab of ours, docker compose {peer.removeprefix('v')}"
    return [f"{python}; {engines}; medians of {settings.runs} runs,", "taken in turn. Images were there before."]


def _address(host: str) -> Address:
    return Address(scheme="unix", path=host.removeprefix("unix://"))


def _packaged() -> str:
    """The docker compose that the tests compare loading with."""
    import compose  # type: ignore[import-untyped]  # noqa: PLC0415 - only where none is named

    return str(Path(compose.__file__).with_name("docker-compose"))


def _application(path: Path, name: str, image: str, services: int) -> Path:
    text = [f"name: {name}", "services:"]
    for number in range(services):
        text += [f"  s{number}:", f"    image: {image}", "    command: [sleep, '600']", "    init: true"]
        text += ["    stop_grace_period: 0s", f"    environment: {{NUMBER: '{number}'}}"]
    path.write_text("\n".join(text) + "\n", "utf-8")
    return path


def _bringing_up(settings: Settings, folder: Path) -> list[str]:
    times: dict[tuple[str, int], list[float]] = {(act, who): [] for act in ("up", "down") for who in (0, 1)}
    for run in range(settings.runs):
        # Engines list ghosts of containers that were removed in haste, and docker compose trips over its project's.
        file = _application(folder / f"{run}.yaml", f"im-bench-{os.getpid()}-{run}", settings.image, settings.few)
        for who, command in enumerate((_ours, _theirs(settings.peer))):
            for act in ("up", "down"):
                times[act, who].append(_timed(command(file, act), settings.engine))
    titles = {"up": "docker compose up -d --wait", "down": "docker compose down -t 0"}
    return [
        _row(f"`{act}` of {settings.few} services ({title})", times[act, 0], times[act, 1])
        for act, title in titles.items()
    ]


def _theirs(peer: str) -> Callable[[Path, str], list[str]]:
    words = {"up": ["up", "-d", "--wait"], "down": ["down", "-t", "0"]}
    return lambda file, act: [peer, "-f", str(file), *words[act]]


def _nothing_to_do(settings: Settings, folder: Path) -> list[str]:
    file = _application(folder / "second.yaml", "im-bench-second", settings.image, settings.many)
    up, peer = _ours(file, "up"), _theirs(settings.peer)(file, "up")
    _timed(up, settings.engine)
    ours = [_timed(up, settings.engine) for _ in range(settings.runs)]
    _timed(_ours(file, "down"), settings.engine)
    _timed(peer, settings.engine)
    theirs = [_timed(peer, settings.engine) for _ in range(settings.runs)]
    _timed(_theirs(settings.peer)(file, "down"), settings.engine)
    return [_row(f"`up` of {settings.many} services with nothing to do (docker compose)", ours, theirs)]


def _looking(settings: Settings) -> list[str]:
    engine = Engine(_address(settings.manager))
    _make_services(engine, settings)
    try:
        ps = [OURS, "ps", "--platform", "swarm", "-p", STACK]
        ours, bare = [], []
        for _ in range(settings.runs):
            ours.append(_timed(ps, settings.manager))
            bare.append(_clocked(lambda: _lists(engine)))
        over = statistics.median(ours) - statistics.median(bare)
        title = f"`ps` of {settings.services:,} Swarm services (their lists over the bare API)"
        return [_row(title, ours, bare, f"+{over:.2f} s")]
    finally:
        _remove_services(engine)


def _make_services(engine: Engine, settings: Settings) -> None:
    """Services whose tasks find no node: they cost a list what running ones do, and the machine nothing."""

    def make(number: int) -> None:
        body: dict[str, Any] = {
            "Name": f"{STACK}_s{number}",
            "Labels": {"com.docker.stack.namespace": STACK},
            "TaskTemplate": {
                "ContainerSpec": {"Image": settings.image, "Labels": {"com.docker.stack.namespace": STACK}},
                "Placement": {"Constraints": ["node.labels.nowhere == yes"]},
            },
            "Mode": {"Replicated": {"Replicas": 1}},
        }
        engine.call("POST", "/services/create", body=body)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(settings.services)))


def _lists(engine: Engine) -> None:
    for path in LISTS:
        engine.call("GET", path, query={"filters": _filters(path)})


def _filters(path: str) -> dict[str, list[str]]:
    return {} if path == "/nodes" else {"label": [f"com.docker.stack.namespace={STACK}"]}


def _remove_services(engine: Engine) -> None:
    found = engine.call("GET", "/services", query={"filters": _filters("/services")})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: engine.call("DELETE", f"/services/{one['ID']}"), found))


def _ours(file: Path, verb: str) -> list[str]:
    return [OURS, verb, "-f", str(file), "--platform", "compose", "-q"]


def _timed(command: list[str], host: str) -> float:
    surroundings = {**os.environ, "DOCKER_HOST": host, "NO_COLOR": "1"}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)

    def act() -> None:
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            sys.exit(f"not measured: {' '.join(command)} ended with {done.returncode}\n{done.stderr}")

    return _clocked(act)


def _clocked(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _row(title: str, ours: list[float], theirs: list[float], said: str = "") -> str:
    mine, other = statistics.median(ours), statistics.median(theirs)
    return f"| {title} | {mine:.2f} s | {other:.2f} s | {said or f'{mine / other:.2f}'} |"


if __name__ == "__main__":
    main()
