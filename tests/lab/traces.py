"""What a lab could leave behind on a machine, looked at from outside. Engines and labs beside it are left out."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from intermodal.lab import processes
from intermodal.lab.state import Labs

OURS = "t-"
"""How the names of labs begin whose traces are looked for."""

_PROCESSES = re.compile("/var/lib/intermodal/|/run/docker/|lab/names.py")
"""What command lines of a lab's processes hold; /run/docker is where each of its engines works."""
_NOT_OURS = re.compile(r"veth|br-[0-9a-f]{12}| /tmp/|/overlay2/|/run/docker/netns/")
"""What engines beside us make and remove for their containers."""
_FILES = ("var/lib/*", "run/*", "etc/*", "tmp/intermodal*", "var/lib/intermodal/lab/*/*")


def traces() -> frozenset[str]:
    """Links, namespaces, firewall rules, mounts, cgroups, processes and files that are there."""
    found = {
        "link": _output("ip", "-oneline", "link"),
        "namespace": [entry.name for entry in Path("/run/netns").glob("*")],
        "rule": [line for line in _output("iptables-save") if line.startswith("-")],
        "mount": Path("/proc/self/mounts").read_text().splitlines(),
        "cgroup": [str(folder) for pattern in ("*", "*/*") for folder in Path("/sys/fs/cgroup").glob(pattern)],
        "process": _processes(),
        "file": [str(file) for pattern in _FILES for file in Path("/").glob(pattern)],
    }
    others = _of_other_labs()
    lines = {f"{kind} {line}" for kind, said in found.items() for line in said if not _NOT_OURS.search(line)}
    kept = {"file /var/lib/intermodal"} if others else set()
    return frozenset(line for line in lines - kept if not any(word in line for word in others))


def left_behind(before: frozenset[str]) -> list[str]:
    """What is there and was not before; waits a moment for what is going."""
    for _ in range(50):
        if not (left := traces() - before):
            return []
        time.sleep(0.1)
    return sorted(left)


def _processes() -> list[str]:
    labs = Labs()
    others = {
        process.pid
        for name in _other_names(labs)
        if (found := labs.journal(name))
        for process in processes.of(found.layout.token)
    }
    there = [line.strip().partition(" ") for line in _output("ps", "-eo", "pid,args")]
    return [line for pid, _, line in there if _PROCESSES.search(line) and int(pid) not in others]


def _of_other_labs() -> list[str]:
    """How things of labs that stand beside ours can be known."""
    labs = Labs()
    layouts = [found.layout for name in _other_names(labs) if (found := labs.journal(name))]
    return [
        name
        for layout in layouts
        for name in (layout.bridge, layout.link(""), layout.namespace(""), f"/lab/{layout.name}/")
    ]


def _other_names(labs: Labs) -> list[str]:
    return [name for name in labs.names() if not name.startswith(OURS)]


def _output(*argv: str) -> list[str]:
    lines = subprocess.check_output(argv, text=True).splitlines()
    return [line.partition(": ")[2].partition(":")[0] if argv[0] == "ip" else line for line in lines]
