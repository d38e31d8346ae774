from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.clock import FakeClock
from intermodal.model.changes import Action, Condition, Kind, Stage, Step
from intermodal.model.running import Health, Phase
from intermodal.platforms.rollout import roll_out
from tests.platforms.rollout.scripted import SETTLE, Script, Scripted, engine, needs, plan, service, thing

if TYPE_CHECKING:
    from intermodal.model.changes import Plan
    from intermodal.platforms.rollout import Outcome

NEVER = Script(phases=((0.0, Phase.STARTING),))
SLOW = Script(phases=((0.0, Phase.STARTING), (5.0, Phase.HEALTHY)))
BROKEN = Script(phases=((0.0, Phase.FAILED),), exit_code=3)
JOB = Script(phases=((0.0, Phase.RUNNING), (4.0, Phase.COMPLETE)))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def rolled(on: Any, wanted: Plan, steps: list[Step] | None = None, **options: Any) -> Outcome:
    return roll_out(on, wanted, clock=on.clock, report=(steps if steps is not None else []).append, **options)


def test_everything_kept_is_one_look_and_no_work(clock: FakeClock) -> None:
    on = engine(clock)
    on.began_at = {"service/db": 0.0, "service/web": 0.0}
    done = rolled(on, plan(service("db", action=Action.KEEP), service("web", needs("db"), action=Action.KEEP)))
    assert (done.code, on.begun, len(on.looks)) == (0, [], 1)
    assert {name: one.health for name, one in done.standings.items()} == {"db": Health.HEALTHY, "web": Health.HEALTHY}
    assert [change.name for change in done.done] == ["db", "web"]


def test_an_empty_plan_is_done(clock: FakeClock) -> None:
    on = engine(clock)
    assert (rolled(on, plan()).code, on.looks) == (0, [])


def test_a_service_waits_until_what_it_needs_is_healthy(clock: FakeClock) -> None:
    on = engine(clock, db=SLOW)
    done = rolled(on, plan(service("web", needs("db")), service("db")))
    assert on.begun == ["service/db", "service/web"]
    assert on.began_at["service/web"] - on.began_at["service/db"] == pytest.approx(5.0, abs=0.31)
    assert done.code == 0


def test_started_does_not_wait_for_health(clock: FakeClock) -> None:
    on = engine(clock, db=SLOW)
    assert rolled(on, plan(service("web", needs("db", Condition.STARTED)), service("db"))).code == 0
    assert on.began_at["service/web"] == on.began_at["service/db"]


def test_completed_waits_for_the_end(clock: FakeClock) -> None:
    on = engine(clock, migrate=JOB)
    done = rolled(on, plan(service("web", needs("migrate", Condition.COMPLETED)), service("migrate")))
    assert on.began_at["service/web"] - on.began_at["service/migrate"] == pytest.approx(4.0, abs=0.31)
    assert (done.code, done.standings["migrate"].health) == (0, Health.COMPLETE)


def test_images_come_before_all_else_and_a_missing_one_touches_nothing(clock: FakeClock) -> None:
    on = Scripted(clock, {"image/a": Script(fails=True)})
    changes = [service("web"), thing(Kind.NETWORK, "n"), thing(Kind.IMAGE, "a"), thing(Kind.IMAGE, "b")]
    done = rolled(on, plan(*changes))
    assert set(on.begun) == {"image/a", "image/b"}
    assert done.code == 3  # the other image is there now
    assert [failure.change.key for failure in done.failed] == ["image/a"]
    assert [change.key for change in done.left] == ["service/web", "network/n"]
    assert rolled(Scripted(clock, {"image/a": Script(fails=True)}), plan(*changes[:3])).code == 1


def test_the_time_of_pulling_does_not_count(clock: FakeClock) -> None:
    on = Scripted(clock, {"image/a": Script(takes=100.0)})
    assert rolled(on, plan(thing(Kind.IMAGE, "a"), service("web")), timeout=10.0).code == 0


def test_not_healthy_in_time(clock: FakeClock) -> None:
    on = engine(clock, web=NEVER)
    done = rolled(on, plan(service("web"), service("later", needs("web"))), timeout=20.0)
    assert (done.code, done.timed_out) == (4, True)
    assert done.seconds == pytest.approx(20.0, abs=0.31)
    assert done.standings["web"].why == ("web-1: starting, not healthy yet",)
    assert [change.name for change in done.left] == ["later"]


def test_a_service_that_failed_for_good_ends_it_soon(clock: FakeClock) -> None:
    on = engine(clock, web=BROKEN, other=SLOW)
    done = rolled(on, plan(service("web"), service("other"), service("later", needs("web"))), timeout=100.0)
    assert (done.code, done.timed_out) == (1, False)
    assert done.seconds < 2
    assert done.standings["web"].why == ("web-1: ended badly, exit code 3",)


