"""What a service mounts: volumes, host paths, memory. In a stack file all of them are long-form `volumes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.swarm.bundled import bundled, note_bundled
from intermodal.platforms.swarm.locality import is_bound, path_outcome, volume_outcome
from intermodal.platforms.swarm.memory import memory_mounts
from intermodal.platforms.swarm.plain import filled
from intermodal.platforms.swarm.spelling import unique, untemplated

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Outcome
    from intermodal.model.volumes import Mount
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

ANONYMOUS = Approximate(
    code="swarm-anonymous-volume",
    why="every instance starts with a new, empty volume, and a replaced instance's is not handed on",
    advice="give the volume a name",
    consequence=Consequence.BEHAVIOUR,
    how="an anonymous volume",
)
ANONYMOUS_OPTION = Missing(
    code="swarm-anonymous-volume",
    why="`docker stack deploy` drops the options of a volume without a name",
    advice="give the volume a name",
    consequence=Consequence.BEHAVIOUR,
)
IMAGE_MOUNT = Missing(
    code="swarm-image-mount",
    why="a stack cannot mount images",
    advice="copy what is needed into the service's own image",
    consequence=Consequence.START,
)
LOST_SHARE = Missing(
    code="swarm-volumes-from",
    why="only the mounts of a service of this application can be repeated, and only those that have a source",
    advice="name the volumes, and mount them in both services",
    consequence=Consequence.DATA,
)
TWO_NODES = Approximate(
    code="swarm-two-nodes",
    why="this service's data is on different nodes, so no node can run it",
    advice="name the same node for all of them",
    consequence=Consequence.START,
    how="a mount",
)


@record
class Mounted:
    """What a service's mounts become: mounts, grants that stand for some of them, nodes the data is on."""

    volumes: tuple[Object, ...] = ()
    configs: tuple[Object, ...] = ()
    secrets: tuple[Object, ...] = ()
    nodes: tuple[str, ...] = ()


class Mounting:
    """Works through one service's mounts."""

    def __init__(self, context: Context, service: Service) -> None:
        self._context = context
        self._service = service
        self._bound = is_bound(service)
        self._volumes: list[Object] = []
        self._configs: list[Object] = []
        self._secrets: list[Object] = []
        own_node = context.wishes.node(service)
        self._nodes = [own_node] if own_node else []

    def result(self) -> Mounted:
        """Everything the service mounts, in the order written, then what it borrows and what is in memory."""
        path = ("services", self._service.name, "volumes")
        for index, mount in enumerate(self._service.volumes):
            self._add(mount, (*path, index), self._context.wishes.volume_node(self._service, index))
        self._borrow()
        self._volumes += memory_mounts(self._context, self._service)
        return Mounted(
            volumes=tuple(self._volumes),
            configs=tuple(self._configs),
            secrets=tuple(self._secrets),
            nodes=tuple(unique(self._nodes)),
        )

    def _add(self, mount: Mount, path: Path, node: str) -> None:
        if mount.type == "image":
            self._context.notes(path, IMAGE_MOUNT)
        elif mount.type == "bind":
            self._bind(mount, path, node)
        else:
            if mount.type == "volume":
                self._note_volume(mount, path, node)
            self._volumes.append(_mount(mount))

    def _bind(self, mount: Mount, path: Path, node: str) -> None:
        grants = bundled(self._context, self._service, mount)
        if grants is not None:
            self._configs += grants.configs
            self._secrets += grants.secrets
            note_bundled(self._context.notes, path, grants)
            return
        outcome = path_outcome(mount.source, bound=self._bind_to(node))
        self._note_source(path, outcome)
        self._volumes.append(_mount(mount))

    def _note_volume(self, mount: Mount, path: Path, node: str) -> None:
        if not mount.source:
            self._context.notes((*path, "target"), ANONYMOUS)
            for option in ("nocopy", "subpath"):
                self._context.notes((*path, "volume", option), ANONYMOUS_OPTION)
            return
        bound = self._bind_to(node)
        self._note_source(path, volume_outcome(self._context, self._service, mount.source, bound=bound))

    def _bind_to(self, node: str) -> bool:
        """Bind the service to the node that holds a mount's data, where one is named; whether it is bound at all."""
        node = node or ("" if self._nodes else self._context.wishes.data_node)
        if node:
            self._nodes.append(node)
        return bool(self._nodes) or self._bound

    def _note_source(self, path: Path, outcome: Outcome) -> None:
        contradicts = len(set(self._nodes)) > 1
        self._context.notes((*path, "source"), TWO_NODES if contradicts else outcome)

    def _borrow(self) -> None:
        """`volumes_from`: the other service's mounts, at the same places."""
        targets = {mount.target for mount in self._service.volumes}
        for index, wanted in enumerate(self._service.volumes_from):
            other, _, mode = wanted.partition(":")
            lender = self._context.application.services.get(other)
            sources = [mount for mount in lender.volumes if mount.source] if lender is not None else []
            lost = lender is None or len(sources) < len(lender.volumes)
            path = ("services", self._service.name, "volumes_from", index)
            self._context.notes(path, LOST_SHARE if lost else Exact(how="the same volumes"))
            self._volumes += [_borrowed(mount, mode) for mount in sources if mount.target not in targets]


def _borrowed(mount: Mount, mode: str) -> Object:
    return _mount(mount) | ({"read_only": True} if mode == "ro" else {})


def _mount(mount: Mount) -> Object:
    return filled(
        type=mount.type,
        source=untemplated(mount.source),
        target=untemplated(mount.target),
        read_only=mount.read_only or None,
        consistency=mount.consistency,
        bind=filled(propagation=mount.bind.propagation) if mount.bind is not None else None,
        volume=_volume_options(mount),
        tmpfs=filled(size=mount.tmpfs.size) if mount.tmpfs is not None else None,
    )


def _volume_options(mount: Mount) -> Object | None:
    if mount.volume is None or not mount.source:
        return None
    return filled(nocopy=mount.volume.nocopy or None, subpath=mount.volume.subpath)
