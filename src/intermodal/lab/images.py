"""Images brought into a lab: onto every node at once, or into its registry, from which nodes pull them.

What is pushed to the registry under its own name (`library/nginx:1`) is pulled as if it came from Docker Hub.
"""

from __future__ import annotations

import json
import re
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.diagnosis import told
from intermodal.clients.docker.references import parse
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.threads import gather
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from intermodal.clients.docker.engine import Engine
    from intermodal.lab.lab import Lab

_LOADED = re.compile(r"Loaded image(?: ID)?: (\S+)")
_NOBODY = {"X-Registry-Auth": "e30="}


def load(lab: Lab, archives: Sequence[Path]) -> list[str]:
    """Load archives (`docker save`) onto every node; gives the names of the images. Raises `NotDone`."""
    return gather([partial(_load, engine, archives) for engine in lab.engines().values()])[0]


def push(lab: Lab, archives: Sequence[Path]) -> list[str]:
    """Push the images of archives to the lab's registry; gives their names there. Raises `NotDone`."""
    if not lab.registry:
        advice = "apt-get install docker-registry, then make the lab again; or load onto every node"
        raise _told("lab-registry-absent", f"the lab {lab.name} has no registry", advice)
    engine = lab.engine()
    return [_push(engine, name, kept(lab.registry, name)) for name in _load(engine, archives)]


def kept(registry: str, name: str) -> str:
    """What an image is called in a lab's registry. Raises `ValueError` for an image without a name."""
    reference = parse(name)
    return f"{registry}/{reference.name}:{reference.tag or 'latest'}"


def saved(engine: Engine, names: Sequence[str], folder: Path) -> Path:
    """An archive of images that an engine has. Raises `NotDone` when it lacks one."""
    archive = folder / "images.tar"
    with told(engine.address), archive.open("wb") as file:
        for name in names:
            engine.call("GET", f"/images/{name}/json")
        for chunk in engine.stream("GET", f"/images/get?{'&'.join(f'names={name}' for name in names)}"):
            file.write(chunk)
    return archive


def scratch() -> TemporaryDirectory[str]:
    """A folder for an archive, gone when it is closed."""
    return TemporaryDirectory(prefix="intermodal-")


def _load(engine: Engine, archives: Iterable[Path]) -> list[str]:
    return [name for archive in archives for name in _load_one(engine, archive)]


def _load_one(engine: Engine, archive: Path) -> list[str]:
    with told(engine.address):
        try:
            with archive.open("rb") as file:
                said = list(_lines(engine.stream("POST", "/images/load", query={"quiet": True}, body=file)))
        except OSError as error:
            raise _told("lab-image-unreadable", f"{archive}: {error.strerror}", "give the path of a tar") from error
    _look_for_errors(said, f"{archive} cannot be loaded")
    return [name for line in said for name in _LOADED.findall(line.get("stream", ""))]


def _push(engine: Engine, name: str, target: str) -> str:
    repository, _, tag = target.rpartition(":")
    with told(engine.address):
        engine.call("POST", f"/images/{name}/tag", query={"repo": repository, "tag": tag})
        answer = engine.stream("POST", f"/images/{repository}/push", query={"tag": tag}, headers=_NOBODY)
        _look_for_errors(list(_lines(answer)), f"{target} cannot be pushed")
    return target


def _look_for_errors(said: Iterable[dict[str, Any]], message: str) -> None:
    for line in said:
        if "error" in line:
            raise _told("lab-image-refused", f"{message}: {line['error']}", "an archive is what `docker save` writes")


def _lines(chunks: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """The JSON documents of an answer, one a line."""
    for line in b"".join(chunks).splitlines():
        if line.strip():
            yield json.loads(line)


def _told(code: str, message: str, advice: str) -> NotDone:
    return NotDone([Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)])
