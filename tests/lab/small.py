"""A small image made of this machine's own shell: enough for a process that waits."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intermodal.clients.docker.engine import Engine

PROGRAMS = ("sh", "sleep")


def make(engine: Engine, name: str) -> None:
    """Put the image onto an engine; `name` has a tag."""
    repository, _, tag = name.partition(":")
    query = {"fromSrc": "-", "repo": repository, "tag": tag}
    for _ in engine.stream("POST", "/images/create", query=query, body=content()):
        pass


def content() -> bytes:
    """A root folder with the programs and what they load."""
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w", dereference=True) as archive:
        for program in PROGRAMS:
            archive.add(f"/bin/{program}", f"bin/{program}")
            for library in re.findall(r"(/\S+) \(0x", subprocess.check_output(["ldd", f"/bin/{program}"], text=True)):
                if library.lstrip("/") not in archive.getnames():
                    archive.add(library, library.lstrip("/"))
    return kept.getvalue()


def run(engine: Engine, image: str, *argv: str) -> str:
    """Start a container; gives its id."""
    made = engine.call("POST", "/containers/create", body={"Image": image, "Cmd": list(argv)})
    engine.call("POST", f"/containers/{made['Id']}/start")
    return str(made["Id"])


def wait_forever(engine: Engine, image: str) -> str:
    """Start a container of two processes that wait; gives its id."""
    return run(engine, image, "/bin/sh", "-c", "/bin/sleep 9999 & wait")
