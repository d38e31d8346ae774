"""Instances exchanged on a real engine: in which order, what is kept, what happens when the new one is not well."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.clock import SystemClock
from intermodal.model.changes import NotDone, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.platforms.compose.operating.conftest import Stage

pytestmark = pytest.mark.engines

ILL = {"test": ["CMD", "false"], "interval": "200ms", "retries": 1}
WELL = {"test": ["CMD", "true"], "interval": "200ms"}


def version(stage: Stage, number: int, **more: Any) -> dict[str, Any]:
    return {"web": stage.service(environment={"VERSION": str(number)}, **more)}


def versions(stage: Stage) -> dict[str, str]:
    """The version of every container that runs."""
    return {
        name: next(text.partition("=")[2] for text in one["Config"]["Env"] if text.startswith("VERSION="))
        for name, one in stage.containers().items()
        if one["State"]["Running"]
    }


def updating(**said: Any) -> dict[str, Any]:
    return {"deploy": {"replicas": 2, "update_config": {"monitor": "300ms", **said}}}


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(NotDone) as reason:
        act()
    return [found.code for found in reason.value.diagnostics]


def test_old_before_new_keeps_volumes_and_address_of_the_name(stage: Stage) -> None:
    stage.up(version(stage, 1, volumes=["/anonymous"]))
    name = f"{stage.name}-web-1"
    stage.run(name, "sh", "-c", "echo kept > /anonymous/file")
    before = stage.containers()[name]["Id"]
    stage.up(version(stage, 2, volumes=["/anonymous"]))
    assert versions(stage) == {name: "2"}
    assert stage.containers()[name]["Id"] != before
    assert stage.run(name, "cat", "/anonymous/file") == "kept"


def test_new_before_old_never_leaves_fewer(stage: Stage) -> None:
    config = updating(order="start-first", parallelism=1)
    stage.up(version(stage, 1, healthcheck=WELL, **config))
    fewest, over = [2], threading.Event()

    def count() -> None:
        label = {"label": [f"com.docker.compose.project={stage.name}"], "status": ["running"]}
        while not over.is_set():
            fewest.append(len(stage.api.call("GET", "/containers/json", query={"filters": label})))

    watching = threading.Thread(target=count)
    watching.start()
    try:
        stage.up(version(stage, 2, healthcheck=WELL, **config))
    finally:
        over.set()
        watching.join()
    assert min(fewest) == 2
    assert versions(stage) == {f"{stage.name}-web-1": "2", f"{stage.name}-web-2": "2"}


@pytest.mark.parametrize("config", [{"order": "start-first"}, {"failure_action": "rollback"}])
def test_what_ran_is_put_back(stage: Stage, config: dict[str, Any]) -> None:
    stage.up(version(stage, 1, healthcheck=WELL, **updating(**config)))
    before = {one["Id"] for one in stage.containers().values()}
    plan = stage.plan(version(stage, 2, healthcheck=ILL, **updating(**config)))
    assert refused(lambda: stage.carry_out(plan)) == ["update-failed"]
    assert versions(stage) == {f"{stage.name}-web-1": "1", f"{stage.name}-web-2": "1"}
    assert {one["Id"] for one in stage.containers().values()} == before
    assert not stage.plan(version(stage, 1, healthcheck=WELL, **updating(**config))).work


def test_batches_before_the_one_that_failed_are_taken_back_too(stage: Stage) -> None:
    config = updating(failure_action="rollback", parallelism=1)
    stage.up(version(stage, 1, **config))
    second = version(stage, 2, **config)
    # Only the second container ends badly: it finds what the first one left in the volume they share.
    second["web"]["command"] = ["sh", "-c", "mkdir /shared/taken || exit 1; sleep 1000"]
    second["web"]["volumes"] = ["shared:/shared"]
    plan = stage.plan(second, volumes={"shared": {}})
    assert refused(lambda: stage.carry_out(plan)) == ["update-failed"]
    assert versions(stage) == {f"{stage.name}-web-1": "1", f"{stage.name}-web-2": "1"}


def test_an_update_that_pauses_leaves_both_to_be_looked_at(stage: Stage) -> None:
    config = updating(parallelism=1)
    stage.up(version(stage, 1, healthcheck=WELL, **config))
    plan = stage.plan(version(stage, 2, healthcheck=ILL, **config))
    assert refused(lambda: stage.carry_out(plan)) == ["update-failed"]
    assert versions(stage) == {f"{stage.name}-web-1": "2", f"{stage.name}-web-2": "1"}
    stage.up(version(stage, 3, healthcheck=WELL, **config))
    assert versions(stage) == {f"{stage.name}-web-1": "3", f"{stage.name}-web-2": "3"}
    assert len(stage.containers()) == 2


def test_what_cannot_be_started_takes_nobodys_place(stage: Stage) -> None:
    stage.up(version(stage, 1))
    broken = version(stage, 2, init=False)
    broken["web"]["entrypoint"] = ["/no/such/program"]
    assert refused(lambda: stage.carry_out(stage.plan(broken))) == ["instance-not-started"]
    assert versions(stage) == {f"{stage.name}-web-1": "1"}
    assert not stage.plan(version(stage, 1)).work


class Leaves(Exception):  # noqa: N818 - what somebody does
    """Somebody does not want to wait any longer."""


def test_leaving_while_a_new_one_comes_up(stage: Stage) -> None:
    config = updating(order="start-first")
    slow = {"test": ["CMD", "test", "-e", "/ready"], "interval": "200ms", "start_period": "60s"}
    stage.up(version(stage, 1, **config))
    [change] = stage.plan(version(stage, 2, healthcheck=slow, **config)).work

    def leave(_: Step) -> None:
        raise Leaves

    with pytest.raises(Leaves):
        stage.engine.carry_out(change, leave)
    assert sorted(versions(stage).values()) == ["1", "1", "2"]
    [again] = stage.plan(version(stage, 2, healthcheck=slow, **config)).work
    made = [f"{stage.name}-web-1", f"{stage.name}-web-2"]

    def help_it(_: Step) -> None:
        for name in made:
            if versions(stage).get(name) == "2":
                stage.run(name, "touch", "/ready")

    stage.engine.carry_out(again, help_it)
    assert versions(stage) == dict.fromkeys(made, "2")
    assert len(stage.containers()) == 2


def test_rollback_restores_environment_files_and_volumes_and_goes_forth_and_back(stage: Stage) -> None:
    def up(number: int) -> None:
        services = version(stage, number, volumes=["/anonymous"], configs=[{"source": "said", "target": "/said"}])
        stage.up(services, configs={"said": {"content": f"said {number}"}})

    def state() -> tuple[str, str, str]:
        name = f"{stage.name}-web-1"
        return versions(stage)[name], stage.run(name, "cat", "/said"), stage.run(name, "cat", "/anonymous/file")

    up(1)
    stage.run(f"{stage.name}-web-1", "sh", "-c", "echo kept > /anonymous/file")
    assert refused(lambda: stage.engine.rollback(stage.name, ())) == ["nothing-to-roll-back"]
    up(2)
    assert state() == ("2", "said 2", "kept")
    for expected in ("1", "2", "1"):
        stage.carry_out(stage.engine.rollback(stage.name, ("web",)))
        assert state() == (expected, f"said {expected}", "kept")


def test_what_is_remembered_is_in_no_list(stage: Stage) -> None:
    for secret in ("hunter1", "hunter2"):
        stage.up({"web": stage.service(environment={"PASSWORD": secret})})
    rows = stage.api.call("GET", "/containers/json", query={"all": True})
    assert "hunter" not in repr(rows)
    assert "intermodal.previous" not in repr(rows)
    assert len(stage.engine.rollback(stage.name, ()).work) == 1


def test_hooks(stage: Stage) -> None:
    def hooked(number: int, code: int = 0) -> dict[str, Any]:
        hooks = {
            "post_start": [{"command": ["sh", "-c", f"echo start {number} >> /log/file; exit {code}"]}],
            "pre_stop": [{"command": ["sh", "-c", f"echo stop {number} >> /log/file"]}],
        }
        return version(stage, number, volumes=["log:/log"], **hooks)

    stage.up(hooked(1), volumes={"log": {}})
    stage.up(hooked(2), volumes={"log": {}})
    log = stage.run(f"{stage.name}-web-1", "cat", "/log/file").split("\r\n")
    assert log == ["start 1", "stop 1", "start 2"]
    stage.carry_out(stage.engine.restart(stage.name, ()))
    log = stage.run(f"{stage.name}-web-1", "cat", "/log/file").split("\r\n")
    assert log == ["start 1", "stop 1", "start 2", "stop 2"]
    failing = stage.plan(hooked(3, code=1), volumes={"log": {}})
    assert refused(lambda: stage.carry_out(failing)) == ["hook-failed"]
    assert versions(stage) == {f"{stage.name}-web-1": "2"}


def test_the_new_one_ends_at_once_but_the_old_one_is_not_waited_for(stage: Stage) -> None:
    """Without `update_config` nothing is waited for between old and new: the rollout looks at health."""
    stage.up(version(stage, 1))
    began = SystemClock().monotonic()
    stage.up(version(stage, 2, healthcheck={**ILL, "start_period": "60s"}))
    assert SystemClock().monotonic() - began < 20
    assert versions(stage) == {f"{stage.name}-web-1": "2"}
