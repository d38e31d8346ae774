"""The loop of a rollout: begins what may begin, hears what ended, looks at health while something waits for it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.kit.threads import Crew
from intermodal.model.changes import Action, BrokenOff, Kind, NotDone, Stage, Step
from intermodal.model.running import Health
from intermodal.platforms.rollout.ordering import Look, Ordering
from intermodal.platforms.rollout.outcome import Failure, Outcome
from intermodal.platforms.rollout.standings import WELL, taken_back
from intermodal.platforms.rollout.watching import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.kit.clock import Clock
    from intermodal.kit.threads import Ended
    from intermodal.model.changes import Change, Plan
    from intermodal.model.platform import Engine
    from intermodal.model.running import Running, Standing

POLL = 0.3
"""Seconds between two looks at the application, while something waits for its health."""
SHORTEST = 0.01
"""No two looks are closer, in seconds: what rounding leaves of a time to wait may be too short to pass at all."""
GLANCE = 2.0
"""Seconds between two looks while changes go on that hang on nobody's health: looks cost what changes could use."""
AT_ONCE = 32
"""How many changes go on at a time. Engines share their time among starts, so that late ones would end last, alone."""
BLINDNESS = 10.0
"""Seconds an engine may leave us without an answer; a Swarm elects a new leader in less."""


@record
class Surroundings:
    """What a rollout is handed besides its plan; `timeout` in seconds, None for as long as it takes."""

    engine: Engine
    clock: Clock
    report: Callable[[Step], None]
    stop: Callable[[], bool]
    timeout: float | None
    settle: float


