"""The benchmark of operating runs, and what makes it quick holds: what is asked of an engine, counted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engines.recording import Recording

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from intermodal.clients.docker.address import Address
    from tests.engines.fixtures import Nodes
    from tests.engines.images import Images

pytestmark = pytest.mark.engines

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "operate.py"
OURS = str(Path(sys.executable).with_name("intermodal"))
SERVICE = "  {name}: {{image: '{image}', command: [sleep, '600'], init: true, stop_grace_period: 0s{more}}}\n"
SWARM = ", networks: [n], deploy: {endpoint_mode: dnsrr}"
LISTS = {
    "compose": ("containers/json", "networks", "volumes", "images/json"),
    "swarm": ("services", "tasks", "nodes", "networks", "configs", "secrets", "volumes"),
}


class Counted:
    """An application of a platform, and what each command about it asks of the engine."""

    def __init__(self, platform: str, recording: Recording, folder: Path, image: str) -> None:
        self.platform = platform
        self.name = f"counted-{platform}-{os.getpid():x}"
        self._recording = recording
        self._file = folder / "compose.yaml"
        self._image = image

    def of(self, services: int) -> None:
        """Say how many services there are."""
        more = SWARM if self.platform == "swarm" else ""
        written = "".join(SERVICE.format(name=f"s{one}", image=self._image, more=more) for one in range(services))
        end = "networks: {n: {driver: overlay}}\n" if self.platform == "swarm" else ""
        self._file.write_text(f"name: {self.name}\nservices:\n{written}{end}")

    def asks(self, *words: str) -> Counter[str]:
        """Run a command to its good end; what it asked."""
        self._recording.take()
        where = ["-f", str(self._file), "--platform", self.platform, "--host", self._recording.host]
        done = subprocess.run([OURS, *words, *where], capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return self._recording.take()

    def lists(self, asked: Counter[str]) -> dict[str, int]:
        """How often each kind was listed."""
        return {kind: asked[f"GET /{kind}"] or asked[f"GET {kind}"] for kind in LISTS[self.platform]}


@pytest.fixture(params=["compose", "swarm"])
def counted(request: pytest.FixtureRequest, tmp_path: Path, images: Images) -> Iterator[Counted]:
    platform: str = request.param
    if platform == "compose":
        address: Address = request.getfixturevalue("one_engine")
    else:
        nodes: Nodes = request.getfixturevalue("three_nodes")
        address = nodes.manager
    with Recording(tmp_path / "engine.sock", address.path) as recording:
        made = Counted(platform, recording, tmp_path, images("busybox"))
        made.of(2)
        yield made
        made.asks("down")


def test_one_look_lists_each_kind_once_and_finding_nothing_to_do_asks_no_more_lists_for_more(counted: Counted) -> None:
    counted.asks("up")
    few = counted.asks("up")
    counted.of(5)
    counted.asks("up")
    many = counted.asks("up")
    assert {verb.partition(" ")[0] for verb in few + many} <= {"GET", "HEAD"}, "nothing was to be changed"
    assert counted.lists(few) == counted.lists(many), "lists, whatever the number of services"
    assert max(counted.lists(many).values()) <= 2, "the plan looks once, and so does health"
    closer = (many - few).total()
    assert closer in (0, 3), f"at most one closer look for each service more: {many - few}"
    for command in ("ps", "plan"):
        assert max(counted.lists(counted.asks(command)).values()) == 1, command


def test_the_benchmark_measures(one_engine: Address, three_nodes: Nodes, images: Images) -> None:
    image = images("busybox")
    command = [sys.executable, str(PROGRAM), "--engine", str(one_engine), "--manager", str(three_nodes.manager)]
    command += ["--image", image, "--runs", "1", "--few", "2", "--many", "2", "--services", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if line.startswith("| `")]
    assert [row[0].partition(" (")[0] for row in rows] == [
        "`up` of 2 services",
        "`down` of 2 services",
        "`up` of 2 services with nothing to do",
        "`ps` of 20 Swarm services",
    ]
    assert all(row[1].endswith(" s") and float(row[1].removesuffix(" s")) > 0 for row in rows)


def test_a_failed_command_is_not_measured(one_engine: Address) -> None:
    command = [sys.executable, str(PROGRAM), "--engine", str(one_engine), "--image", "of-no-registry.invalid/none:0"]
    done = subprocess.run([*command, "--runs", "1", "--few", "1"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not measured" in done.stderr
