"""Operating, measured as a user meets it: whole processes on real engines, beside docker compose and the bare API.

Belongs here: `up` of 20 services against `docker compose up -d --wait` in turn; `up` of 50 with nothing to do; `ps` of
1,000 Swarm services against the time their lists take over the bare API. Give it an engine and a Swarm manager, for
instance those of `intermodal lab`; what it makes there, it removes.
"""

from __future__ import annotations

import argparse
import os
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
FIRST, SECOND = 20, 50


class Settings(NamedTuple):
    """What is measured where."""

    engine: str
    manager: str
    image: str
    peer: str
    runs: int
    services: int


def main() -> None:
    settings, write = _settings()
    with tempfile.TemporaryDirectory(prefix="intermodal-bench-") as folder:
        lines = [
            *_bringing_up(settings, Path(folder)),
            *_nothing_to_do(settings, Path(folder)),
            *(_looking(settings) if settings.manager else ()),
        ]
    report = "\n".join(["| | time | beside it | ratio |", "|---|---:|---:|---:|", *lines, ""])
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
    parser.add_argument("--services", type=int, default=1000, help="how many `ps` looks at")
    parser.add_argument("--write", action="store_true", help=f"put the result into {PAGE.name}")
    said = parser.parse_args()
    peer = said.docker_compose or _packaged()
    return Settings(said.engine, said.manager, said.image, peer, said.runs, said.services), said.write


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
    file = _application(folder / "first.yaml", "im-bench-first", settings.image, FIRST)
    ours, theirs = [], []
    up, down = _ours(file, "up"), _ours(file, "down")
    peer_up = [settings.peer, "-f", str(file), "up", "-d", "--wait"]
    peer_down = [settings.peer, "-f", str(file), "down", "-t", "0"]
    for _ in range(settings.runs):
        ours.append(_timed(up, settings.engine))
        _timed(down, settings.engine)
        theirs.append(_timed(peer_up, settings.engine))
        _timed(peer_down, settings.engine)
    return [_row(f"`up` of {FIRST} services (docker compose up -d --wait)", ours, theirs)]


def _nothing_to_do(settings: Settings, folder: Path) -> list[str]:
    file = _application(folder / "second.yaml", "im-bench-second", settings.image, SECOND)
    up, peer = _ours(file, "up"), [settings.peer, "-f", str(file), "up", "-d", "--wait"]
    _timed(up, settings.engine)
    ours = [_timed(up, settings.engine) for _ in range(settings.runs)]
    _timed(_ours(file, "down"), settings.engine)
    _timed(peer, settings.engine)
    theirs = [_timed(peer, settings.engine) for _ in range(settings.runs)]
    _timed([settings.peer, "-f", str(file), "down", "-t", "0"], settings.engine)
    return [_row(f"`up` of {SECOND} services with nothing to do (docker compose)", ours, theirs)]


def _looking(settings: Settings) -> list[str]:
    engine = Engine(Address(scheme="unix", path=settings.manager.removeprefix("unix://")))
    _make_services(engine, settings)
    try:
        ps = [OURS, "ps", "--platform", "swarm", "-p", STACK, "-q"]
        ours, bare = [], []
        for _ in range(settings.runs):
            ours.append(_timed(ps, settings.manager))
            bare.append(_clocked(lambda: _lists(engine)))
        return [_row(f"`ps` of {settings.services:,} Swarm services (the lists over the bare API)", ours, bare)]
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


def _row(title: str, ours: list[float], theirs: list[float]) -> str:
    mine, other = statistics.median(ours), statistics.median(theirs)
    return f"| {title} | {mine:.2f} s | {other:.2f} s | {mine / other:.2f} |"


if __name__ == "__main__":
    main()