class Loop:
    """One rollout; `run` it once."""

    def __init__(self, plan: Plan, around: Surroundings) -> None:
        self._plan = plan
        self._around = around
        self._clock = around.clock
        self._report = _one_at_a_time(around.report)
        self._order = Ordering(plan)
        self._watch = Watch(around.clock, around.settle)
        self._crew: Crew[int] = Crew(AT_ONCE)
        self._look = Look()
        self._told: dict[str, Step] = {}
        self._failures: list[Failure] = []
        self._bug: BaseException | None = None
        self._unseen: NotDone | None = None
        self._blind_since: float | None = None
        self._deadline: float | None = None
        self._next_look = 0.0
        self._timed_out = self._interrupted = False

    def run(self) -> Outcome:
        """Until everything is done and well, or nothing more is to be done."""
        begun = self._clock.monotonic()
        while True:
            self._mind_limits()
            self._begin_ready()
            self._look_if_due()
            if self._over():
                break
            self._wait()
        if self._bug is not None:
            raise self._bug
        return self._outcome(self._clock.monotonic() - begun)

    def _mind_limits(self) -> None:
        self._interrupted = self._interrupted or self._around.stop()
        if self._deadline is None and self._order.images_done and self._around.timeout is not None:
            self._deadline = self._clock.monotonic() + self._around.timeout
        if self._deadline is not None and self._clock.monotonic() >= self._deadline:
            self._timed_out = True

    def _halted(self) -> bool:
        """Whether nothing new is begun any more."""
        failed = any(not failure.optional for failure in self._failures) or self._a_service_failed()
        broken = self._bug is not None or self._unseen is not None
        return failed or broken or self._timed_out or self._interrupted

    def _a_service_failed(self) -> bool:
        standings = self._look.standings.items()
        return any(one.health is Health.FAILED and not self._may_fail(name) for name, one in standings)

    def _may_fail(self, service: str) -> bool:
        return f"{Kind.SERVICE.value}/{service}" in self._order.optional

    def _over(self) -> bool:
        if self._crew.busy:
            return False
        if self._halted():
            return True
        if self._order.unbegun and not self._awaited() and not self._order.ready(self._look):
            left = ", ".join(self._plan.changes[place].key for place in self._order.unbegun)
            raise AssertionError(f"changes wait for each other: {left}")
        return not self._order.unbegun and not self._awaited()

    def _begin_ready(self) -> None:
        while not self._halted() and (ready := self._order.ready(self._look)):
            for place in ready:
                self._begin(place, self._plan.changes[place])

    def _begin(self, place: int, change: Change) -> None:
        self._order.begin(place)
        if change.action is Action.KEEP:
            self._order.end(place, well=True)
            self._report(Step(key=change.key, stage=Stage.DONE, text=change.action.value))
            return
        self._report(Step(key=change.key, stage=Stage.BEGUN, text=change.action.value))
        self._crew.start(place, lambda: self._around.engine.carry_out(change, self._heard))

    def _heard(self, step: Step) -> None:
        """News from inside a change; also where it is left when the time is up, or somebody wants to stop."""
        self._report(step)
        if self._timed_out or self._interrupted:
            raise BrokenOff

    def _wait(self) -> None:
        """For the end of a change, or for the next look; whichever it is, not longer than a look apart."""
        if not self._crew.busy:
            self._clock.sleep(max(0.0, self._next_look - self._clock.monotonic()))
            return
        ended = self._crew.next(POLL)
        while ended is not None:
            self._hear(ended)
            ended = self._crew.next(0.0) if self._crew.busy else None
        if not self._crew.busy:
            self._next_look = min(self._next_look, self._clock.monotonic() + POLL)

    def _hear(self, ended: Ended[int]) -> None:
        change = self._plan.changes[ended.key]
        if isinstance(ended.error, BrokenOff):
            self._order.put_back(ended.key)
            return
        self._order.end(ended.key, well=ended.error is None)
        if ended.error is None:
            self._report(Step(key=change.key, stage=Stage.DONE, text=change.action.value))
            self._note_changed(change)
        elif isinstance(ended.error, NotDone):
            self._failures.append(_failure(change, ended.error, optional=change.key in self._order.optional))
            text = "; ".join(found.message for found in ended.error.diagnostics)
            self._report(Step(key=change.key, stage=Stage.FAILED, text=text))
        else:
            self._bug = ended.error

    def _note_changed(self, change: Change) -> None:
        if change.kind is Kind.SERVICE and change.action is not Action.REMOVE:
            self._watch.changed(change.name)
            if change.name in set(self._order.unmet(self._look)):
                self._next_look = self._clock.monotonic()

    def _look_if_due(self) -> None:
        awaited = self._awaited()
        if not awaited or self._clock.monotonic() < self._next_look:
            return
        seen = self._seen()
        self._next_look = self._clock.monotonic() + POLL
        if seen is None:
            return
        self._look = self._watch.look(seen, dict.fromkeys((*self._look.standings, *awaited)))
        self._next_look = self._clock.monotonic() + self._pause()
        for name, judged in self._look.standings.items():
            self._tell(name, judged)
        self._begin_ready()

    def _pause(self) -> float:
        """Seconds until the next look: until all has settled, where nothing but time is lacking."""
        if self._crew.busy and not any(self._order.unmet(self._look)):
            return GLANCE
        return POLL if self._watch.lacks is None else max(SHORTEST, self._watch.lacks)

    def _seen(self) -> Running | None:
        """The application as it runs; an engine that does not answer is asked for a while, as one is that starts."""
        try:
            found = self._around.engine.observe(self._plan.application)
        except NotDone as reason:
            self._blind_since = self._blind_since or self._clock.monotonic()
            if self._clock.monotonic() - self._blind_since >= BLINDNESS:
                self._unseen = reason
            return None
        self._blind_since = None
        return found

    def _awaited(self) -> list[str]:
        """The services whose health somebody waits for, and whose changes are done."""
        wanted = (*filter(self._open, self._plan.waits), *self._order.unmet(self._look))
        return [name for name in dict.fromkeys(wanted) if self._order.is_done(f"{Kind.SERVICE.value}/{name}")]

    def _open(self, service: str) -> bool:
        judged = self._look.standings.get(service)
        if judged is None:
            return True
        return judged.health not in WELL and not (judged.health is Health.FAILED and self._may_fail(service))

    def _tell(self, name: str, judged: Standing) -> None:
        stage = _STAGES.get(judged.health, Stage.WAITING)
        key = f"{Kind.SERVICE.value}/{name}"
        step = Step(key=key, stage=stage, text="; ".join(judged.why), done=judged.ready, total=judged.wanted)
        if self._told.get(name) != step:
            self._told[name] = step
            self._report(step)

    def _outcome(self, seconds: float) -> Outcome:
        changes = self._plan.changes
        return Outcome(
            done=tuple(changes[place] for place in self._order.done),
            failed=tuple(self._failures),
            left=tuple(changes[place] for place in self._order.unbegun),
            standings=self._look.standings,
            optional=frozenset(filter(self._may_fail, self._look.standings)),
            taken_back=frozenset(name for name, service in self._look.services.items() if taken_back(service)),
            timed_out=self._timed_out and bool(self._order.unbegun or self._awaited()),
            interrupted=self._interrupted and bool(self._order.unbegun or self._awaited()),
            unseen=self._unseen.diagnostics if self._unseen else (),
            seconds=seconds,
        )


_STAGES = {Health.HEALTHY: Stage.HEALTHY, Health.COMPLETE: Stage.HEALTHY, Health.FAILED: Stage.FAILED}


def _failure(change: Change, reason: NotDone, *, optional: bool) -> Failure:
    return Failure(change=change, diagnostics=reason.diagnostics, code=reason.code, optional=optional)


def _one_at_a_time(report: Callable[[Step], None]) -> Callable[[Step], None]:
    """Threads report; whoever listens hears one at a time."""
    lock = Lock()

    def told(step: Step) -> None:
        with lock:
            report(step)

    return told
