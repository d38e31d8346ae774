"""One node: an engine with namespaces, an address and a folder of its own. Started, waited for, killed.

Belongs here: what an engine of a lab is told at its start. Does not: joining engines (`swarm.py`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.address import Address
from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.process import run
from intermodal.lab import cgroups, commands, network, processes
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.clock import Clock
    from intermodal.lab.layout import LabNode, Layout
    from intermodal.lab.state import Labs

_PATIENCE = 90.0
_BEAT = 0.05
_SHOWN = 5


def address(labs: Labs, layout: Layout, node: LabNode) -> Address:
    """Where the engine of a node listens."""
    return Address(scheme="unix", path=str(labs.socket(layout.name, node.part)), named=node.name)


def settings(layout: Layout, node: LabNode, folder: Path) -> dict[str, Any]:
    """What the engine reads at its start. Containers' cgroups are told by the cgroup they are all below."""
    registry = layout.registry_address
    return {
        "data-root": str(folder / "data"),
        "exec-root": "/run/docker",
        "pidfile": "/run/docker.pid",
        "hosts": [f"unix://{folder / 'docker.sock'}"],
        "cgroup-parent": f"/{layout.namespace(node.part)}",
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "labels": [f"intermodal.lab={layout.name}"],
        "insecure-registries": [registry] if registry else [],
        "registry-mirrors": [f"http://{registry}"] if registry else [],
    }


def start(labs: Labs, layout: Layout, node: LabNode) -> None:
    """Plug the node in and start its engine, on the data it had if it had any. Raises `CommandFailed`."""
    folder = _prepared(labs, layout, node)
    network.plug(layout, node.part, node.address)
    argv = commands.booted(layout, node.part, node.name, folder)
    surroundings = processes.mark(layout.token, node.part) | _path(layout.engine)
    run(commands.detached(labs.log(layout.name, node.part), argv), environment=surroundings)


def stop(layout: Layout, node: LabNode, clock: Clock) -> bool:
    """Switch the node off at once, as if its power failed; False when processes of it are still there."""
    gone = processes.kill(layout.token, node.part, clock)
    network.unplug(layout, node.part)
    return cgroups.remove(layout.namespace(node.part), clock) and gone


def wait(labs: Labs, layout: Layout, nodes: Iterable[LabNode], clock: Clock) -> None:
    """Return when the engines of all these nodes answer. Raises `NotDone` when one does not."""
    end = clock.monotonic() + _PATIENCE
    for node in nodes:
        with Engine(address(labs, layout, node), timeout=5.0) as engine:
            while not _answers(engine):
                if clock.monotonic() > end or not processes.of(layout.token, node.part):
                    raise _silent(labs, layout, node)
                clock.sleep(_BEAT)


def _answers(engine: Engine) -> bool:
    try:
        engine.call("GET", "/info")
    except (EngineError, Unreachable):
        return False
    return True


def _prepared(labs: Labs, layout: Layout, node: LabNode) -> Path:
    """The node's folder: what its engine is told, and the parts of /etc that are its own."""
    folder = labs.node_folder(layout.name, node.part)
    for name in ("data", "etc/docker", "work", "cgroup"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "etc").chmod(0o755)
    # What the machine's own engine has in /etc/docker, its identity above all, is not the node's.
    os.setxattr(folder / "etc" / "docker", "trusted.overlay.opaque", b"y")
    (folder / "docker.sock").unlink(missing_ok=True)
    (folder / "daemon.json").write_text(json.dumps(settings(layout, node, folder), indent=2), "utf-8")
    (folder / "etc" / "resolv.conf").write_text(f"nameserver {layout.hub}\n", "utf-8")
    return folder


def _path(engine: str) -> dict[str, str]:
    """Where an engine given by its path finds the programs that came with it."""
    if "/" not in engine:
        return {}
    return {"PATH": os.pathsep.join((str(Path(engine).parent), os.environ.get("PATH", os.defpath)))}


def _silent(labs: Labs, layout: Layout, node: LabNode) -> NotDone:
    log = labs.log(layout.name, node.part)
    try:
        said = log.read_text("utf-8", "replace").splitlines()[-_SHOWN:]
    except OSError:
        said = []
    advice = "\n".join(["its last words:", *said]) if said else "it wrote nothing; is it a dockerd?"
    message = f"the engine of {node.name} does not answer"
    return NotDone([Diagnostic(code="lab-engine-failed", severity=Severity.ERROR, message=message, help=advice)])
