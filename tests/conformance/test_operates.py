"""What every engine does with plans: bringing up, changing, taking back, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.changes import Action, Kind, NotDone
from intermodal.model.platform import Command, LogWishes, Wishes
from intermodal.model.running import Health, Phase
from intermodal.platforms.rollout import roll_out
from tests.conformance.conftest import MISSING, well
from tests.terminals import Captured

if TYPE_CHECKING:
    from intermodal.model.changes import Plan
    from tests.conformance.conftest import Bench, Trial

CHECKED = {"test": ["CMD", "true"], "interval": "1s", "timeout": "2s", "retries": 2}
HEALTHY = {"condition": "service_healthy"}
SHARED: dict[str, Any] = {"networks": {"front": {}}, "volumes": {"data": {}}}


def shop(trial: Trial, **web: Any) -> dict[str, Any]:
    """A service with a health check and a volume, and one that waits for it."""
    return {
        "db": trial.service(healthcheck=CHECKED, volumes=["data:/data"]),
        "web": trial.service(**{"depends_on": {"db": HEALTHY}, "networks": ["front", "default"], **web}),
    }


def work(plan: Plan, *kinds: Kind) -> dict[str, Action]:
    """What a plan does, of these kinds (none: all)."""
    return {change.name: change.action for change in plan.work if not kinds or change.kind in kinds}


def test_up_makes_what_the_file_says_and_the_second_time_nothing(trial: Trial) -> None:
    services = shop(trial, deploy={"replicas": 2})
    first = trial.plan(services, **SHARED)
    assert work(first, Kind.SERVICE) == {"db": Action.CREATE, "web": Action.CREATE}
    assert set(first.waits) == {"db", "web"}
    trial.up_well(services, **SHARED)
    running = trial.running()
    assert {name: service.serving for name, service in running.services.items()} == {"db": 1, "web": 2}
    assert {f"{trial.name}_default", f"{trial.name}_front"} <= set(running.networks)
    assert {one.phase for one in trial.instances("db")} == {Phase.HEALTHY}
    assert all(one.image and one.created and one.revision for one in trial.instances("web"))
    before = trial.ids("db") | trial.ids("web")
    again = trial.plan(services, **SHARED)
    assert again.work == ()
    assert {change.name for change in again.changes if change.kind is Kind.SERVICE} == {"db", "web"}
    trial.up_well(services, **SHARED)
    assert trial.ids("db") | trial.ids("web") == before


def test_what_depends_on_another_starts_after_it_and_goes_before_it(trial: Trial) -> None:
    def talking(**more: Any) -> dict[str, Any]:
        return trial.service("echo up; sleep 1000", **more)

    trial.up_well({"web": talking(depends_on={"db": HEALTHY}), "db": talking(healthcheck=CHECKED)})
    trial.until(lambda: len(began(trial)) == 2)
    assert [name for _, name in began(trial)] == ["db", "web"]
    assert began(trial)[1][0] >= began(trial)[0][0] + 0.9
    removal = {change.key: change for change in trial.engine.removal(trial.name).changes}
    assert "service/web" in {need.key for need in removal["service/db"].after}


def began(trial: Trial) -> list[tuple[float, str]]:
    """When which service said that it is up."""
    return sorted((line.time, line.service) for line in trial.engine.logs(trial.name, LogWishes()) if line.text == "up")


def test_only_what_changed_is_replaced(trial: Trial) -> None:
    trial.up_well(shop(trial), **SHARED)
    db, web = trial.ids("db"), trial.ids("web")
    changed = shop(trial, environment={"GREETING": "hello"})
    plan = trial.plan(changed, **SHARED)
    assert list(work(plan)) == ["web"]
    assert "hello" not in str([change.differences for change in plan.changes])
    trial.up_well(changed, **SHARED)
    assert trial.ids("db") == db
    assert not trial.ids("web") & web
    assert len(trial.ids("web")) == 1
    web = trial.ids("web")
    trial.up_well(shop(trial), Wishes(recreate="never"), **SHARED)
    assert trial.ids("web") == web
    trial.up_well(changed, Wishes(recreate="always"), **SHARED)
    assert not trial.ids("web") & web
    assert not trial.ids("db") & db


def test_numbers_of_instances_stay_until_the_file_or_a_wish_says_another(trial: Trial) -> None:
    def web(replicas: int, **more: Any) -> dict[str, Any]:
        return {"web": trial.service(deploy={"replicas": replicas}, **more)}

    trial.up_well(web(1))
    first = trial.ids("web")
    well(trial.roll_out(trial.engine.scale(trial.name, {"web": 3})))
    assert len(trial.ids("web")) == 3
    assert first <= trial.ids("web")
    assert trial.plan(web(1)).work == ()
    trial.up_well(web(1, environment={"A": "1"}))
    assert len(trial.ids("web")) == 3
    trial.up_well(web(2, environment={"A": "1"}))
    assert len(trial.ids("web")) == 2
    trial.up_well(web(2, environment={"A": "1"}), Wishes(replicas={"web": 4}))
    assert len(trial.ids("web")) == 4
    trial.up_well(web(2, environment={"A": "1"}))
    assert len(trial.ids("web")) == 4


def test_never_healthy_ends_in_time_with_reasons_and_lines(trial: Trial) -> None:
    check = {"test": ["CMD", "false"], "interval": "1s", "timeout": "2s", "retries": 1}
    outcome = trial.up({"web": trial.service("echo here I am; sleep 1000", healthcheck=check)}, timeout=8)
    assert (outcome.code, outcome.timed_out) == (4, True)
    assert outcome.standings["web"].health is Health.COMING
    assert outcome.standings["web"].why
    assert "here I am" in {line.text for line in trial.engine.logs(trial.name, LogWishes(services=("web",)))}


def test_what_ends_badly_and_is_not_started_again_has_failed(trial: Trial) -> None:
    outcome = trial.up({"web": trial.service("echo no; exit 3", restart="no")})
    assert (outcome.code, outcome.timed_out) == (1, False)
    assert outcome.standings["web"].health is Health.FAILED
    assert "exit code 3" in outcome.standings["web"].why[0]


def test_what_ends_well_is_complete_and_lets_others_begin(trial: Trial) -> None:
    done = {"condition": "service_completed_successfully"}
    services = {
        "web": trial.service(depends_on={"migrate": done}),
        "migrate": trial.service("sleep 1; exit 0", restart="no"),
    }
    outcome = trial.up_well(services)
    assert outcome.standings["migrate"].health is Health.COMPLETE
    assert outcome.standings["web"].health is Health.HEALTHY
    before = trial.ids("web")
    trial.up_well(services)
    assert trial.ids("web") == before


def test_a_missing_image_touches_nothing(trial: Trial) -> None:
    services = {"db": trial.service(), "web": trial.service()}
    missing = {**services, "web": {**services["web"], "image": MISSING}}
    outcome = trial.up(missing)
    assert outcome.code in (1, 3)
    assert MISSING in "".join(found.message for one in outcome.failed for found in one.diagnostics)
    assert not trial.running().services
    assert not trial.running().networks
    trial.up_well(services)
    before = trial.ids("db") | trial.ids("web")
    assert trial.up({**missing, "db": trial.service(environment={"A": "1"})}).code in (1, 3)
    assert trial.ids("db") | trial.ids("web") == before


def test_services_the_file_no_longer_has_go_only_when_wished(trial: Trial) -> None:
    web = trial.service()
    trial.up_well({"web": web, "old": trial.service()})
    before = trial.ids("web")
    trial.up_well({"web": web})
    assert len(trial.ids("old")) == 1
    trial.up_well({"web": web}, Wishes(orphans=True))
    assert set(trial.running().services) == {"web"}
    assert trial.ids("web") == before


def test_changed_configs_and_secrets_reach_those_who_use_them(trial: Trial) -> None:
    def said(word: str) -> dict[str, Any]:
        content = {"configs": {"motd": {"content": word}}, "secrets": {"key": {"file": trial.file("key", word)}}}
        return {"services": {"web": user, "side": trial.service()}, **content}

    user = trial.service(here=True, configs=[{"source": "motd", "target": "/motd"}], secrets=["key"])
    trial.up_well(**said("first"))
    side = trial.ids("side")
    assert trial.printed("web", "cat", "/motd", "/run/secrets/key").split() == ["firstfirst"]
    plan = trial.plan(**said("second"))
    assert "second" not in repr([(change.name, change.reasons, change.differences) for change in plan.changes])
    trial.up_well(**said("second"))
    assert trial.printed("web", "cat", "/motd", "/run/secrets/key").split() == ["secondsecond"]
    assert trial.ids("side") == side
    trial.up_well(**said("third"))
    running = trial.running()
    assert len(running.configs) <= 2, "the former is kept for a rollback, no other"
    assert len(running.secrets) <= 2
    assert trial.plan(**said("third")).work == ()


def test_down_leaves_nothing_but_volumes_and_twice_is_fine(trial: Trial) -> None:
    services = shop(trial, deploy={"replicas": 2})
    plan = trial.plan(services, **SHARED)
    well(trial.roll_out(plan))
    before = trial.ids("db") | trial.ids("web")
    for change in plan.work:
        trial.engine.carry_out(change, lambda _: None)
    assert trial.ids("db") | trial.ids("web") == before
    removal = trial.engine.removal(trial.name)
    well(trial.roll_out(removal))
    for change in removal.work:
        trial.engine.carry_out(change, lambda _: None)
    running = trial.running()
    assert (running.services, running.networks, running.configs, running.secrets) == ({}, (), (), ())
    well(trial.roll_out(trial.engine.removal(trial.name)))
    if trial.bench.platform != "swarm":
        assert running.volumes == (f"{trial.name}_data",)
    well(trial.gone())
    assert trial.running().volumes == ()
    assert trial.name not in {one.application for one in trial.engine.applications()}


def test_rollback_brings_the_former_back_and_keeps_the_number(trial: Trial) -> None:
    def version(number: int) -> dict[str, Any]:
        return {"web": trial.service(here=True, environment={"VERSION": str(number)})}

    trial.up_well(version(1))
    with pytest.raises(NotDone):
        trial.engine.rollback(trial.name, ())
    trial.up_well(version(2))
    well(trial.roll_out(trial.engine.scale(trial.name, {"web": 2})))
    well(trial.roll_out(trial.engine.rollback(trial.name, ("web",))))
    assert trial.printed("web", "sh", "-c", "echo $VERSION") == "1\n"
    assert len(trial.ids("web")) == 2


def test_a_failed_update_is_taken_back(trial: Trial, bench: Bench) -> None:
    def version(number: int, **more: Any) -> dict[str, Any]:
        return {"web": trial.service(here=True, environment={"VERSION": str(number)}, **more)}

    trial.up_well(version(1))
    check = {"test": ["CMD", "false"], "interval": "1s", "timeout": "2s", "retries": 1}
    plan = trial.plan(version(2, healthcheck=check))
    outcome = roll_out(
        bench.engine, plan, clock=bench.clock, report=lambda _: None, timeout=6.0, go_back=lambda _: True
    )
    assert outcome.code in (1, 3, 4), "who replaces one by one notices sooner than who only waits"
    assert outcome.went_back is not None
    well(outcome.went_back)
    assert trial.printed("web", "sh", "-c", "echo $VERSION") == "1\n"


def test_restart_starts_anew_what_was_named(trial: Trial) -> None:
    talking = trial.service("echo up; sleep 1000")
    trial.up_well({"web": {**talking, "deploy": {**talking["deploy"], "replicas": 2}}, "db": talking})
    trial.until(lambda: len(began(trial)) == 3)
    moment = began(trial)[-1][0]
    trial.bench.clock.sleep(0.5)
    well(trial.roll_out(trial.engine.restart(trial.name, ("web",))))
    trial.until(lambda: [name for at, name in began(trial) if at > moment] == ["web", "web"])
    assert len(trial.ids("web")) == 2


def test_drift_is_what_differs_from_the_file(trial: Trial, bench: Bench) -> None:
    application, files = trial.load({"web": trial.service(environment={"A": "1"}), "db": trial.service()})
    wishes = Wishes()
    well(trial.roll_out(trial.engine.plan(application, files, wishes)))
    assert trial.engine.drift(application, files, wishes) == {}
    bench.tamper(trial.name, "web")
    found = trial.engine.drift(application, files, wishes)
    assert list(found) == ["service/web"]
    assert found["service/web"]


def test_named_services_come_with_what_they_depend_on_and_go_alone(trial: Trial) -> None:
    services = {**shop(trial), "other": trial.service()}
    trial.up_well(services, Wishes(services=("web",)), **SHARED)
    assert set(trial.running().services) == {"db", "web"}
    well(trial.roll_out(trial.engine.removal(trial.name, services=("web",))))
    assert set(trial.running().services) == {"db"}


def test_a_command_in_a_new_instance_leaves_nothing(trial: Trial) -> None:
    service = trial.service(here=True, environment={"GREETING": "hello"})
    application, files = trial.load({"web": service})
    trial.up_well({"web": service})
    before = trial.ids("web")
    terminal = Captured()
    command = Command(service="web", argv=("sh", "-c", "echo $GREETING; exit 5"))
    assert trial.engine.run(application, files, command, terminal) == 5
    assert terminal.out == "hello\n"
    assert set(trial.running().services) == {"web"}
    assert trial.ids("web") == before
