"""Clients of the Docker Engine's API side by side: start-up, installed size, 200 concurrent calls, raw specs.

Beside ours, which is the standard library's http.client and threads: the Docker SDK, aiodocker, httpx and urllib3, from
a virtual environment of their own (`--peers`). Needs an engine, and a Swarm manager for the last question.
`python benchmarks/clients.py --peers PYTHON --engine unix:///… --container NAME --swarm unix:///…`
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

CALLS, THREADS = 200, 16
OURS = sys.executable

IMPORTS = {
    "Python alone": "pass",
    "asyncio (for scale)": "import asyncio",
    "ours, over http.client": "from intermodal.clients.docker.engine import Engine",
    "urllib3": "import urllib3",
    "httpx": "import httpx",
    "Docker SDK": "import docker",
    "aiodocker": "import aiodocker",
}
DISTRIBUTIONS = {"urllib3": "urllib3", "httpx": "httpx", "Docker SDK": "docker", "aiodocker": "aiodocker"}

SIZE = """
import importlib.metadata as metadata, re, sys
seen, left = set(), [sys.argv[1]]
while left:
    name = left.pop().lower().replace("_", "-")
    if name in seen:
        continue
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        continue
    seen.add(name)
    left += [re.match(r"[A-Za-z0-9._-]+", each).group() for each in found.requires or () if "extra ==" not in each]
total = sum(f.locate().stat().st_size for n in seen for f in metadata.distribution(n).files or ()
            if f.suffix != ".pyc" and f.locate().exists())
print(len(seen), total)
"""

GATHER = """
from concurrent.futures import ThreadPoolExecutor
def gather(call):
    with ThreadPoolExecutor({threads}) as crew:
        return list(crew.map(lambda _: call(), range({calls})))
"""
CONCURRENT = {
    "ours, over http.client": """
from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.address import parsed
engine = Engine(parsed(HOST))
work = lambda: gather(lambda: engine.call("GET", f"/containers/{NAME}/json")["Id"])
""",
    "httpx": """
import httpx
client = httpx.Client(transport=httpx.HTTPTransport(uds=HOST.removeprefix("unix://")), base_url="http://docker",
                      limits=httpx.Limits(max_connections=THREADS))
work = lambda: gather(lambda: client.get(f"/v1.41/containers/{NAME}/json").json()["Id"])
""",
    "Docker SDK": """
import docker
client = docker.APIClient(base_url=HOST, version="1.41")
work = lambda: gather(lambda: client.inspect_container(NAME)["Id"])
""",
    "aiodocker": """
import asyncio, aiodocker
async def all_of_them():
    gate = asyncio.Semaphore(THREADS)
    async with aiodocker.Docker(url=HOST, api_version="v1.41") as client:
        async def one():
            async with gate:
                return (await client.containers.get(NAME))._id
        return await asyncio.gather(*(one() for _ in range(CALLS)))
work = lambda: asyncio.run(all_of_them())
""",
}
TIMED = """
import os, time
start, before = time.perf_counter(), os.times()
found = work()
wall, after = time.perf_counter() - start, os.times()
assert len(found) == CALLS and len(set(found)) == 1, found
print(wall, after.user + after.system - before.user - before.system)
"""

RAW = {
    "Docker SDK, `service.scale(2)`": """
import docker
docker.DockerClient(base_url=HOST, version="1.41").services.get(NAME).scale(2)
""",
    "Docker SDK, `service.update(labels=…)`": """
import docker
docker.DockerClient(base_url=HOST, version="1.41").services.get(NAME).update(labels={"touched": "yes"})
""",
    "Docker SDK, `service.update(env=…)`": """
import docker
docker.DockerClient(base_url=HOST, version="1.41").services.get(NAME).update(env=["A=1"])
""",
    "Docker SDK, `update(resources=…)`": """
import docker
docker.DockerClient(base_url=HOST, version="1.41").services.get(NAME).update(
    resources=docker.types.Resources(cpu_limit=10**8))
""",
    "aiodocker, `services.update(image=…)`": """
import asyncio, aiodocker
async def work():
    async with aiodocker.Docker(url=HOST, api_version="v1.41") as client:
        found = await client.services.inspect(NAME)
        await client.services.update(NAME, version=found["Version"]["Index"], image="busybox:2")
asyncio.run(work())
""",
    "ours, the raw spec sent back": """
