"""What the engine is to hold, as values: networks, volumes, and services with all that makes a container of them.

Bodies are those of the engine's API. Values of the environment and of secrets are in them: never print one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.objects import Version
    from intermodal.model.application import Application, Dependency, Service
    from intermodal.model.building import Hook
    from intermodal.model.support import Notes


@record
class Shared:
    """A network or a volume; `name` is the engine's. An external one has no body and is never made."""

    key: str
    name: str
    external: bool
    body: Mapping[str, Any]
    revision: str


@record
class Upload:
    """A file to be put into a container before it starts. `path` is absolute; `mode` permission bits.

    `secret` content gives no fingerprint of itself that could be tried out.
    """

    path: str
    content: bytes
    uid: int = 0
    gid: int = 0
    mode: int = 0o444
    secret: bool = False


@record
class HostFile:
    """A file of the engine's machine that a container mounts, read only, as a config or secret."""

    source: str
    target: str


@record
class ServiceRequest:
    """A service, and what its containers are made of. `image` is never empty; `pull` is its pull policy, "" for none.

    `networks` and `volumes` are keys of the application, networks in the order they are joined. `depends_on` has the
    dependencies that links and shared namespaces imply; `refers` are the services whose containers are named inside,
    so that a new container there needs a new one here. `image_mounts` are images that are mounted and must be there.
    `stop_timeout` is in seconds. `profiles` are the seccomp profiles that `security_opt` names, as text.
    `revision` hangs on all that makes a container, not on how many there are.
    """

    name: str
    project: str
    image: str
    platform: str
    pull: str
    builds: bool
    replicas: int
    container_name: str
    networks: tuple[str, ...]
    volumes: tuple[str, ...]
    depends_on: Mapping[str, Dependency]
    refers: tuple[str, ...]
    image_mounts: tuple[str, ...]
    post_start: tuple[Hook, ...]
    pre_stop: tuple[Hook, ...]
    stop_timeout: int | None
    service: Service
    application: Application
    uploads: tuple[Upload, ...] = ()
    host_files: tuple[HostFile, ...] = ()
    profiles: Mapping[str, str] = NOTHING
    revision: str = ""


@record
class Wanted:
    """Everything an application needs on the engine. `notes` say what becomes of single values.

    `inactive` names services of its that are not wanted now, and not left over either.
    """

    application: str
    networks: Mapping[str, Shared]
    volumes: Mapping[str, Shared]
    services: Mapping[str, ServiceRequest]
    notes: Notes
    inactive: tuple[str, ...] = ()


@record
class Neighbour:
    """A container of another service that this one refers to."""

    id: str
    name: str


@record
class Around:
    """What a container's body hangs on besides the file: the engine's API version, and what is there already.

    `containers` are those of the services in `refers`; `inherited` names the volumes, by target, that the container it
    takes the place of had; `credentials` is the content of a Docker `config.json` for `use_api_socket`; `replaces` is
    the name of the container it takes the place of.
    """

    version: Version = (1, 41)
    image_id: str = ""
    containers: Mapping[str, tuple[Neighbour, ...]] = NOTHING
    inherited: Mapping[str, str] = NOTHING
    credentials: str = ""
    replaces: str = ""


@record
class Connection:
    """One more network of a container that exists: the network's name, and the body of the request to connect it."""

    network: str
    body: Mapping[str, Any]


@record
class ContainerRequest:
    """How to make a container: query and body of the request, then connections, then uploads; all before it starts."""

    name: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    connections: tuple[Connection, ...] = ()
    uploads: tuple[Upload, ...] = ()