def test_a_moment_of_failure_is_not_believed(clock: FakeClock) -> None:
    on = engine(clock, web=Script(phases=((0.0, Phase.FAILED), (0.5, Phase.HEALTHY))))
    assert rolled(on, plan(service("web"))).code == 0


def test_what_runs_without_health_check_must_run_a_while(clock: FakeClock) -> None:
    on = engine(clock, web=Script(phases=((0.0, Phase.RUNNING), (SETTLE * 0.8, Phase.FAILED))))
    assert rolled(on, plan(service("web"))).code == 1
    on = engine(clock, web=Script(phases=((0.0, Phase.RUNNING),)))
    done = rolled(on, plan(service("web")))
    assert done.code == 0
    assert done.seconds == pytest.approx(SETTLE, abs=0.01)


def test_after_a_failure_nothing_new_begins_and_what_runs_is_finished(clock: FakeClock) -> None:
    on = engine(clock, bad=Script(fails=True), good=Script(takes=3.0))
    done = rolled(on, plan(service("bad"), service("good"), service("later", needs("good", Condition.DONE))))
    assert done.code == 3
    assert {change.name for change in done.done} == {"good"}
    assert [(one.change.name, one.diagnostics[0].message) for one in done.failed] == [("bad", "service/bad failed")]
    assert [change.name for change in done.left] == ["later"]


def test_what_others_can_do_without_may_fail(clock: FakeClock) -> None:
    for script in (Script(fails=True), BROKEN):
        on = engine(clock, cache=script)
        done = rolled(on, plan(service("cache"), service("web", needs("cache", required=False))), timeout=30.0)
        assert (done.code, on.begun) == (0, ["service/cache", "service/web"])
        assert not done.unwell
        assert not done.failures
        assert [one.change.name for one in done.failed] == (["cache"] if script.fails else [])


def test_one_who_cannot_do_without_makes_it_a_failure(clock: FakeClock) -> None:
    on = engine(clock, cache=BROKEN)
    done = rolled(
        on, plan(service("cache"), service("web", needs("cache", required=False)), service("api", needs("cache")))
    )
    assert (done.code, on.begun) == (1, ["service/cache"])


def test_stop_ends_it_at_the_next_safe_point(clock: FakeClock) -> None:
    on = engine(clock, db=SLOW)
    done = rolled(on, plan(service("db"), service("web", needs("db"))), stop=lambda: clock.monotonic() > 2.0)
    assert (done.code, done.interrupted, done.timed_out) == (130, True, False)
    assert [change.name for change in done.left] == ["web"]
    assert done.seconds < 2.5


def test_a_change_that_reports_is_broken_off_when_the_time_is_up(clock: FakeClock) -> None:
    on = engine(clock, web=Script(reports=100, takes=1.0))
    done = rolled(on, plan(service("web"), thing(Kind.NETWORK, "n")), timeout=10.0)
    assert (done.code, done.timed_out) == (4, True)
    assert [change.name for change in done.left] == ["web"]
    assert not done.failed


def test_a_stop_that_comes_too_late_changes_nothing(clock: FakeClock) -> None:
    on = engine(clock)
    on.began_at = {"service/web": 0.0}
    done = rolled(on, plan(service("web", action=Action.KEEP), waits=()), stop=lambda: bool(on.looks))
    assert (done.code, done.interrupted) == (0, False)


def test_a_bug_of_ours_comes_out_once_the_rest_is_finished(clock: FakeClock) -> None:
    on = engine(clock, bad=Script(breaks=True), good=Script(takes=1.0))
    with pytest.raises(RuntimeError, match="service/bad"):
        rolled(on, plan(service("bad"), service("good")))
    assert on.ended == ["service/good"]


def test_changes_that_wait_for_each_other_are_a_bug(clock: FakeClock) -> None:
    with pytest.raises(AssertionError, match="wait for each other: service/a, service/b"):
        rolled(engine(clock), plan(service("a", needs("b")), service("b", needs("a"))))


def test_removal_goes_from_dependents_on(clock: FakeClock) -> None:
    on = engine(clock)
    gone = [
        thing(Kind.NETWORK, "n", needs("db", Condition.DONE), needs("web", Condition.DONE), action=Action.REMOVE),
        service("db", needs("web", Condition.DONE), action=Action.REMOVE),
        service("web", action=Action.REMOVE),
    ]
    done = rolled(on, plan(*gone, waits=()))
    assert on.begun == ["service/web", "service/db", "network/n"]
    assert (done.code, on.looks) == (0, [])


