"""Commands in containers: inside one that runs, or in a new one made for it."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from intermodal.clients.docker.attach import execute as attached
from intermodal.clients.docker.attach import run_attached
from intermodal.kit.records import replace
from intermodal.model.changes import Action, Kind, NotDone
from intermodal.model.platform import Wishes
from intermodal.platforms.compose.operating.containers import Containers
from intermodal.platforms.compose.operating.looking import situation
from intermodal.platforms.compose.planning.images import images
from intermodal.platforms.compose.planning.shared import networks, volumes
from intermodal.platforms.compose.planning.situation import Findings
from intermodal.platforms.compose.planning.wording import problem, unknown_service
from intermodal.platforms.compose.requests import Around, Neighbour, one_off
from intermodal.platforms.compose.seen import PROJECT, seen

if TYPE_CHECKING:
    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine
    from intermodal.model.platform import Command, Terminal
    from intermodal.platforms.compose.operating.carrying import Carrying
    from intermodal.platforms.compose.planning import Situation
    from intermodal.platforms.compose.requests import ContainerRequest, Wanted
    from intermodal.platforms.compose.seen import SeenContainer


def execute(engine: Engine, application: str, command: Command, terminal: Terminal) -> int:
    """Run a command inside a running instance; gives its exit code."""
    query = {"all": True, "filters": {"label": [f"{PROJECT}={application}"]}}
    found = seen(application, engine.call("GET", "/containers/json", query=query))
    return attached(engine, _instance(found.instances, command).id, command, terminal)


def _instance(found: tuple[SeenContainer, ...], command: Command) -> SeenContainer:
    ones = [one for one in found if one.service == command.service and one.number]
    if not ones:
        raise NotDone([unknown_service(command.service, sorted({one.service for one in found}))])
    if command.number:
        ones = [one for one in ones if one.number == command.number]
    up = [one for one in ones if one.state == "running"]
    if not up:
        which = (
            f"instance {command.number} of {command.service}" if command.number else f"no instance of {command.service}"
        )
        is_ = "is not running" if command.number else "is running"
        advice = f"`intermodal ps` says why; `intermodal up {command.service}` starts it"
        raise NotDone([problem("instance-not-running", f"{which} {is_}", advice)])
    return min(up, key=lambda one: (one.aside, one.number))


class OneOff:
    """Runs a command in a new container of a service, which is removed afterwards."""

    def __init__(self, engine: Engine, carrying: Carrying, credentials: Credentials) -> None:
        self._engine = engine
        self._carrying = carrying
        self._credentials = credentials
        self._containers = Containers(engine)

    def run(self, wanted: Wanted, command: Command, terminal: Terminal) -> int:
        """Run it to its end, or start it only where it is to run on by itself; gives its exit code."""
        if command.service not in wanted.services:
            raise NotDone([unknown_service(command.service, wanted.services)])
        at = situation(self._engine, wanted, Wishes(services=(command.service,), alone=True), self._credentials)
        self._prepare(at)
        made = self._containers.make(self._request(at, command)).id
        try:
            if command.detach:
                self._containers.start(made, command.service)
                return 0
            return run_attached(self._engine, made, terminal, tty=command.tty)
        finally:
            if command.remove and not command.detach:
                self._containers.remove(made, volumes=True)

    def _prepare(self, at: Situation) -> None:
        """Fetch or make what is not there: the image, networks, volumes."""
        findings = Findings()
        changes = (*images(at, findings), *networks(at, findings), *volumes(at, findings))
        if findings.problems:
            raise NotDone(findings.problems)
        for change in changes:
            if change.action is Action.CREATE or (change.kind is Kind.IMAGE and change.action is Action.UPDATE):
                self._carrying.carry_out(change, lambda _: None)

    def _request(self, at: Situation, command: Command) -> ContainerRequest:
        service = at.wanted.services[command.service]
        name = f"{service.project}-{service.name}-run-{token_hex(6)}"
        image = self._engine.call("GET", f"/images/{service.image}/json")
        around = Around(
            version=self._engine.version,
            image_id=image["Id"],
            containers={other: _neighbours(at.seen.of(other)) for other in service.refers},
        )
        made = one_off(service, command, name, around)
        if not (command.detach and command.remove):
            return made
        return replace(made, body={**made.body, "HostConfig": {**made.body["HostConfig"], "AutoRemove": True}})


def _neighbours(there: tuple[SeenContainer, ...]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(id=one.id, name=one.name) for one in there if one.number and not one.aside)
