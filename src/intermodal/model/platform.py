"""The ports: what every platform can do, as Protocols. A platform implements those it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from intermodal.model.application import Application
    from intermodal.model.changes import Change, Difference, Plan, Step
    from intermodal.model.files import ProjectFiles
    from intermodal.model.running import Event, HeldImage, LogLine, Node, Running
    from intermodal.model.support import Notes, Support


@record
class Settings:
    """What the user asked of a translation besides the application itself; "" means the platform's default.

    `options` are the platform's own, by name ("isolate", "wait-image", "volume.data").
    """

    version: str = ""
    namespace: str = ""
    options: Mapping[str, str] = NOTHING


@record
class Document:
    """One object of the output: a file stem ("web-deployment") and plain data in the order to be written."""

    stem: str
    content: Mapping[str, Any]


@record
class AttachedFile:
    """A file that a document refers to by its relative path ("files/motd"); it is written beside the documents."""

    path: str
    content: bytes


@record
class Translation:
    """What a platform made of an application: its documents in a stable order, and notes on single values.

    `attached` are files the documents need beside them; a platform whose documents stand alone has none.
    """

    documents: tuple[Document, ...]
    notes: Notes
    attached: tuple[AttachedFile, ...] = ()


class Translates(Protocol):
    """Application -> files. Pure: reads nothing but what `files` hands out."""

    support: Support

    def translate(self, application: Application, settings: Settings, files: ProjectFiles) -> Translation:
        """Translate; losses are told to the translation's notes, never raised."""
        ...


@record
class Target:
    """Which engine, as the user said it: a host (`unix:///…`, `tcp://…`, `ssh://…`), a context, or neither.

    `environment` is the process's own: DOCKER_HOST and the rest are read from it; `home` is the user's folder.
    `options` are the platform's own, by name (`--set`).
    """

    host: str = ""
    context: str = ""
    environment: Mapping[str, str] = NOTHING
    home: str = ""
    options: Mapping[str, str] = NOTHING


@record
class Wishes:
    """What the user asked of `up` besides the file.

    `services` names those to bring up with what they depend on (none: all); `replicas` are `--scale`; `recreate` is
    "changed", "always" or "never"; `pull` is "missing", "always", "never" or "" (what the file says); `orphans` says
    whether services that the file no longer has are removed; `adopt` whether what another tool brought up under the
    same name, and may be another application, is taken over; `settings` are the platform's own.
    """

    services: tuple[str, ...] = ()
    replicas: Mapping[str, int] = NOTHING
    recreate: str = "changed"
    pull: str = ""
    orphans: bool = False
    adopt: bool = False
    alone: bool = False
    settings: Settings = Settings()


@record
class LogWishes:
    """Which lines are wanted: of these services (none: all), the last `tail` of each instance (None: all), since when.

    `since` and `until` are seconds since 1970.
    """

    services: tuple[str, ...] = ()
    follow: bool = False
    tail: int | None = None
    since: float | None = None
    until: float | None = None


@record
class Command:
    """A command to run inside an instance of a service.

    `argv` of () means the service's own command. `number` chooses the instance, 0 any that is up. `remove` and
    `ports` matter to new instances only.
    """

    service: str
    argv: tuple[str, ...] = ()
    number: int = 0
    user: str = ""
    working_dir: str = ""
    environment: Mapping[str, str] = NOTHING
    tty: bool = False
    detach: bool = False
    remove: bool = True
    ports: bool = False


class Terminal(Protocol):
    """Whoever typed the command: where input comes from and output goes."""

    def read(self) -> bytes:
        """Some input, waited for; empty at its end."""
        ...

    def write(self, stream: str, data: bytes) -> None:
        """Write to "stdout" or "stderr"."""
        ...

    def size(self) -> tuple[int, int] | None:
        """Rows and columns, None when it is not a terminal."""
        ...


