"""Applications on one Docker engine: the door to everything that looks at it or changes it.

Belongs here: which part answers what. Does not: decisions (`planning`), calls (`operating`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from intermodal.clients.docker.auth import Credentials
from intermodal.clients.docker.connect import connect as reach
from intermodal.clients.docker.diagnosis import cautions, told
from intermodal.kit.diagnostics import Severity
from intermodal.kit.records import replace
from intermodal.kit.threads import gather
from intermodal.model.changes import NotDone
from intermodal.model.platform import Settings
from intermodal.platforms.compose.operating.carrying import Carrying
from intermodal.platforms.compose.operating.containers import Containers
from intermodal.platforms.compose.operating.looking import drifting, look, situation
from intermodal.platforms.compose.operating.observing import Observing
from intermodal.platforms.compose.planning import plan
from intermodal.platforms.compose.planning.afterwards import gone_back, removed, restarted, scaled
from intermodal.platforms.compose.planning.copying import revision_of
from intermodal.platforms.compose.planning.memory import remembered
from intermodal.platforms.compose.planning.wording import problem
from intermodal.platforms.compose.requests import wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.application import Application
    from intermodal.model.changes import Change, Difference, Plan, Step
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Command, LogWishes, Shape, Target, Terminal, Wishes
    from intermodal.model.running import Event, HeldImage, LogLine, Node, Running
    from intermodal.platforms.compose.planning import Situation
    from intermodal.platforms.compose.requests import Wanted
    from intermodal.platforms.compose.seen import SeenContainer


def connect(target: Target, clock: Clock) -> ComposeEngine:
    """The engine the target leads to. Raises `NotDone` where none answers."""
    return ComposeEngine(reach(target), clock, target)


class ComposeEngine:
    """One Docker engine, or one that speaks its API. Implements `model.platform.Engine`."""

    settle = 0.5
    """As long as `docker compose up --wait` looks on."""

    def __init__(self, engine: Engine, clock: Clock, target: Target) -> None:
        self._engine = engine
        self._clock = clock
        self._settings = Settings(options=_without_engines(target.options))
        self._credentials = Credentials(target)
        self._carrying = Carrying(engine, clock, self._credentials, target)
        self._observing = Observing(engine, self._carrying.starting)
        self._asked: tuple[Application, ProjectFiles, Settings] | None = None
        self._made: Wanted

    def plan(self, application: Application, files: ProjectFiles, wishes: Wishes) -> Plan:
        """What `up` will do."""
        asked = self._wanted(application, files, wishes.settings)
        warnings = (*cautions(self._engine.address), *self._unmet(asked))
        made = plan(self._situation(asked, wishes), application.working_dir)
        return replace(made, warnings=(*warnings, *made.warnings))

    def drift(
        self, application: Application, files: ProjectFiles, wishes: Wishes
    ) -> Mapping[str, tuple[Difference, ...]]:
        """What runs but is not what the application says."""
        asked = self._wanted(application, files, wishes.settings)
        at = self._situation(asked, wishes)
        with told(self._engine.address):
            return drifting(self._engine, at)

    def shape(self, application: Application, files: ProjectFiles, settings: Settings) -> Shape:
        """What the application becomes here."""
        from intermodal.platforms.compose.operating.shaping import shaped  # noqa: PLC0415 - few commands show it

        return shaped(self._wanted(application, files, settings))

    def removal(self, application: str, *, volumes: bool = False, services: tuple[str, ...] = ()) -> Plan:
        """What `down` will do."""
        with told(self._engine.address):
            return removed(look(self._engine, application), volumes=volumes, services=services)

    def scale(self, application: str, replicas: Mapping[str, int]) -> Plan:
        """The plan that gives services that many instances."""
        with told(self._engine.address):
            return scaled(look(self._engine, application), replicas)

    def restart(self, application: str, services: tuple[str, ...]) -> Plan:
        """The plan that stops and starts every instance."""
        with told(self._engine.address):
            return restarted(look(self._engine, application), services)

    def rollback(self, application: str, services: tuple[str, ...]) -> Plan:
        """The plan back to what ran before the last change."""
        with told(self._engine.address):
            seen = look(self._engine, application)
            chosen = [one for one in seen.instances if not services or one.service in services]
            former = gather([partial(self._former, one) for one in chosen])
        undone = frozenset(name for project, name in self._carrying.put_back if project == application)
        return gone_back(seen, services, {name: revision for name, revision in former if revision is not None}, undone)

    def carry_out(self, change: Change, report: Callable[[Step], None]) -> None:
        """Do one change of a plan."""
        self._carrying.carry_out(change, report)

    def observe(self, application: str) -> Running:
        """The application as it runs."""
        with told(self._engine.address):
            return self._observing.application(application)

    def applications(self) -> tuple[Running, ...]:
        """Every project on the engine."""
        with told(self._engine.address):
            return self._observing.everything()

    def nodes(self) -> tuple[Node, ...]:
        """The one machine there is."""
        with told(self._engine.address):
            return (self._observing.machine(),)

    def images(self, application: str) -> tuple[HeldImage, ...]:
        """The images that the application's containers use."""
        with told(self._engine.address):
            return self._observing.images(application)

    def logs(self, application: str, wishes: LogWishes) -> Iterator[LogLine]:
        """Lines of all instances, merged by time."""
        from intermodal.platforms.compose.operating.logs import lines  # noqa: PLC0415 - few commands read logs

        with told(self._engine.address):
            yield from lines(self._engine, application, wishes)

    def events(self, application: str, since: float | None = None, until: float | None = None) -> Iterator[Event]:
        """What happens to the application."""
        from intermodal.platforms.compose.operating.events import happenings  # noqa: PLC0415 - few commands wait

        with told(self._engine.address):
            yield from happenings(self._engine, application, since, until)

    def execute(self, application: str, command: Command, terminal: Terminal) -> int:
        """Run a command inside a running instance."""
        from intermodal.platforms.compose.operating.running import execute  # noqa: PLC0415 - few commands run others

        with told(self._engine.address):
            return execute(self._engine, application, command, terminal)

    def run(self, application: Application, files: ProjectFiles, command: Command, terminal: Terminal) -> int:
        """Run a command in a new container of a service."""
        from intermodal.platforms.compose.operating.running import OneOff  # noqa: PLC0415 - as above

        asked = self._wanted(application, files, self._settings)
        with told(self._engine.address):
            return OneOff(self._engine, self._carrying, self._credentials).run(asked, command, terminal)

    def set_availability(self, node: str, availability: str) -> None:
        """One engine has no nodes to choose from."""
        del availability
        raise _not_tended(node)

    def set_labels(self, node: str, labels: Mapping[str, str | None]) -> None:
        """The labels of one engine are in its configuration."""
        del labels
        raise _not_tended(node)

    def _wanted(self, application: Application, files: ProjectFiles, settings: Settings) -> Wanted:
        """Made once: `up` weighs what is lost before it plans."""
        asked = (application, files, settings)
        if self._asked is None or any(one is not other for one, other in zip(self._asked, asked, strict=True)):
            self._asked = asked
            self._made = wanted(application, settings, files, local=self._engine.address.scheme == "unix")
        return self._made

    def _unmet(self, asked: Wanted) -> tuple[Diagnostic, ...]:
        from intermodal.platforms.compose.requests.needs import unmet  # noqa: PLC0415 - planning only

        found = unmet(asked, self._engine.version)
        if any(one.severity is Severity.ERROR for one in found):
            raise NotDone(found)
        return found

    def _situation(self, asked: Wanted, wishes: Wishes) -> Situation:
        with told(self._engine.address):
            return situation(self._engine, asked, wishes, self._credentials)

    def _former(self, one: SeenContainer) -> tuple[str, str | None]:
        """The revision of what a container replaced, None where it remembers nothing."""
        found = Containers(self._engine).look(one.id)
        previous = remembered(found).previous if found is not None else {}
        return one.id, revision_of(previous) if previous else None


def _without_engines(options: Mapping[str, str]) -> dict[str, str]:
    """The options that are about applications, not about where engines are."""
    return {name: value for name, value in options.items() if not name.startswith("engine.")}


def _not_tended(node: str) -> NotDone:
    message = f"{node} is a single engine; there is nothing to move instances to"
    return NotDone([problem("nodes-not-tended", message, "nodes are tended on a Swarm: `--platform swarm`")])