def test_an_engine_that_is_silent_for_a_while_is_asked_again(clock: FakeClock) -> None:
    on = engine(clock, web=SLOW)
    on.unanswered = 20
    assert rolled(on, plan(service("web"))).code == 0
    on = engine(clock, web=SLOW)
    on.unanswered = 1000
    done = rolled(on, plan(service("web")))
    assert (done.code, done.unseen[0].message) == (3, "nobody answers")
    assert done.seconds == pytest.approx(10.0, abs=0.31)


def test_a_failed_update_is_taken_back_when_asked(clock: FakeClock) -> None:
    on = engine(clock, web=NEVER)
    wanted = plan(service("web", action=Action.UPDATE), service("new"))
    done = rolled(on, wanted, timeout=10.0, go_back=lambda _: True)
    assert on.rolled_back == [("web",)]
    assert done.code == 4
    assert done.went_back
    assert done.went_back.code == 0


def test_nothing_is_taken_back_that_had_no_former_state(clock: FakeClock) -> None:
    on = engine(clock, web=NEVER)
    done = rolled(on, plan(service("web")), timeout=10.0, go_back=lambda _: True)
    assert (on.rolled_back, done.went_back, done.code) == ([], None, 4)


def test_only_what_may_go_back_does(clock: FakeClock) -> None:
    on = engine(clock, web=NEVER)
    wanted = plan(service("web", action=Action.UPDATE))
    done = rolled(on, wanted, timeout=10.0, go_back=lambda name: name != "web")
    assert (on.rolled_back, done.went_back) == ([], None)


def test_what_the_engine_took_back_is_not_taken_back_twice(clock: FakeClock) -> None:
    on = engine(clock, web=Script(update="rolled-back"))
    done = rolled(on, plan(service("web", action=Action.UPDATE)), go_back=lambda _: True)
    assert (done.code, on.rolled_back, done.taken_back) == (1, [], frozenset({"web"}))


def test_why_it_could_not_be_taken_back(clock: FakeClock) -> None:
    on = engine(clock, web=Script(fails=True))
    on.scripts["back/web"] = Script(fails=True)
    done = rolled(on, plan(service("web", action=Action.REPLACE)), go_back=lambda _: True)
    assert [found.message for found in done.not_back] == ["there is no former state"]


def test_news_of_every_stage_in_order_and_none_twice(clock: FakeClock) -> None:
    steps: list[Step] = []
    rolled(engine(clock, web=SLOW), plan(service("web")), steps)
    assert [step.stage for step in steps] == [Stage.BEGUN, Stage.MOVED, Stage.DONE, Stage.WAITING, Stage.HEALTHY]
    assert (steps[3].text, steps[3].done, steps[3].total) == ("web-1: starting, not healthy yet", 0, 1)


def test_looks_are_a_poll_apart_and_only_while_something_waits(clock: FakeClock) -> None:
    on = engine(clock, web=SLOW)
    rolled(on, plan(service("web")))
    assert len(on.looks) == pytest.approx(5.0 / 0.3, abs=2)
    on = engine(clock, web=SLOW)
    rolled(on, plan(service("web"), waits=()))
    assert on.looks == []


def test_the_last_look_comes_when_all_has_settled(clock: FakeClock) -> None:
    on = engine(clock, web=Script(phases=((0.0, Phase.RUNNING),)), db=Script(phases=((0.0, Phase.RUNNING),)))
    done = rolled(on, plan(service("web"), service("db")))
    assert done.seconds == pytest.approx(SETTLE, abs=0.01), "neither earlier nor a poll later"
    assert len(on.looks) <= 3


@pytest.mark.parametrize("passed", [0.0, 1e6 + 0.3, 1e6 + 0.7, 3e6 + 0.1, 7e6 + 0.9])
def test_what_rounding_leaves_of_a_wait_is_waited_for(clock: FakeClock, passed: float) -> None:
    clock.sleep(passed)
    on = engine(clock, web=Script(phases=((0.0, Phase.RUNNING),)))
    assert rolled(on, plan(service("web")), settle=0.1, stop=lambda: len(on.looks) > 50).code == 0


def test_two_changes_of_one_key_are_both_waited_for(clock: FakeClock) -> None:
    on = engine(clock)
    twice = [thing(Kind.CONFIG, "c"), thing(Kind.CONFIG, "c", action=Action.REMOVE)]
    wanted = service("web", needs("x", Condition.DONE))
    done = rolled(on, plan(*twice, wanted))
    assert done.code == 0
    assert len(done.done) == 3
