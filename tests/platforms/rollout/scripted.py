"""An engine whose changes and services do what a script says, for tests of the rollout alone."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.records import record, replace
from intermodal.model.changes import Action, Change, Condition, Kind, NotDone, Plan, Requirement, Stage, Step
from intermodal.model.running import Instance, Phase, Running, ServiceState, Update

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.kit.clock import FakeClock

SETTLE = 0.5


@record
class Script:
    """What comes of a service's change: it raises `fails`, or its instance passes through phases at seconds."""

    phases: tuple[tuple[float, Phase], ...] = ((0.0, Phase.HEALTHY),)
    fails: bool = False
    breaks: bool = False
    takes: float = 0.0
    exit_code: int | None = None
    update: str = ""
    reports: int = 1


def problem(text: str) -> Diagnostic:
    return Diagnostic(code="c", severity=Severity.ERROR, message=text)


class Scripted:
    """Only what `roll_out` calls. `begun` is the order in which changes were carried out."""

    settle = SETTLE

    def __init__(self, clock: FakeClock, scripts: Mapping[str, Script] | None = None) -> None:
        self.clock = clock
        self.scripts = dict(scripts or {})
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.began_at: dict[str, float] = {}
        self.looks: list[float] = []
        self.unanswered = 0
        self.rolled_back: list[tuple[str, ...]] = []
        self.on_begin: Callable[[str], None] = lambda _: None
        self._lock = threading.Lock()

    def carry_out(self, change: Change, report: Callable[[Step], None]) -> None:
        script = self.scripts.get(change.key, Script())
        with self._lock:
            self.begun.append(change.key)
            self.on_begin(change.key)
        for _ in range(script.reports):
            self.clock.sleep(script.takes)
            self.pause(script)
            report(Step(key=change.key, stage=Stage.MOVED))
        if script.breaks:
            raise RuntimeError(change.key)
        if script.fails:
            raise NotDone([problem(f"{change.key} failed")])
        with self._lock:
            self.ended.append(change.key)
            self.began_at[change.key] = self.clock.now()

    def pause(self, script: Script) -> None:
        """Let the rollout's own thread see what time it is."""
        if script.reports > 1:
            time.sleep(0.05)

    def observe(self, application: str) -> Running:
        self.looks.append(self.clock.monotonic())
        if self.unanswered:
            self.unanswered -= 1
            raise NotDone([problem("nobody answers")])
        with self._lock:
            keys = [key for key in self.began_at if key.startswith("service/")]
        return Running(application=application, platform="fake", services={key[8:]: self.state(key) for key in keys})

    def state(self, key: str) -> ServiceState:
        script = self.scripts.get(key, Script())
        age = self.clock.now() - self.began_at[key]
        phase = next((phase for at, phase in reversed(script.phases) if age >= at), Phase.WAITING)
        name = key[8:]
        one = Instance(id=name, name=f"{name}-1", service=name, phase=phase, number=1, exit_code=script.exit_code)
        update = Update(state=script.update) if script.update else None
        return ServiceState(name=name, instances=(replace(one, started=self.began_at[key]),), update=update)

    def rollback(self, application: str, services: tuple[str, ...]) -> Plan:
        self.rolled_back.append(services)
        if any(self.scripts.get(f"back/{name}", Script()).fails for name in services):
            raise NotDone([problem("there is no former state")])
        for name in services:
            self.scripts[f"service/{name}"] = Script()
        changes = tuple(service(name, action=Action.UPDATE) for name in services)
        return Plan(application=application, platform="fake", changes=changes, waits=services)


def service(name: str, *after: Requirement, action: Action = Action.CREATE) -> Change:
    return Change(action=action, kind=Kind.SERVICE, name=name, after=after)


def thing(kind: Kind, name: str, *after: Requirement, action: Action = Action.CREATE) -> Change:
    return Change(action=action, kind=kind, name=name, after=after)


def needs(name: str, condition: Condition = Condition.HEALTHY, *, required: bool = True) -> Requirement:
    return Requirement(key=f"service/{name}", condition=condition, required=required)


def plan(*changes: Change, waits: tuple[str, ...] | None = None) -> Plan:
    services = tuple(change.name for change in changes if change.kind is Kind.SERVICE)
    return Plan(application="app", platform="fake", changes=changes, waits=services if waits is None else waits)


def engine(clock: FakeClock, **scripts: Script) -> Any:
    return Scripted(clock, {f"service/{name}": script for name, script in scripts.items()})
