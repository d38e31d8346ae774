"""Carries a plan out on an engine, in order and in parallel, and waits until what it brought up is healthy.

Belongs here: the way in. Does not: what a change does (a platform's `operate`), which change may begin (`ordering.py`),
when a service is healthy (`standings.py`, `watching.py`), the loop (`loop.py`), what became of it all (`outcome.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.changes import Action, Kind, NotDone
from intermodal.platforms.rollout.loop import Loop, Surroundings
from intermodal.platforms.rollout.outcome import Failure, Outcome
from intermodal.platforms.rollout.standings import WELL, standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.kit.clock import Clock
    from intermodal.model.changes import Change, Plan, Step
    from intermodal.model.platform import Engine

__all__ = ["WELL", "Failure", "Outcome", "roll_out", "standing"]

LEAST_TO_GO_BACK = 60.0
"""Seconds a rollback has at least: somebody impatient with the new must not lose the old."""


def roll_out(  # noqa: PLR0913 - what a rollout may be told, each by its name
    engine: Engine,
    plan: Plan,
    *,
    clock: Clock,
    report: Callable[[Step], None],
    timeout: float | None = None,
    stop: Callable[[], bool] = lambda: False,
    settle: float | None = None,
    go_back: Callable[[str], bool] = lambda _: False,
) -> Outcome:
    """Do everything a plan says, and wait for the services it waits for; what goes wrong is in the outcome.

    `settle` is for how many seconds good news must last, the engine's own unless said, and bad news twice as long.
    `timeout` is how many seconds all of it may take once the images are there. Once `stop` says so, changes that have
    begun are finished, and no other is begun. `go_back` tells of a service whether it is rolled back where it was
    changed and is not well.
    """
    long = engine.settle if settle is None else settle
    around = Surroundings(engine=engine, clock=clock, report=report, stop=stop, timeout=timeout, settle=long)
    outcome = Loop(plan, around).run()
    unwell = tuple(filter(go_back, _to_go_back(outcome))) if not outcome.interrupted else ()
    return _gone_back(outcome, unwell, plan, around) if unwell else outcome


def _to_go_back(outcome: Outcome) -> tuple[str, ...]:
    """Services that had a former state, lost it in this rollout, and are not well; those taken back already are not."""
    unwell = {one.service for one in outcome.unwell}
    changed = [change for change in outcome.done if change.name in unwell]
    changed += [failure.change for failure in outcome.failures]
    names = dict.fromkeys(change.name for change in changed if _had_former(change))
    return tuple(name for name in names if name not in outcome.taken_back)


def _had_former(change: Change) -> bool:
    return change.kind is Kind.SERVICE and change.action in (Action.UPDATE, Action.REPLACE)


def _gone_back(outcome: Outcome, services: tuple[str, ...], plan: Plan, around: Surroundings) -> Outcome:
    try:
        back = around.engine.rollback(plan.application, services)
    except NotDone as reason:
        return replace(outcome, not_back=reason.diagnostics)
    longer = None if around.timeout is None else max(around.timeout, LEAST_TO_GO_BACK)
    return replace(outcome, went_back=Loop(back, replace(around, timeout=longer)).run())
