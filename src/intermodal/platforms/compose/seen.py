"""What is on an engine, as far as planning needs it, read from its lists. Pure.

Belongs here: rows of containers, networks, volumes and images as records. Does not: the state of an application in
everybody's words (`observe.py`), what is to be done about it (`planning.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.records import NOTHING, record
from intermodal.model.labels import REPLICAS, REVISION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row: TypeAlias = "Mapping[str, Any]"
"""A JSON object as the engine lists it."""

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
NUMBER = "com.docker.compose.container-number"
ONEOFF = "com.docker.compose.oneoff"
DEPENDS_ON = "com.docker.compose.depends_on"
WORKING_DIR = "com.docker.compose.project.working_dir"
IMAGE = "com.docker.compose.image"
NETWORK = "com.docker.compose.network"
VOLUME = "com.docker.compose.volume"

_ANONYMOUS = 64
_HEXADECIMAL = frozenset("0123456789abcdef")


@record
class HostPort:
    """A port of the host that a container has; `address` "" means every one of the host's."""

    port: int
    protocol: str = "tcp"
    address: str = ""

    def meets(self, other: HostPort) -> bool:
        """Whether both cannot be had at once."""
        same = self.port == other.port and self.protocol == other.protocol
        return same and (self.address == other.address or not self.address or not other.address)


@record
class SeenContainer:
    """A container. `state` is the engine's word; `exit_code` None while it has not ended; `created` seconds since 1970.

    `networks` gives the id of each network by name, "" where the engine does not tell. `lives_in` is the id of the
    container whose network it uses. `anonymous` are volumes nobody named.
    """

    id: str
    name: str
    project: str = ""
    service: str = ""
    number: int = 0
    oneoff: bool = False
    state: str = "running"
    exit_code: int | None = None
    image: str = ""
    image_id: str = ""
    lives_in: str = ""
    networks: Mapping[str, str] = NOTHING
    anonymous: tuple[str, ...] = ()
    ports: tuple[HostPort, ...] = ()
    created: int = 0
    labels: Mapping[str, str] = NOTHING

    @property
    def revision(self) -> str:
        """What it was made from; "" where another tool made it."""
        return self.labels.get(REVISION, "")

    @property
    def replicas(self) -> str:
        """How many the file asked for when it was made, as written in its label."""
        return self.labels.get(REPLICAS, "")

    @property
    def aside(self) -> bool:
        """Whether it was given another name since a new one is to take its place."""
        return self.name.startswith(f"{self.id[:12]}_")

    @property
    def folder(self) -> str:
        """The project folder it was made from."""
        return self.labels.get(WORKING_DIR, "")


@record
class SeenNetwork:
    """A network; `raw` is its row."""

    id: str
    name: str
    labels: Mapping[str, str] = NOTHING
    raw: Row = NOTHING

    @property
    def project(self) -> str:
        """Whose it is."""
        return self.labels.get(PROJECT, "")


@record
class SeenVolume:
    """A volume; `raw` is its row."""

    name: str
    labels: Mapping[str, str] = NOTHING
    raw: Row = NOTHING

    @property
    def project(self) -> str:
        """Whose it is."""
        return self.labels.get(PROJECT, "")


@record
class Seen:
    """One look at an engine. `containers` are the project's own, one-off ones too; `others` all the rest.

    `images` gives the id of each local image by every name it has.
    """

    project: str
    containers: tuple[SeenContainer, ...] = ()
    others: tuple[SeenContainer, ...] = ()
    networks: tuple[SeenNetwork, ...] = ()
    volumes: tuple[SeenVolume, ...] = ()

    @property
    def instances(self) -> tuple[SeenContainer, ...]:
        """The containers that stand for services, in the order of services and numbers."""
        kept = (one for one in self.containers if one.service and not one.oneoff)
        return tuple(sorted(kept, key=lambda one: (one.service, one.number, -one.created)))

    def of(self, service: str) -> tuple[SeenContainer, ...]:
        """The containers of one service."""
        return tuple(one for one in self.instances if one.service == service)


def seen(project: str, containers: Iterable[Row], networks: Iterable[Row] = (), volumes: Iterable[Row] = ()) -> Seen:
    """Read the rows of `GET /containers/json?all=1`, `/networks` and `/volumes`; any project's may be among them."""
    read = [container(row) for row in containers]
    return Seen(
        project=project,
        containers=tuple(one for one in read if one.project == project),
        others=tuple(one for one in read if one.project != project),
        networks=tuple(network(row) for row in networks),
        volumes=tuple(volume(row) for row in volumes),
    )


def named(rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The containers that have a name: one without is gone, though engines may list its ghost until they end."""
    return (row for row in rows if row.get("Names"))


def container(row: Row) -> SeenContainer:
    """Read one row of `GET /containers/json`."""
    labels = row.get("Labels") or {}
    mode = str((row.get("HostConfig") or {}).get("NetworkMode") or "")
    attached = (row.get("NetworkSettings") or {}).get("Networks") or {}
    return SeenContainer(
        id=row["Id"],
        name=_name(row.get("Names") or ()),
        project=labels.get(PROJECT, ""),
        service=labels.get(SERVICE, ""),
        number=_number(labels.get(NUMBER, "")),
        oneoff=labels.get(ONEOFF, "").lower() == "true",
        state=row.get("State", ""),
        exit_code=_exit_code(row.get("Status", "")),
        image=row.get("Image", ""),
        image_id=row.get("ImageID", ""),
        lives_in=mode.partition(":")[2] if mode.startswith("container:") else "",
        networks={name: (said or {}).get("NetworkID", "") for name, said in attached.items()},
        anonymous=tuple(_anonymous(row.get("Mounts") or ())),
        ports=tuple(_ports(row.get("Ports") or ())),
        created=int(row.get("Created") or 0),
        labels=labels,
    )


def network(row: Row) -> SeenNetwork:
    """Read one row of `GET /networks`."""
    return SeenNetwork(id=row["Id"], name=row["Name"], labels=row.get("Labels") or {}, raw=row)


def volume(row: Row) -> SeenVolume:
    """Read one row of `GET /volumes`."""
    return SeenVolume(name=row["Name"], labels=row.get("Labels") or {}, raw=row)


def anonymous(name: str) -> bool:
    """Whether a volume of that name was named by the engine."""
    return len(name) == _ANONYMOUS and _HEXADECIMAL.issuperset(name)


def _name(names: Iterable[str]) -> str:
    """The container's own name: links of others give it further ones, with two slashes."""
    own = [name.removeprefix("/") for name in names]
    return next((name for name in own if "/" not in name), "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _exit_code(status: str) -> int | None:
    """`Exited (137) 3 minutes ago` is how lists tell it."""
    if not status.startswith("Exited ("):
        return None
    code = status[len("Exited (") :].partition(")")[0]
    return int(code) if code.removeprefix("-").isdecimal() else None


def _anonymous(mounts: Iterable[Row]) -> Iterable[str]:
    return (row["Name"] for row in mounts if row.get("Type") == "volume" and anonymous(row.get("Name", "")))


def _ports(rows: Iterable[Row]) -> Iterable[HostPort]:
    for row in rows:
        if row.get("PublicPort"):
            address = row.get("IP", "")
            shown = "" if address in ("0.0.0.0", "::") else address  # noqa: S104 - read, not bound
            yield HostPort(port=row["PublicPort"], protocol=row.get("Type", "tcp"), address=shown)
