"""Whether this machine can carry a lab: every missing thing is told, with the Debian package that brings it."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Findings, Severity
from intermodal.lab.commands import PACKAGES
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDED = ("ip", "iptables", "setsid", "nsenter", "unshare", "mount")
"""What every lab needs besides an engine."""


def fit(programs: Iterable[str] = NEEDED, engine: str = "") -> None:
    """Raise `NotDone` with everything that is missing here; `engine` is a dockerd, as a name or a path."""
    findings = Findings()
    if not sys.platform.startswith("linux"):
        findings.error("lab-needs-linux", "a lab is made of Linux namespaces", help="run it in a Linux machine")
    elif os.geteuid():
        findings.error(
            "lab-needs-root", "a lab makes links and namespaces, which only root may", help="sudo intermodal …"
        )
    for program in programs:
        _look_for(program, program, findings)
    if engine:
        _look_for(engine, "dockerd", findings)
    if findings.diagnostics:
        raise NotDone(findings.diagnostics)


def registry_warnings() -> tuple[Diagnostic, ...]:
    """That a lab will have no registry, where none is installed."""
    if shutil.which("docker-registry"):
        return ()
    advice = "apt-get install docker-registry; without it, images reach the nodes by `intermodal lab images load`"
    message = "there is no docker-registry here: the lab has no registry"
    return (Diagnostic(code="lab-without-registry", severity=Severity.WARNING, message=message, help=advice),)


def _look_for(path: str, program: str, findings: Findings) -> None:
    if not shutil.which(path):
        advice = f"apt-get install --no-install-recommends {PACKAGES[program]}"
        if "/" in path:
            advice = f"--engine takes the path of a dockerd; or, for Debian's own: {advice}"
        findings.error("lab-program-missing", f"{path} is not there, or cannot be run", help=advice)