@record
class Shape:
    """What an application becomes on an engine: the platform's own objects, and notes on single values.

    `objects` are what `up` would send, for people and machines to read; secrets are left out of them.
    """

    objects: tuple[Document, ...]
    notes: Notes


class Observes(Protocol):
    """Looks at an engine and changes nothing. Raises `NotDone` when the engine cannot be asked."""

    def observe(self, application: str) -> Running:
        """The application of that name as it runs; no services when there is none. One list call per kind."""
        ...

    def applications(self) -> tuple[Running, ...]:
        """Every application on the engine, ours or other tools'."""
        ...

    def nodes(self) -> tuple[Node, ...]:
        """The machines of the engine's cluster, or the one it is."""
        ...

    def logs(self, application: str, wishes: LogWishes) -> Iterator[LogLine]:
        """Lines of all instances, in the order of time as far as that can be told; ends unless following."""
        ...

    def events(self, application: str, since: float | None = None, until: float | None = None) -> Iterator[Event]:
        """What happens to the application, as it happens; ends at `until`."""
        ...

    def images(self, application: str) -> tuple[HeldImage, ...]:
        """The images that the application's services use, and where they are."""
        ...


class Scales(Protocol):
    """Changes how many instances services have, and nothing else. Raises `NotDone`."""

    def scale(self, application: str, replicas: Mapping[str, int]) -> Plan:
        """The plan that gives services that many instances; unknown services and negative numbers raise `NotDone`."""
        ...


class Operates(Protocol):
    """Plans changes and carries them out. Every change can be interrupted at any moment and carried out again."""

    def plan(self, application: Application, files: ProjectFiles, wishes: Wishes) -> Plan:
        """What `up` will do, everything that stays as it is included. Changes nothing. Raises `NotDone`."""
        ...

    def removal(self, application: str, *, volumes: bool = False, services: tuple[str, ...] = ()) -> Plan:
        """What `down` will do: dependents before what they depend on; `volumes` also deletes data."""
        ...

    def restart(self, application: str, services: tuple[str, ...]) -> Plan:
        """The plan that starts every instance of the services (none: all) anew, in their order."""
        ...

    def rollback(self, application: str, services: tuple[str, ...]) -> Plan:
        """The plan back to what ran before the last change of the services (none: all); replicas stay as they are."""
        ...

    def carry_out(self, change: Change, report: Callable[[Step], None]) -> None:
        """Do one change of a plan of ours; done already, it does nothing. Raises `NotDone`.

        `report` may raise `BrokenOff`: the change is left as it is then, to be carried out again another time.
        """
        ...

    def drift(
        self, application: Application, files: ProjectFiles, wishes: Wishes
    ) -> Mapping[str, tuple[Difference, ...]]:
        """What runs but is not what the application says, field by field, by change key; empty when all is as said."""
        ...

    def execute(self, application: str, command: Command, terminal: Terminal) -> int:
        """Run a command inside a running instance; gives its exit code."""
        ...

    def run(self, application: Application, files: ProjectFiles, command: Command, terminal: Terminal) -> int:
        """Run a command in a new instance of a service, remove it afterwards; gives its exit code."""
        ...


class TendsNodes(Protocol):
    """Changes what nodes are used for. An engine whose nodes cannot be told raises `NotDone`."""

    def set_availability(self, node: str, availability: str) -> None:
        """Make a node `active`, `pause` (nothing new) or `drain` (instances go elsewhere); returns when it is noted."""
        ...

    def set_labels(self, node: str, labels: Mapping[str, str | None]) -> None:
        """Set labels of a node, remove those given as None; others stay."""
        ...


class Engine(Observes, Scales, Operates, TendsNodes, Protocol):
    """A connected engine that does all of it.

    `settle` is how many seconds an instance without a health check must have run before that is believed: as long as
    the engine may take to tell that it ended.
    """

    settle: float

    def shape(self, application: Application, files: ProjectFiles, settings: Settings) -> Shape:
        """What the application becomes here; pure, needs no connection. Notes are judged by `operated`."""
        ...
