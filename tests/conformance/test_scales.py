"""What every engine does when asked for another number of instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intermodal.model.changes import Kind, NotDone
from tests.conformance.conftest import well

if TYPE_CHECKING:
    from tests.conformance.conftest import Trial


def test_more_fewer_none_which_the_next_up_keeps_and_again(trial: Trial) -> None:
    services = {"web": trial.service(), "db": trial.service()}
    trial.up_well(services)
    first, db = trial.ids("web"), trial.ids("db")
    for number in (3, 1, 0, 2):
        well(trial.roll_out(trial.engine.scale(trial.name, {"web": number})))
        trial.until(lambda number=number: len(trial.ids("web")) == number)  # type: ignore[misc]
        assert trial.running().services["web"].wanted == number
        if number == 3:
            assert first < trial.ids("web")
        if number == 0:
            assert trial.plan(services).work == ()
    assert trial.ids("db") == db


def test_several_at_once_nothing_else_and_what_cannot_be(trial: Trial) -> None:
    trial.up_well({"web": trial.service(), "db": trial.service(), "side": trial.service()})
    before = trial.ids("web")
    plan = trial.engine.scale(trial.name, {"web": 2, "db": 2})
    assert {change.name for change in plan.work} == {"web", "db"}
    assert {change.kind for change in plan.work} == {Kind.SERVICE}
    for replicas in ({"nobody": 1}, {"web": -1}):
        with pytest.raises(NotDone):
            trial.engine.scale(trial.name, replicas)
    with pytest.raises(NotDone):
        trial.engine.scale(f"{trial.name}-not", {"web": 1})
    assert trial.ids("web") == before
    well(trial.roll_out(plan))
    assert [len(trial.ids(name)) for name in ("web", "db", "side")] == [2, 2, 1]
    assert trial.engine.scale(trial.name, {"web": 2}).work == ()
