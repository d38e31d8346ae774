"""What was seen running: an application's services and instances, and the nodes they are on. Values only.

Belongs here: what every platform can say of a running application, in the same words. Does not: how it is found out
(each platform's `observe`), and what is to be done about it (`changes`).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping


class Phase(Enum):
    """Where an instance is in its life."""

    WAITING = "waiting"
    """Not started: no node yet, image on its way, or created only."""
    STARTING = "starting"
    """Started; its health check has not passed yet."""
    RUNNING = "running"
    """Started; it has no health check."""
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    PAUSED = "paused"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    """Ended because somebody asked for it, or replaced."""
    COMPLETE = "complete"
    """Ended by itself, well."""
    FAILED = "failed"
    """Ended by itself, badly; or could not be started."""

    @property
    def up(self) -> bool:
        """Whether a process of the instance is there."""
        return self in _UP

    @property
    def serving(self) -> bool:
        """Whether the instance does its work."""
        return self in (Phase.RUNNING, Phase.HEALTHY)


_UP = frozenset({Phase.STARTING, Phase.RUNNING, Phase.HEALTHY, Phase.UNHEALTHY, Phase.PAUSED})


@record
class Published:
    """A port of an instance or service that is open on a node; `address` "" means all of the node's."""

    target: int
    published: int
    protocol: str = "tcp"
    address: str = ""


@record
class Instance:
    """One container, task or pod. Times are seconds since 1970; `status` is the engine's own word for the phase.

    `revision` is the content hash it was made from, "" where nobody noted one. `message` says why it is not well.
    `container` is the id of its container on its node, where the engine tells.
    """

    id: str
    name: str
    service: str
    phase: Phase
    number: int = 0
    status: str = ""
    node: str = ""
    image: str = ""
    revision: str = ""
    exit_code: int | None = None
    restarts: int = 0
    created: float | None = None
    started: float | None = None
    message: str = ""
    container: str = ""
    ports: tuple[Published, ...] = ()


@record
class Update:
    """How far an update or a rollback is; `state` is updating, completed, paused, rolling-back or rolled-back."""

    state: str
    message: str = ""
    started: float | None = None


@record
class ServiceState:
    """A service as it runs. `wanted` is how many instances there should be, None for one on every node.

    `mode` is replicated, global or job; `revision` the content hash of what it was last brought up from. `instances`
    holds those that count now first, then ended ones that say why something is wrong.
    """

    name: str
    image: str = ""
    mode: str = "replicated"
    wanted: int | None = 1
    revision: str = ""
    instances: tuple[Instance, ...] = ()
    update: Update | None = None
    ports: tuple[Published, ...] = ()
    labels: Mapping[str, str] = NOTHING

    @property
    def serving(self) -> int:
        """How many instances do their work."""
        return sum(one.phase.serving for one in self.instances)


@record
class Node:
    """A machine of a cluster. `state` is ready, down or unknown; `availability` active, pause or drain.

    `cpus` are cores, `memory` bytes.
    """

    id: str
    name: str
    role: str = "worker"
    state: str = "ready"
    availability: str = "active"
    leader: bool = False
    address: str = ""
    engine: str = ""
    cpus: float | None = None
    memory: int | None = None
    labels: Mapping[str, str] = NOTHING


@record
class Running:
    """One look at an application on an engine. Names of networks and the rest are those on the engine."""

    application: str
    platform: str
    services: Mapping[str, ServiceState] = NOTHING
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


class Health(Enum):
    """Whether a service is what it should be."""

    COMING = "coming"
    HEALTHY = "healthy"
    COMPLETE = "complete"
    FAILED = "failed"
    """It will not become healthy by waiting."""


@record
class Standing:
    """A service's health as one word, how many instances are as they should be, and why the rest are not."""

    service: str
    health: Health
    ready: int = 0
    wanted: int = 0
    why: tuple[str, ...] = ()


@record
class LogLine:
    """One line an instance wrote. `time` is seconds since 1970; `stream` stdout or stderr; `text` has no line end."""

    service: str
    instance: str
    node: str
    stream: str
    time: float
    text: str


@record
class Event:
    """Something that happened to a part of an application: `kind` is service, instance, network, volume or node."""

    time: float
    kind: str
    name: str
    action: str
    service: str = ""
    details: Mapping[str, str] = NOTHING


@record
class HeldImage:
    """An image that services of an application use; `size` in bytes, `digest` and `node` "" where not known."""

    reference: str
    id: str = ""
    digest: str = ""
    size: int | None = None
    created: float | None = None
    node: str = ""
    services: tuple[str, ...] = ()
