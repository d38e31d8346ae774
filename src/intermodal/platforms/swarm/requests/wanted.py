"""What `up` wants of a Swarm: its objects as values, with the bodies the engine's API takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.changes import Condition
    from intermodal.model.support import Notes
    from intermodal.platforms.swarm.plain import Object

NAMESPACE = "com.docker.stack.namespace"
"""The label by which Docker's own commands know what belongs to a stack."""
IMAGE = "com.docker.stack.image"
"""The label that keeps the image's name as the file has it."""


@record
class WantedNetwork:
    """A network by its key in the file; `name` is the engine's. An external one has no `body` and must be there."""

    key: str
    name: str
    external: bool = False
    body: Mapping[str, object] = NOTHING
    revision: str = ""


@record
class WantedFile:
    """A config or secret. `named` says that the user chose its name, so that new content cannot become a new object."""

    key: str
    name: str
    external: bool = False
    body: Mapping[str, object] = NOTHING
    revision: str = ""
    named: bool = False

    def __repr__(self) -> str:
        return f"WantedFile(name={self.name!r}, revision={self.revision!r})"


@record
class WantedService:
    """A service: `spec` names networks, configs and secrets by name, and has no ids.

    `revision` is over the spec with the image as written, without labels of ours and replicas. `mode` is replicated,
    global or job; `replicas` is the file's number (of completions, for a job), None for one on each node.
    """

    name: str
    full_name: str
    image: str
    spec: Object
    revision: str
    mode: str = "replicated"
    replicas: int | None = None
    depends_on: Mapping[str, tuple[Condition, bool]] = NOTHING
    pull_policy: str = ""
    networks: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"WantedService(full_name={self.full_name!r}, revision={self.revision!r})"


@record
class Wanted:
    """The application as objects of a Swarm. `volumes` are names: the nodes make volumes when instances mount them.

    `inactive` names services of its that are not wanted now, and not left over either.
    """

    application: str
    notes: Notes
    services: tuple[WantedService, ...] = ()
    networks: tuple[WantedNetwork, ...] = ()
    configs: tuple[WantedFile, ...] = ()
    secrets: tuple[WantedFile, ...] = ()
    volumes: tuple[str, ...] = ()
    inactive: tuple[str, ...] = ()
