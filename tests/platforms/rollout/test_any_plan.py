"""Whatever the plan and whatever fails: order is kept, nothing is lost, and it ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.kit.clock import FakeClock
from intermodal.model.changes import Action, Change, Condition, Kind, Plan, Requirement
from intermodal.model.running import Phase
from intermodal.platforms.rollout import roll_out
from tests.platforms.rollout.scripted import Script, Scripted

ENDINGS = (Phase.HEALTHY, Phase.RUNNING, Phase.COMPLETE, Phase.FAILED, Phase.STARTING, Phase.UNHEALTHY)
KINDS = (Kind.SERVICE, Kind.SERVICE, Kind.SERVICE, Kind.NETWORK, Kind.IMAGE)


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    at = draw(st.sampled_from((0.0, 0.2, 3.0)))
    phases = ((0.0, Phase.STARTING), (at, draw(st.sampled_from(ENDINGS))))
    takes = draw(st.sampled_from((0.0, 0.5)))
    return Script(phases=phases, fails=draw(st.integers(0, 9)) == 0, takes=takes)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, dict[str, Script]]:
    changes: list[Change] = []
    for number in range(draw(st.integers(0, 9))):
        kind = draw(st.sampled_from(KINDS))
        earlier = [] if kind is Kind.IMAGE else draw(st.lists(st.sampled_from(changes), max_size=3)) if changes else []
        after = tuple(
            Requirement(
                key=one.key,
                condition=draw(st.sampled_from(tuple(Condition))) if one.kind is Kind.SERVICE else Condition.DONE,
                required=draw(st.booleans()),
            )
            for one in earlier
        )
        action = draw(st.sampled_from((Action.CREATE, Action.UPDATE, Action.REPLACE)))
        changes.append(Change(action=action, kind=kind, name=f"n{number}", after=after))
    services = [change.name for change in changes if change.kind is Kind.SERVICE]
    waits = tuple(draw(st.lists(st.sampled_from(services), unique=True))) if services else ()
    order = draw(st.permutations(changes))
    plan = Plan(application="a", platform="p", changes=tuple(order), waits=waits)
    return plan, {change.key: draw(scripts()) for change in changes}


class Checked(Scripted):
    """Remembers every change that began before what it needs held."""

    def __init__(self, clock: FakeClock, wanted: Plan, told: dict[str, Script]) -> None:
        super().__init__(clock, told)
        self.plan = {change.key: change for change in wanted.changes}
        self.images = {change.key for change in wanted.changes if change.kind is Kind.IMAGE}
        self.early: list[str] = []
        self.on_begin = self.check

    def check(self, key: str) -> None:
        change = self.plan[key]
        if change.kind is not Kind.IMAGE and not self.images <= set(self.ended):
            self.early.append(key)
        self.early += [key for need in change.after if need.required and not self.holds(need)]

    def holds(self, need: Requirement) -> bool:
        if need.key not in self.ended:
            return False
        if need.condition is Condition.DONE or not need.key.startswith("service/"):
            return True
        script = self.scripts[need.key]
        reached = [phase for at, phase in script.phases if self.clock.now() - self.began_at[need.key] >= at]
        allowed = {
            Condition.STARTED: set(Phase) - {Phase.WAITING},
            Condition.HEALTHY: {Phase.HEALTHY, Phase.RUNNING, Phase.COMPLETE},
            Condition.COMPLETED: {Phase.COMPLETE},
        }
        return bool(set(reached) & allowed[need.condition])


@settings(max_examples=150, deadline=None)
@given(plans(), st.booleans(), st.sampled_from((None, 0.5, 2.0)))
def test_order_is_kept_nothing_is_lost_and_it_ends(
    drawn: tuple[Plan, dict[str, Script]], go_back: bool, stop_at: float | None
) -> None:
    wanted, told = drawn
    clock = FakeClock()
    on = Checked(clock, wanted, told)
    go_back = go_back and stop_at is None
    outcome = roll_out(
        on,  # type: ignore[arg-type] # what a rollout calls is there
        wanted,
        clock=clock,
        report=lambda _: None,
        timeout=20.0,
        stop=lambda: stop_at is not None and clock.monotonic() >= stop_at,
        go_back=lambda _: go_back,
    )
    assert not on.early
    begun = on.begun if outcome.went_back is None else on.begun[: len(outcome.done) + len(outcome.failed)]
    assert len(begun) == len(set(begun))
    parts = [*outcome.done, *(one.change for one in outcome.failed), *outcome.left]
    assert sorted(one.key for one in parts) == sorted(one.key for one in wanted.changes)
    assert set(begun) == {one.key for one in wanted.changes} - {one.key for one in outcome.left}
    assert outcome.code in (0, 1, 3, 4, 130)
    if outcome.code == 0:
        assert not outcome.left
        assert not outcome.failures
        assert {*wanted.waits} - outcome.optional <= {*outcome.standings} | {c.name for c in _failed(outcome.failed)}


def _failed(failures: tuple[object, ...]) -> list[Change]:
    return [one.change for one in failures]  # type: ignore[attr-defined]
