"""The door to running applications on a Swarm: every method of the ports, each a look, a decision and little else.

Decisions are in `planning/`, pure; looks and changes in `operating/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.auth import Credentials
from intermodal.clients.docker.connect import connect as connect_client
from intermodal.clients.docker.diagnosis import cautions
from intermodal.kit.records import replace
from intermodal.model.changes import NotDone
from intermodal.model.platform import Settings
from intermodal.platforms.swarm import observe
from intermodal.platforms.swarm.operating import inside, nodes
from intermodal.platforms.swarm.operating.dispatch import Hands
from intermodal.platforms.swarm.operating.events import events
from intermodal.platforms.swarm.operating.held import held
from intermodal.platforms.swarm.operating.logs import Logs
from intermodal.platforms.swarm.operating.looking import look, look_everywhere
from intermodal.platforms.swarm.operating.putting import Services
from intermodal.platforms.swarm.operating.registry import find_images
from intermodal.platforms.swarm.operating.running import Surroundings, run_once
from intermodal.platforms.swarm.operating.telling import require_manager, told
from intermodal.platforms.swarm.planning import images_to_find, planned
from intermodal.platforms.swarm.planning.acts import restarted, rolled_back, scaled
from intermodal.platforms.swarm.planning.choosing import unknown
from intermodal.platforms.swarm.planning.drifting import drifted
from intermodal.platforms.swarm.planning.holders import named, waiting
from intermodal.platforms.swarm.planning.removing import removed
from intermodal.platforms.swarm.planning.seen import lasting, name, short
from intermodal.platforms.swarm.planning.shaping import shaped
from intermodal.platforms.swarm.requests import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from intermodal.clients.docker.engine import Engine as Client
    from intermodal.kit.clock import Clock
    from intermodal.model.application import Application
    from intermodal.model.changes import Change, Difference, Plan, Step
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Command, LogWishes, Shape, Target, Terminal, Wishes
    from intermodal.model.running import Event, HeldImage, LogLine, Node, Running
    from intermodal.platforms.swarm.planning.seen import Raw, Seen
    from intermodal.platforms.swarm.requests import Wanted

_PLANNING = ("services", "networks", "configs", "secrets", "nodes")
_WHERE_DATA_IS = ("tasks", "nodes", "volumes")
_OBSERVING = ("services", "tasks", "nodes", "own networks", "own configs", "own secrets", "volumes")


def connect(target: Target, clock: Clock) -> SwarmEngine:
    """The Swarm whose manager the target leads to. Raises `NotDone` where it is none."""
    return SwarmEngine(connect_client(target), clock, target)


class SwarmEngine:
    """A Swarm through one of its managers. Safe to use from many threads. Raises `NotDone`, as the ports say."""

    settle = 2.0
    """Nodes tell their managers what became of a task when they come to it, not at once."""

    def __init__(self, client: Client, clock: Clock, target: Target) -> None:
        self._client = client
        self._clock = clock
        self._options = target.options
        self._credentials = Credentials(target)
        self._engines = nodes.NodeEngines(client, require_manager(client).get("NodeID", ""), target)
        services = Services(client, self._credentials)
        self._hands = Hands(client, clock, services, self._engines)

    def plan(self, application: Application, files: ProjectFiles, wishes: Wishes) -> Plan:
        """What `up` will do."""
        wanted = self._wanted(application, files, wishes.settings)
        seen = look(self._client, application.name, *_PLANNING)
        pins = find_images(self._client, images_to_find(wanted, seen, wishes), self._credentials)
        made = planned(wanted, seen, wishes, pins)
        return replace(made, warnings=(*cautions(self._client.address), *made.warnings))

    def removal(self, application: str, *, volumes: bool = False, services: tuple[str, ...] = ()) -> Plan:
        """What `down` will do."""
        kinds = ("services", "own networks", "own configs", "own secrets")
        seen = look(self._client, application, *kinds, *(_WHERE_DATA_IS if volumes else ()))
        reachable = self._engines.named() if volumes else ()
        return removed(application, seen, self._engines.here, reachable, with_volumes=volumes, names=services)

    def restart(self, application: str, services: tuple[str, ...]) -> Plan:
        """The plan that starts every instance anew."""
        return restarted(application, look(self._client, application, "services"), services)

    def rollback(self, application: str, services: tuple[str, ...]) -> Plan:
        """The plan back to what ran before the last change; replicas stay."""
        return rolled_back(application, look(self._client, application, "services", "networks"), services)

    def scale(self, application: str, replicas: Mapping[str, int]) -> Plan:
        """The plan that gives services that many instances."""
        return scaled(application, look(self._client, application, "services"), replicas)

    def carry_out(self, change: Change, report: Callable[[Step], None]) -> None:
        """Do one change of a plan of ours."""
        self._hands.carry_out(change, report)

    def drift(
        self, application: Application, files: ProjectFiles, wishes: Wishes
    ) -> Mapping[str, tuple[Difference, ...]]:
        """What runs but is not what the application says."""
        wanted = self._wanted(application, files, wishes.settings)
        return drifted(wanted, look(self._client, application.name, *_PLANNING), wishes)

    def shape(self, application: Application, files: ProjectFiles, settings: Settings) -> Shape:
        """What the application becomes here."""
        return shaped(self._wanted(application, files, settings))

    def observe(self, application: str) -> Running:
        """The application as it runs."""
        seen = look(self._client, application, *_OBSERVING)
        if waiting(seen.tasks):
            with told(self._client):
                seen = replace(seen, tasks=named(seen.tasks, self._client.call("GET", "/services") or ()))
        return _running(application, seen)

    def applications(self) -> tuple[Running, ...]:
        """Every stack of the Swarm."""
        seen = look_everywhere(self._client)
        return observe.applications(seen.services, seen.tasks, seen.nodes)

    def nodes(self) -> tuple[Node, ...]:
        """The machines of the Swarm."""
        with told(self._client):
            return observe.nodes(self._client.call("GET", "/nodes") or ())

    def set_availability(self, node: str, availability: str) -> None:
        """Make a node `active`, `pause` or `drain`."""
        with told(self._client):
            nodes.set_availability(self._client, self._clock, node, availability)

    def set_labels(self, node: str, labels: Mapping[str, str | None]) -> None:
        """Set labels of a node, remove those given as None."""
        with told(self._client):
            nodes.set_labels(self._client, self._clock, node, labels)

    def logs(self, application: str, wishes: LogWishes) -> Iterator[LogLine]:
        """Lines of all instances, on whatever node."""
        seen = look(self._client, application, "services", "tasks", "nodes")
        there = self._services(application, seen, wishes.services)
        return Logs(self._client, self._clock, application, seen).read(list(there.values()), wishes)

    def events(self, application: str, since: float | None = None, until: float | None = None) -> Iterator[Event]:
        """What happens to the application and to nodes."""
        kinds = ("services", "own networks", "own configs", "own secrets", "volumes")
        seen = look(self._client, application, *kinds)
        return events(self._client, self._clock, application, seen, since, until)

    def images(self, application: str) -> tuple[HeldImage, ...]:
        """The images that the application's services use."""
        return held(self._client, application, look(self._client, application, "services", "nodes"), self._engines.here)

    def execute(self, application: str, command: Command, terminal: Terminal) -> int:
        """Run a command inside a running instance."""
        seen = look(self._client, application, "services", "tasks", "nodes")
        service = self._services(application, seen, (command.service,))[command.service]
        return inside.execute(self._engines, service, seen, command, terminal)

    def run(self, application: Application, files: ProjectFiles, command: Command, terminal: Terminal) -> int:
        """Run a command in a new instance of a service."""
        wanted = self._wanted(application, files, Settings(options=self._options))
        around = Surroundings(client=self._client, clock=self._clock, credentials=self._credentials, hands=self._hands)
        return run_once(around, wanted, command, terminal)

    def _wanted(self, application: Application, files: ProjectFiles, settings: Settings) -> Wanted:
        with told(self._client):
            return requests(application, files, settings, self._client.version)

    def _services(self, application: str, seen: Seen, names: tuple[str, ...]) -> dict[str, Raw]:
        """The named services, all where none is named. Raises `NotDone` for those that are not there."""
        there = {short(name(raw), application): raw for raw in lasting(seen.services)}
        if problems := unknown(names, there):
            raise NotDone(problems)
        return {one: raw for one, raw in there.items() if not names or one in names}


def _running(application: str, seen: Seen) -> Running:
    return observe.running(
        application,
        seen.services,
        seen.tasks,
        seen.nodes,
        networks=seen.networks,
        configs=seen.configs,
        secrets=seen.secrets,
        volumes=seen.volumes,
    )
