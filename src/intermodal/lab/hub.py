"""The part of a lab that is no node: a registry that all nodes trust, and a name server that knows no name.

Both are in a network of their own on the bridge, so that neither the machine's ports nor its firewall matter.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.process import run
from intermodal.lab import commands, names, network, processes
from intermodal.lab.layout import HUB, REGISTRY_PORT
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from intermodal.kit.clock import Clock
    from intermodal.lab.layout import Layout
    from intermodal.lab.state import Labs

_PATIENCE = 30.0
_BEAT = 0.05

_SETTINGS = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: "{folder}"}}, delete: {{enabled: true}}}}
http: {{addr: "0.0.0.0:{port}"}}
"""


def start(labs: Labs, layout: Layout) -> None:
    """Plug the hub in and start what is in it. Raises `CommandFailed`."""
    network.plug(layout, HUB, layout.hub)
    _run(labs, layout, (sys.executable, "-I", "-S", str(Path(names.__file__)), layout.hub))
    if layout.registry:
        folder = labs.folder(layout.name) / "registry"
        folder.mkdir(mode=0o700, exist_ok=True)
        told = folder / "registry.yaml"
        told.write_text(_SETTINGS.format(folder=folder, port=REGISTRY_PORT), "utf-8")
        _run(labs, layout, ("docker-registry", "serve", str(told)))


def wait(layout: Layout, clock: Clock) -> None:
    """Return when the registry answers, if there is one. Raises `NotDone` when it does not."""
    end = clock.monotonic() + _PATIENCE
    while layout.registry and not _open(layout.hub):
        if clock.monotonic() > end:
            message = f"the lab's registry does not answer at {layout.registry_address}"
            advice = "look whether the machine's firewall lets its own packets out to the lab's bridge"
            raise NotDone(
                [Diagnostic(code="lab-registry-failed", severity=Severity.ERROR, message=message, help=advice)]
            )
        clock.sleep(_BEAT)


def _run(labs: Labs, layout: Layout, argv: tuple[str, ...]) -> None:
    wanted = commands.detached(labs.log(layout.name, HUB), commands.in_hub(layout, argv))
    run(wanted, environment=processes.mark(layout.token, HUB))


def _open(host: str) -> bool:
    try:
        socket.create_connection((host, REGISTRY_PORT), timeout=1.0).close()
    except OSError:
        return False
    return True
