"""An engine in memory that keeps every promise of `model.platform.Engine`; the conformance suite holds it to them.

Time is its clock's. `registry` are the images that can be pulled. `fail` makes a change fail, once or for good.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.records import replace
from intermodal.model.changes import Action, Kind, NotDone, Plan, Stage, Step
from intermodal.model.platform import Document, Shape
from intermodal.model.running import Event, HeldImage, LogLine, Node, Running
from intermodal.model.support import Notes
from tests.fakes import planning
from tests.fakes.planning import Order, Seen
from tests.fakes.programs import ran
from tests.fakes.state import Held, Made, Wanted, state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from intermodal.kit.clock import Clock
    from intermodal.model.application import Application
    from intermodal.model.changes import Change, Difference
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Command, LogWishes, Settings, Terminal, Wishes

_SHARED = (Kind.NETWORK, Kind.VOLUME, Kind.CONFIG, Kind.SECRET)
_FOLLOWING = 0.1


class FakeEngine:
    """One engine, one node, any number of applications."""

    settle = 0.5

    def __init__(self, clock: Clock, registry: tuple[str, ...] = ("busybox:local",)) -> None:
        self.clock = clock
        self.registry = set(registry)
        self.held_images: set[str] = set()
        self.services: dict[str, dict[str, Held]] = {}
        self.things: dict[str, dict[Kind, set[str]]] = {}
        self.happened: list[tuple[str, Event]] = []
        self.failing: dict[str, int] = {}
        self.node = Node(id="fake", name="fake", role="manager", leader=True)
        self._made = 0
        self._lock = threading.RLock()

    def fail(self, key: str, times: int = 1_000_000) -> None:
        """Make the next so many attempts at a change fail."""
        self.failing[key] = times

    def tamper(self, application: str, service: str) -> None:
        """Change what runs behind everybody's back."""
        held = self.services[application][service]
        changed = replace(held.wanted.service, user="somebody")
        instances = tuple(replace(made, wanted=replace(made.wanted, service=changed)) for made in held.instances)
        self.services[application][service] = replace(held, instances=instances)

    # Observes

    def observe(self, application: str) -> Running:
        with self._lock:
            now = self.clock.now()
            services = self.services.get(application, {})
            things = self.things.get(application, {})
            names = {kind: tuple(sorted(things.get(kind, ()))) for kind in _SHARED}
            return Running(
                application=application,
                platform="fake",
                services={name: state(application, held, now) for name, held in services.items()},
                networks=names[Kind.NETWORK],
                volumes=names[Kind.VOLUME],
                configs=names[Kind.CONFIG],
                secrets=names[Kind.SECRET],
            )

    def applications(self) -> tuple[Running, ...]:
        return tuple(self.observe(name) for name, services in self.services.items() if services)

    def nodes(self) -> tuple[Node, ...]:
        return (self.node,)

    def logs(self, application: str, wishes: LogWishes) -> Iterator[LogLine]:
        told: set[LogLine] = set()
        while True:
            lines = self._lines(application, wishes)
            for line in lines:
                if line not in told:
                    told.add(line)
                    yield line
            if not wishes.follow or (wishes.until is not None and self.clock.now() >= wishes.until):
                return
            self.clock.sleep(_FOLLOWING)

    def _lines(self, application: str, wishes: LogWishes) -> list[LogLine]:
        by_instance: dict[str, list[LogLine]] = {}
        for name, held in self.services.get(application, {}).items():
            if wishes.services and name not in wishes.services:
                continue
            for made in held.instances:
                by_instance[made.id] = [
                    LogLine(
                        service=name,
                        instance=f"{application}-{name}-{made.number}",
                        node="fake",
                        stream=stream,
                        time=made.started + at,
                        text=text,
                    )
                    for at, stream, text in made.ran.lines
                    if made.started + at <= self.clock.now()
                    and (wishes.since is None or made.started + at >= wishes.since)
                    and (wishes.until is None or made.started + at <= wishes.until)
                ]
        last = None if wishes.tail is None else -wishes.tail
        kept = [line for lines in by_instance.values() for line in (lines[last:] if wishes.tail != 0 else [])]
        return sorted(kept, key=lambda line: line.time)

    def events(self, application: str, since: float | None = None, until: float | None = None) -> Iterator[Event]:
        at = 0
        while True:
            for name, event in self.happened[at:]:
                at += 1
                fits = (since is None or event.time >= since) and (until is None or event.time <= until)
                if name == application and fits:
                    yield event
            if until is not None and self.clock.now() >= until:
                return
            self.clock.sleep(_FOLLOWING)

    def images(self, application: str) -> tuple[HeldImage, ...]:
        users: dict[str, list[str]] = {}
        for name, held in self.services.get(application, {}).items():
            users.setdefault(held.wanted.image, []).append(name)
        return tuple(
            HeldImage(reference=image, id=f"id-{image}", size=1_000_000, node="fake", services=tuple(names))
            for image, names in users.items()
        )

    # Plans

    def plan(self, application: Application, files: ProjectFiles, wishes: Wishes) -> Plan:
        return planning.plan(application, files, wishes, self._seen(application.name))

    def removal(self, application: str, *, volumes: bool = False, services: tuple[str, ...] = ()) -> Plan:
        return planning.removal(application, self._seen(application), services, volumes=volumes)

    def scale(self, application: str, replicas: Mapping[str, int]) -> Plan:
        if any(number < 0 for number in replicas.values()):
            raise NotDone([_told("replicas-negative", "there is no negative number of instances")])
        held = self._of(application, tuple(replicas))
        changes = tuple(planning.scaled(application, one, replicas[name]) for name, one in held.items())
        return Plan(application=application, platform="fake", changes=changes, waits=tuple(held))

    def restart(self, application: str, services: tuple[str, ...]) -> Plan:
        held = self._of(application, services)
        changes = tuple(planning.again(application, one, ending=planning.ids(one)) for one in held.values())
        return Plan(application=application, platform="fake", changes=changes, waits=tuple(held))

    def rollback(self, application: str, services: tuple[str, ...]) -> Plan:
        held = {name: one for name, one in self._of(application, services).items() if one.former is not None}
        if not held:
            raise NotDone([_told("nothing-to-roll-back", "nothing was changed since it was first brought up")])
        changes = tuple(planning.again(application, one, wanted=one.former, undo=True) for one in held.values())
        return Plan(application=application, platform="fake", changes=changes, waits=tuple(held))

    def drift(
        self, application: Application, files: ProjectFiles, wishes: Wishes
    ) -> Mapping[str, tuple[Difference, ...]]:
        del wishes
        found = {}
        for name, one in planning.wanted(application, files).items():
            held = self.services.get(application.name, {}).get(name)
            differing = [planning.differences(one, made.wanted) for made in (held.instances if held else ())]
            if any(differing):
                found[f"service/{name}"] = next(filter(None, differing))
        return found

    def shape(self, application: Application, files: ProjectFiles, settings: Settings) -> Shape:
        del files, settings
        documents = tuple(Document(stem=name, content={"name": name}) for name in application.services)
        return Shape(objects=documents, notes=Notes())

    # Changes

    def carry_out(self, change: Change, report: Callable[[Step], None]) -> None:
        order: Order = change.instruction
        with self._lock:
            if self.failing.get(change.key, 0) > 0:
                self.failing[change.key] -= 1
                raise NotDone([_told("fake-failure", f"{change.key} fails, as it was told to")])
            if change.kind is Kind.IMAGE:
                self._pull(change, report)
            elif change.kind is not Kind.SERVICE:
                self._share(change, order)
            elif change.action is Action.REMOVE:
                self._remove(order.application, change.name)
            else:
                self._bring_up(order.application, change.name, order)

    def _pull(self, change: Change, report: Callable[[Step], None]) -> None:
        if change.name not in self.registry:
            raise NotDone([_told("image-not-found", f"there is no image {change.name}")])
        report(Step(key=change.key, stage=Stage.MOVED, done=1, total=1))
        self.held_images.add(change.name)

    def _share(self, change: Change, order: Order) -> None:
        names = self.things.setdefault(order.application, {}).setdefault(change.kind, set())
        if (change.action is Action.REMOVE) != (change.name not in names):
            self._tell(order.application, change.kind.value, change.name, change.action.value)
        (names.discard if change.action is Action.REMOVE else names.add)(change.name)

    def _remove(self, application: str, name: str) -> None:
        gone = self.services.get(application, {}).pop(name, None)
        for made in gone.instances if gone else ():
            self._tell(application, "instance", f"{application}-{name}-{made.number}", "remove", name)

    def _bring_up(self, application: str, name: str, order: Order) -> None:
        assert order.wanted is not None
        assert order.replicas is not None
        held = self.services.setdefault(application, {}).get(name)
        kept = {made.number: made for made in (held.instances if held else ()) if self._stays(made, order)}
        instances = tuple(
            kept.get(number) or self._start(application, order.wanted, number)
            for number in range(1, order.replicas + 1)
        )
        former = _former(held, order)
        made = Held(wanted=order.wanted, replicas=order.replicas, instances=instances, former=former)
        self.services[application][name] = made

    def _stays(self, made: Made, order: Order) -> bool:
        assert order.wanted is not None
        return made.wanted.revision == order.wanted.revision and made.id not in order.ending

    def _start(self, application: str, wanted: Wanted, number: int) -> Made:
        self._made += 1
        name = wanted.service.name
        made = Made(id=f"i{self._made:04}", number=number, wanted=wanted, started=self.clock.now())
        self._tell(application, "instance", f"{application}-{name}-{number}", "start", name)
        return made

    # Commands

    def execute(self, application: str, command: Command, terminal: Terminal) -> int:
        held = self._of(application, (command.service,))[command.service]
        fitting = [made for made in held.instances if not command.number or made.number == command.number]
        if not fitting:
            raise NotDone([_told("instance-not-up", f"{command.service} has no such instance")])
        return _run(fitting[0].wanted, command, terminal)

    def run(self, application: Application, files: ProjectFiles, command: Command, terminal: Terminal) -> int:
        return _run(planning.wanted(application, files)[command.service], command, terminal)

    # Nodes

    def set_availability(self, node: str, availability: str) -> None:
        self._refuse_other(node)
        self.node = replace(self.node, availability=availability)

    def set_labels(self, node: str, labels: Mapping[str, str | None]) -> None:
        self._refuse_other(node)
        kept = {**self.node.labels, **labels}
        self.node = replace(self.node, labels={name: value for name, value in kept.items() if value is not None})

    def _refuse_other(self, node: str) -> None:
        if node != self.node.name:
            raise NotDone([_told("node-not-found", f"no node is called {node}")])

    # What it knows

    def _of(self, application: str, names: tuple[str, ...]) -> dict[str, Held]:
        services = self.services.get(application, {})
        unknown = [name for name in names if name not in services]
        if unknown:
            raise NotDone([_told("service-not-there", f"{application} has no service {unknown[0]}")])
        return {name: services[name] for name in names or services}

    def _seen(self, application: str) -> Seen:
        things = {kind: frozenset(names) for kind, names in self.things.get(application, {}).items()}
        services = dict(self.services.get(application, {}))
        return Seen(services=services, things=things, images=frozenset(self.held_images))

    def _tell(self, application: str, kind: str, name: str, action: str, service: str = "") -> None:
        event = Event(time=self.clock.now(), kind=kind, name=name, action=action, service=service)
        self.happened.append((application, event))


def _former(held: Held | None, order: Order) -> Wanted | None:
    """What a rollback goes back to: what was there before it was last made from something else."""
    assert order.wanted is not None
    if held is None or order.undo:
        return None
    return held.wanted if held.wanted.revision != order.wanted.revision else held.former


def _run(wanted: Wanted, command: Command, terminal: Terminal) -> int:
    done = ran(command.argv or wanted.argv, {**wanted.environment, **command.environment}, wanted.files)
    for _, stream, text in done.lines:
        terminal.write(stream, f"{text}\n".encode())
    return done.code or 0


def _told(code: str, message: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help="see what the test wanted")


def connect(_target: Any, clock: Clock) -> FakeEngine:
    """An engine for whoever connects; tests that share one replace this."""
    return FakeEngine(clock)
