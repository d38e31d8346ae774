"""Carries out one change of a plan: an image, a network, a volume, or the containers of a service.

Belongs here: what each instruction means in calls. Does not: why it is given (`planning`), in what order changes come
(`platforms.rollout`).
"""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.diagnosis import told
from intermodal.clients.docker.errors import EngineError
from intermodal.kit.threads import gather
from intermodal.model.changes import NotDone, Stage, Step
from intermodal.platforms.compose.operating.containers import Containers, Made
from intermodal.platforms.compose.operating.exchanging import Exchanging
from intermodal.platforms.compose.operating.making import Making
from intermodal.platforms.compose.planning.instructions import (
    Exchange,
    Forget,
    Instances,
    Make,
    Pull,
    PutNetwork,
    PutVolume,
    Remember,
    Remove,
    RemoveNetwork,
    RemoveVolume,
    Restart,
    Start,
)
from intermodal.platforms.compose.planning.wording import problem
from intermodal.platforms.compose.seen import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.model.changes import Change
    from intermodal.model.platform import Target
    from intermodal.platforms.compose.planning.instructions import Operation

_NOT_THERE = 404
_TRIES = 20
_PAUSE = 0.1


class Carrying:
    """Carries changes out on an engine. May be used by many threads, each with a change of its own.

    `put_back` are the services, by project and name, whose last change was undone since it failed.
    """

    def __init__(self, engine: Engine, clock: Clock, credentials: Credentials, target: Target) -> None:
        self._engine = engine
        self._clock = clock
        self._credentials = credentials
        self._target = target
        self._containers = Containers(engine)
        self.put_back: set[tuple[str, str]] = set()

    @property
    def starting(self) -> AbstractSet[str]:
        """The ids of containers that are being started at any moment."""
        return self._containers.starting

    def carry_out(self, change: Change, report: Callable[[Step], None]) -> None:
        """Do what the change's instruction says. Raises `NotDone`."""
        instruction = change.instruction
        with told(self._engine.address):
            match instruction:
                case Pull():
                    self._pull(instruction, change.key, report)
                case PutNetwork():
                    self._put_network(instruction)
                case PutVolume():
                    self._engine.call("POST", "/volumes/create", body=instruction.shared.body)
                case RemoveNetwork():
                    self._remove_network(instruction.id)
                case RemoveVolume():
                    self._remove_volume(instruction.name)
                case Instances():
                    self._instances(instruction, lambda: report(Step(key=change.key, stage=Stage.MOVED)))

    def _pull(self, pull: Pull, key: str, report: Callable[[Step], None]) -> None:
        from intermodal.clients.docker.pull import pull as fetch  # noqa: PLC0415 - most plans pull nothing

        fetch(self._engine, pull.image, self._credentials, report, key=key, platform=pull.platform)

    def _put_network(self, wanted: PutNetwork) -> None:
        if wanted.replaces:
            self._remove_network(wanted.replaces)
        if wanted.shared.external or self._networks(wanted.shared.name, wanted.shared.body):
            return
        self._engine.call("POST", "/networks/create", body=wanted.shared.body)

    def _networks(self, name: str, body: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
        """The networks of exactly that name and project: the engine would make a second one without a word."""
        project = body["Labels"][PROJECT]
        found = self._engine.call(
            "GET", "/networks", query={"filters": {"name": [name], "label": [f"{PROJECT}={project}"]}}
        )
        return [one for one in found if one["Name"] == name]

    def _remove_network(self, network: str) -> None:
        """Take everything out of a network and remove it."""
        found = self._quiet("GET", f"/networks/{network}")
        for container in (found or {}).get("Containers") or {}:
            self._quiet("POST", f"/networks/{network}/disconnect", body={"Container": container, "Force": True})
        self._until_free("DELETE", f"/networks/{network}")

    def _remove_volume(self, name: str) -> None:
        self._until_free("DELETE", f"/volumes/{name}")

    def _quiet(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Ask for what need not be there."""
        try:
            return self._engine.call(method, path, body=body)
        except EngineError as error:
            if error.status == _NOT_THERE:
                return None
            raise

    def _until_free(self, method: str, path: str) -> None:
        """Remove what a container that is just being removed may still hold."""
        for attempt in range(_TRIES):
            try:
                self._quiet(method, path)
            except EngineError as error:
                if error.status not in (403, 409) or attempt == _TRIES - 1:
                    raise
                self._clock.sleep(_PAUSE)
            else:
                return

    def _instances(self, wanted: Instances, pause: Callable[[], None]) -> None:
        """The operations in order, those of one kind that follow each other at the same time."""
        making = Making(self._engine, self._containers, wanted, self._api_credentials(wanted))
        exchanging = Exchanging(self._containers, making, wanted, self._clock, pause)
        self.put_back.discard((wanted.project, wanted.service))
        try:
            self._operate(wanted, making, exchanging)
        finally:
            if exchanging.put_back:
                self.put_back.add((wanted.project, wanted.service))

    def _operate(self, wanted: Instances, making: Making, exchanging: Exchanging) -> None:
        for kind, some in groupby(wanted.operations, key=type):
            operations = list(some)
            if kind is Exchange:
                exchanging.all([one for one in operations if isinstance(one, Exchange)])
                continue
            gather([partial(self._do, one, wanted, making, exchanging) for one in operations])

    def _do(self, operation: Operation, wanted: Instances, making: Making, exchanging: Exchanging) -> None:
        match operation:
            case Make():
                self._make(operation, wanted, making, exchanging)
            case Remember():
                self._remember(operation, wanted, making)
            case Start():
                self._start(operation, exchanging)
            case Restart():
                self._restart(operation, exchanging)
            case Forget():
                self._containers.remove(operation.container.id, volumes=True)
            case Remove():
                self._remove(operation)

    def _make(self, make: Make, wanted: Instances, making: Making, exchanging: Exchanging) -> None:
        if make.like is not None:
            like = self._containers.look(make.like.id)
            if like is None:
                raise NotDone([_gone(make.like.name)])
            self._begin(making.like(like, make.number, make.noted), exchanging)
        elif wanted.request is not None:
            self._begin(making.new(wanted.request, make.number), exchanging)

    def _begin(self, made: Made, exchanging: Exchanging) -> None:
        """Start a new container; one that never came to run is not left behind."""
        try:
            exchanging.begin(made)
        except NotDone:
            found = self._containers.look(made.id)
            if found is not None and found["State"]["Status"] == "created":
                self._containers.remove(made.id, volumes=True)
            raise

    def _remember(self, remember: Remember, wanted: Instances, making: Making) -> None:
        if remember.like is not None:
            like = self._containers.look(remember.like.id)
            if like is not None:
                making.like(like, 0, remember.noted)
        elif wanted.request is not None:
            making.new(wanted.request, 0)

    def _start(self, start: Start, exchanging: Exchanging) -> None:
        found = self._containers.look(start.container.id)
        if found is None:
            raise NotDone([_gone(start.container.name)])
        if start.name and found["Name"].removeprefix("/") != start.name:
            self._containers.rename(found["Id"], start.name)
        if found["State"].get("Paused"):
            self._containers.unpause(found["Id"])
        elif not found["State"].get("Running"):
            exchanging.start(found["Id"])

    def _restart(self, restart: Restart, exchanging: Exchanging) -> None:
        found = self._containers.look(restart.container.id)
        if found is None:
            raise NotDone([_gone(restart.container.name)])
        self._containers.stop(found)
        exchanging.start(found["Id"])

    def _remove(self, remove: Remove) -> None:
        found = self._containers.look(remove.container.id)
        if found is not None:
            self._containers.stop(found)
            self._containers.remove(found["Id"], volumes=bool(remove.volumes))
        for name in remove.volumes:
            self._quiet("DELETE", f"/volumes/{name}")

    def _api_credentials(self, wanted: Instances) -> str:
        """What `use_api_socket` hands on: the user's own credentials for registries."""
        asked = wanted.request is not None and wanted.request.service.use_api_socket
        return registry_credentials(self._target) if asked else ""


def registry_credentials(target: Target) -> str:
    """What the user's `config.json` says of registries, as the content of another one; "" where it says nothing."""
    from json import dumps  # noqa: PLC0415 - few services use the engine themselves

    from intermodal.clients.docker.contexts import UnreadableFile, config  # noqa: PLC0415 - as above

    try:
        said = config(target)
    except UnreadableFile:
        return ""
    kept = {key: said[key] for key in ("auths",) if said.get(key)}
    return dumps(kept) if kept else ""


def _gone(name: str) -> Any:  # noqa: ANN401 - a diagnostic
    return problem("instance-gone", f"the container {name} was removed meanwhile", "run the same command again")
