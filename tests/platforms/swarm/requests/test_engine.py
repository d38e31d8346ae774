"""A real Swarm as the judge: it takes what `up` sends, keeps every field, and the containers are as the file says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.kit.clock import SystemClock
from intermodal.kit.records import replace
from intermodal.platforms.swarm.observe import differences, network_differences
from tests.platforms.swarm.making import allocated, create, put, remove, soon, there, wanted
from tests.platforms.swarm.test_support import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from intermodal.platforms.swarm.requests import WantedService
    from tests.engines.fixtures import Nodes

pytestmark = pytest.mark.engines

PLUGGED = ("networks.*.driver", "networks.*.ipam.driver", "secrets.*.driver", "secrets.*.driver_opts.*")
"""Fields that name plugins, for which an engine looks for 15 seconds."""
EXTERNAL = ("configs.*.external", "networks.*.external", "secrets.*.external")
"""Fields that name what is not ours to make."""
ALIKE = ("services.*.volumes.*.consistency", "services.*.restart")
"""Fields whose sample is no difference: the engine drops it, as the ledger says, or it is what it does anyway."""


@pytest.fixture(scope="module")
def engine(three_nodes: Nodes) -> Iterator[Engine]:
    with Engine(three_nodes.manager) as made:
        remove(made)
        yield made
        remove(made)


def asleep(one: WantedService) -> WantedService:
    """The service without instances."""
    if one.mode != "replicated":
        return one
    return replace(one, spec=one.spec | {"Mode": {"Replicated": {"Replicas": 0}}})


PATTERNS = [pattern for pattern in sorted(files()) if pattern not in (*EXTERNAL, *PLUGGED)]
SHARED = [pattern for pattern in PATTERNS if pattern.startswith("networks.")]


@pytest.mark.parametrize("part", range(4))
def test_the_engine_takes_and_keeps_every_field_of_services(part: int, engine: Engine, tmp_path: Path) -> None:
    for pattern in [pattern for pattern in PATTERNS if pattern not in SHARED][part::4]:
        without, having = files()[pattern]
        plain = {one.name: asleep(one) for one in wanted(without, tmp_path, engine).services}
        made = wanted(having, tmp_path, engine)
        ids = there(engine, made)
        names = {number: name for name, number in ids["networks"].items()}
        for one in map(asleep, made.services):
            service = create(engine, one, ids)
            assert differences(one.spec, service["Spec"], names) == (), pattern
            before = plain.get(one.name, one)
            if pattern not in ALIKE and before.spec["TaskTemplate"] != one.spec["TaskTemplate"]:
                assert differences(before.spec, service["Spec"], names) != (), pattern
            engine.call("DELETE", f"/services/{service['ID']}")


@pytest.mark.parametrize("pattern", SHARED)
def test_the_engine_takes_and_keeps_every_field_of_networks(pattern: str, engine: Engine, tmp_path: Path) -> None:
    made = wanted(files()[pattern][1], tmp_path, engine)
    (network,) = [one for one in made.networks if one.key != "default"] or made.networks
    for one in engine.call("GET", "/networks", query={"filters": {"name": [network.name]}}):
        soon(engine, f"/networks/{one['Id']}")
    number = put(engine, "networks", network)
    live = allocated(engine, number)
    assert network_differences(network.body, live) == ()
    plain = next(
        (one for one in wanted(files()[pattern][0], tmp_path, engine).networks if one.key == network.key), None
    )
    if plain is not None and plain.body != network.body and plain.name == network.name:
        assert network_differences(plain.body, live) != () or pattern in CHOSEN
    soon(engine, f"/networks/{number}")


CHOSEN = ("networks.*.driver_opts.*", "networks.*.ipam.config.*.subnet", "networks.*.ipam.options.*")
"""What the engine may choose where nobody says it, so that it is no difference when it is there unasked."""


BUSYBOX = "busybox"
EFFECTS: dict[str, Any] = {
    "command": ["sleep", "600"],
    "user": "1000:1001",
    "group_add": ["1234"],
    "hostname": "h-{{.Task.Slot}}",
    "working_dir": "/tmp",  # noqa: S108 - inside a container
    "environment": {"PLAIN": "a b", "EMPTY": "", "DOLLAR": "$$x"},
    "ulimits": {"nofile": {"soft": 100, "hard": 200}, "core": 0},
    "sysctls": {"net.core.somaxconn": "77"},
    "cap_drop": ["ALL"],
    "cap_add": ["NET_BIND_SERVICE"],
    "extra_hosts": {"there": "192.0.2.7"},
    "dns": ["192.0.2.53"],
    "dns_search": ["example.org"],
    "dns_opt": ["timeout:7"],
    "read_only": True,
    "init": True,
    "shm_size": "8m",
    "tmpfs": ["/short:size=1m,mode=0750"],
    "volumes": [
        {"type": "tmpfs", "target": "/long", "tmpfs": {"size": 2097152, "mode": 0o1700}},
        {"type": "volume", "source": "data", "target": "/data"},
    ],
    "configs": [{"source": "motd", "target": "/etc/motd", "mode": 0o440, "uid": "1000", "gid": "1001"}],
    "secrets": [{"source": "token", "target": "token", "mode": 0o400, "uid": "1000"}],
    "deploy": {
        "endpoint_mode": "dnsrr",
        "resources": {"limits": {"memory": "32m", "pids": 50}},
        "restart_policy": {"condition": "on-failure", "max_attempts": 3},
    },
}
SCRIPT = r"""
id; hostname; pwd; echo "PLAIN=$PLAIN"; echo "EMPTY=${EMPTY-unset}"; echo "DOLLAR=$DOLLAR"
ulimit -Sn; ulimit -Hn; ulimit -Sc; cat /proc/sys/net/core/somaxconn; grep Cap /proc/self/status
cat /etc/ho*s /etc/resolv.conf; touch /x 2>&1; cat /proc/1/comm
grep -E ' /(short|long|data|dev/shm) ' /proc/mounts; ls -ld /short /long
ls -l /etc/motd /run/secrets/token; cat /etc/motd; echo; cat /run/secrets/token; echo
cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max 2>/dev/null ||
cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max
"""
EXPECTED = (
    "gid=1001 groups=1001,1234|gid=1001 groups=1234",
    "h-1",
    "/tmp",  # noqa: S108 - inside a container
    "PLAIN=a b",
    "EMPTY=",
    "DOLLAR=$x",
    "100\n200\n0\n77",
    "CapBnd:\t0000000000000400",
    "192.0.2.7\tthere",
    "options timeout:7",
    "search example.org",
    "Read-only file system",
    "docker-init|tini",
    "size=1024k",
    "size=2048k",
    "size=8192k",
    "drwxr-x---",
    "drwx-----T",
    "-r--r-----    1 app      1001|-r--r-----    1 1000     1001",
    "-r--------    1 app      root|-r--------    1 1000     ",
    "hello $x",
    "s3cret",
    "33554432\n50",
)


def test_containers_are_as_the_file_says(engine: Engine, images: Callable[[str], str], tmp_path: Path) -> None:
    """The program prints what it sees, and its lines are read from the service's log."""
    web = EFFECTS | {"image": images(BUSYBOX), "command": ["sh", "-c", SCRIPT.replace("$", "$$")]}
    made = wanted(
        {
            "services": {"web": web},
            "volumes": {"data": {}},
            "configs": {"motd": {"content": "hello $$x"}},
            "secrets": {"token": {"environment": "TOKEN"}},
        },
        tmp_path,
        engine,
    )
    (one,) = made.services
    service = create(engine, one, there(engine, made))
    said = printed(engine, service["ID"])
    missing = [each for each in EXPECTED if not any(piece in said for piece in each.split("|"))]
    assert missing == [], said


def printed(engine: Engine, service: str) -> str:
    """What the only task of a service wrote, once it has ended."""
    for _ in range(150):
        tasks = engine.call("GET", "/tasks", query={"filters": {"service": [service]}})
        states = {task["Status"]["State"] for task in tasks}
        if "complete" in states:
            break
        SystemClock().sleep(0.2)
    assert "complete" in states, [task["Status"] for task in tasks]
    written = engine.stream("GET", f"/services/{service}/logs", query={"stdout": True, "stderr": True})
    return unframed(b"".join(written))


def unframed(data: bytes) -> str:
    """The text in a stream of frames: eight bytes of head, of which the last four are the length."""
    found = b""
    while data:
        length = int.from_bytes(data[4:8], "big")
        found, data = found + data[8 : 8 + length], data[8 + length :]
    return found.decode()