from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.address import parsed
engine = Engine(parsed(HOST))
found = engine.call("GET", f"/services/{NAME}")
found["Spec"]["Mode"]["Replicated"]["Replicas"] = 2
engine.call("POST", f"/services/{NAME}/update", query={"version": found["Version"]["Index"]}, body=found["Spec"])
""",
}
SPEC: dict[str, Any] = {
    "Labels": {"shop": "yes"},
    "TaskTemplate": {
        "ContainerSpec": {
            "Image": "busybox:1",
            "Args": ["sleep", "1"],
            "Init": True,
            "Sysctls": {"net.core.somaxconn": "512"},
            "CapabilityAdd": ["CAP_NET_ADMIN"],
            "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}],
            "Healthcheck": {"Test": ["CMD", "true"]},
            "DNSConfig": {"Nameservers": ["10.0.0.2"]},
        },
        "Resources": {"Limits": {"MemoryBytes": 67108864, "Pids": 100}},
        "Placement": {"Constraints": ["node.labels.none==yes"], "MaxReplicas": 2},
        "LogDriver": {"Name": "json-file", "Options": {"max-size": "1m"}},
    },
    "Mode": {"Replicated": {"Replicas": 1}},
    "UpdateConfig": {"Parallelism": 2, "Order": "start-first", "FailureAction": "rollback"},
    "RollbackConfig": {"Parallelism": 3, "Order": "stop-first"},
    "EndpointSpec": {"Mode": "dnsrr"},
}


class Cost(NamedTuple):
    """Seconds on the clock and of CPU."""

    wall: float
    cpu: float


def main() -> None:
    given = _arguments()
    python = platform.python_version()
    print(
        f"Python {python}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; medians of {given.runs}."
    )
    print("\n".join(["", *_start_up(given.peers, given.runs), "", *_concurrent(given)]))
    if given.swarm:
        print("\n".join(["", *_raw_specs(given)]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", required=True, help="a Python in which the peers are installed")
    parser.add_argument("--engine", required=True, help="unix:///…")
    parser.add_argument("--container", required=True, help="a container of that engine")
    parser.add_argument("--swarm", default="", help="a manager's socket, unix:///…")
    parser.add_argument("--runs", type=int, default=11)
    return parser.parse_args()


def _start_up(peers: str, runs: int) -> Iterable[str]:
    taken: dict[str, list[Cost]] = {name: [] for name in IMPORTS}
    for number in range(runs + 1):
        for name, code in IMPORTS.items():
            cost = _process([OURS if "ours" in name else peers, "-c", code])
            taken[name] += [cost] if number else []  # the first run writes byte code
    bare = _middle(taken["Python alone"])
    yield "| import | wall over bare Python | CPU over bare Python | installed | distributions |"
    yield "|---|---:|---:|---:|---:|"
    for name, costs in taken.items():
        found = _middle(costs)
        size = _size(peers, DISTRIBUTIONS[name]) if name in DISTRIBUTIONS else ("0", "0.0 MiB")
        over = f"{_ms(found.wall - bare.wall)} | {_ms(found.cpu - bare.cpu)}"
        yield f"| {name} | {over if costs != taken['Python alone'] else '— | —'} | {size[1]} | {size[0]} |"


def _concurrent(given: argparse.Namespace) -> Iterable[str]:
    taken: dict[str, list[Cost]] = {name: [] for name in CONCURRENT}
    for _ in range(given.runs):
        for name, code in CONCURRENT.items():
            printed = _run(_python(name, given.peers), _program(code + TIMED, given.engine, given.container))
            taken[name].append(Cost(*map(float, printed.split())))
    yield f"| {CALLS} inspect calls, {THREADS} at a time | wall | CPU of the client |"
    yield "|---|---:|---:|"
    for name, costs in taken.items():
        found = _middle(costs)
        yield f"| {name} | {_ms(found.wall)} | {_ms(found.cpu)} |"


def _raw_specs(given: argparse.Namespace) -> Iterable[str]:
    yield "| a change of one thing | also lost or changed |"
    yield "|---|---|"
    for name, code in RAW.items():
        made = f"im-bench-{os.getpid()}"
        _call(given, f"engine.call('POST', '/services/create', body={ {'Name': made, **SPEC}!r})")
        try:
            before = _spec(given, made)
            done = _run(_python(name, given.peers), _program(code, given.swarm, made), check=False)
            after = _spec(given, made)
        finally:
            _call(given, f"engine.call('DELETE', '/services/{made}')")
        if before == after:
            sys.exit(f"{name} changed nothing: {done}")
        lost = [path for path in sorted(_paths(before)) if _at(before, path) != _at(after, path)]
        shown = ", ".join(f"`{'.'.join(path)}`" for path in lost if path[-1] not in {"Replicas", "Image"})
        yield f"| {name} | {shown or 'nothing'} |"


def _paths(value: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    else:
        yield path


def _at(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _spec(given: argparse.Namespace, name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(_call(given, f"print(json.dumps(engine.call('GET', '/services/{name}')['Spec']))"))


def _call(given: argparse.Namespace, code: str) -> str:
    start = "import json\nfrom intermodal.clients.docker.engine import Engine\n"
    start += "from intermodal.clients.docker.address import parsed\nengine = Engine(parsed(HOST))\n"
    return _run(OURS, _program(start + code, given.swarm, ""))


def _program(code: str, host: str, name: str) -> str:
    head = f"HOST, NAME, CALLS, THREADS = {host!r}, {name!r}, {CALLS}, {THREADS}\n"
    return head + GATHER.format(threads=THREADS, calls=CALLS) + code


def _python(name: str, peers: str) -> str:
    return OURS if "ours" in name else peers


def _run(python: str, code: str, *, check: bool = True) -> str:
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(f"not measured: {done.stderr}")
    return done.stdout or done.stderr


def _process(argv: list[str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(argv, check=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _size(python: str, distribution: str) -> tuple[str, str]:
    printed = subprocess.run([python, "-c", SIZE, distribution], capture_output=True, text=True, check=True).stdout
    count, total = map(int, printed.split())
    return str(count), f"{total / 1024 / 1024:.1f} MiB"


def _middle(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(cost.wall for cost in costs), statistics.median(cost.cpu for cost in costs))


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    main()
