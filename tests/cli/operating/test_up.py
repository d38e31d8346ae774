from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.operating.conftest import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intermodal.model.changes import Change, Step
    from tests.cli.conftest import Cli, Ran
    from tests.fakes.engine import FakeEngine

SICK = {"test": ["CMD", "false"], "interval": "1s", "retries": 1}


def objects(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_up_waits_until_all_is_healthy_and_says_so(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    del shop
    ran = cli("up")
    assert (ran.code, ran.out) == (0, "")
    lines = ran.err.splitlines()
    assert lines[-1].startswith("5 created; 2 services healthy; ")
    assert "service db: waiting (0/1): shop-db-1: starting, not healthy yet" in lines
    healthy = next(line for line in lines if line.startswith("service db: healthy (1/1)"))
    assert lines.index(healthy) < lines.index("service web: creating")
    assert set(fake.services["shop"]) == {"db", "web"}


def test_the_second_time_it_says_that_nothing_was_to_do(cli: Cli, shop: Path) -> None:
    del shop
    cli("up")
    ran = cli("up")
    assert ran.code == 0
    assert ran.err.startswith("5 unchanged; 2 services healthy")


def test_the_plan_is_printed_and_nothing_done(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    for arguments in (("plan",), ("up", "--dry-run")):
        ran = cli(*arguments)
        assert ran.code == 0
        assert "+ create service web\n" in ran.out
        assert "+ pull image busybox:local\n" in ran.out
        assert ran.out.endswith("\n\n5 to create\n")
        assert not fake.services
    cli("up")
    written(shop.parent, "other")
    ran = cli("plan")
    assert ran.out == "± replace service web (it changed)\n    environment: changed\n\n1 to replace; 4 unchanged\n"
    assert "= keep service db\n" in cli("plan", "-v").out
    assert "other" not in cli("plan", "-v").out


def test_the_plan_as_json(cli: Cli, shop: Path) -> None:
    del shop
    ran = cli("plan", "--json")
    said = json.loads(ran.out)
    assert (said["schema"], said["application"], said["waits"]) == (1, "shop", ["db", "web"])
    web = next(change for change in said["changes"] if change["key"] == "service/web")
    assert (web["action"], web["kind"], web["name"]) == ("create", "service", "web")
    assert {"key": "service/db", "condition": "healthy", "required": True} in web["after"]
    assert json.loads(cli("up", "--dry-run", "--json").out) == said


def test_steps_and_the_result_as_json_lines(cli: Cli, shop: Path) -> None:
    del shop
    for arguments in (("up", "--json"), ("up", "--progress", "json", "--force-recreate")):
        said = objects(cli(*arguments))
        assert {one["schema"] for one in said} == {1}
        assert {one["type"] for one in said[:-1]} == {"step"}
        result = said[-1]
        assert (result["type"], result["code"], result["application"]) == ("result", 0, "shop")
        assert {one["name"]: one["health"] for one in result["services"]} == {"db": "healthy", "web": "healthy"}
        assert "service/web" in {one["key"] for one in result["done"]}


def test_not_healthy_in_time_says_why_and_shows_lines(cli: Cli, shop: Path) -> None:
    written(shop.parent, healthcheck=SICK)
    ran = cli("up", "--timeout", "20")
    assert ran.code == 4
    assert (
        "error[service-not-healthy]: web: 0 of 1 well: shop-web-1: its health check fails, and the time is up"
        in ran.err
    )
    assert ran.err.endswith("\nthe last lines of web:\n  shop-web-1 | here I am\n")
    result = objects(cli("up", "--timeout", "20", "--json"))[-1]
    assert (result["code"], result["timed_out"]) == (4, True)
    assert result["services"][1]["log"] == ["shop-web-1: here I am"]
    assert result["diagnostics"][0]["code"] == "service-not-healthy"


def test_failed_for_good(cli: Cli, shop: Path) -> None:
    written(shop.parent, command=["sh", "-c", "exit 3"], restart="no")
    ran = cli("up")
    assert ran.code == 1
    assert "error[service-failed]: web: 0 of 1 well: shop-web-1: ended badly, exit code 3" in ran.err
    assert "web printed nothing" in ran.err


def test_nobody_waits_when_told_so(cli: Cli, shop: Path) -> None:
    written(shop.parent, healthcheck=SICK)
    assert cli("up", "--no-wait").code == 0


def test_a_change_that_fails_stops_half_way(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    del shop
    fake.fail("service/db")
    ran = cli("up")
    assert ran.code == 3
    assert "error[fake-failure]: service/db fails" in ran.err
    assert "error[stopped-half-way]: not done: service web; " in ran.err
    fake.failing.clear()
    assert cli("up").code == 0


def test_a_missing_image_touches_nothing(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    written(shop.parent, image="no/such:1")
    fake.held_images.add("busybox:local")
    ran = cli("up")
    assert ran.code == 1
    assert "error[image-not-found]" in ran.err
    assert not fake.services
    assert not fake.things


@pytest.mark.parametrize(
    ("arguments", "written_in_file", "version"),
    [
        (("--rollback-on-failure",), "", "first"),
        ((), "rollback", "first"),
        ((), "", "second"),
        (("--no-rollback-on-failure",), "rollback", "second"),
    ],
)
def test_a_failed_update_is_taken_back_where_asked(
    cli: Cli, shop: Path, fake: FakeEngine, arguments: tuple[str, ...], written_in_file: str, version: str
) -> None:
    deploy = {"update_config": {"failure_action": written_in_file}} if written_in_file else {}
    written(shop.parent, "first", deploy=deploy)
    cli("up")
    written(shop.parent, "second", deploy=deploy, healthcheck=SICK)
    ran = cli("up", "--timeout", "10", *arguments)
    assert ran.code == 4
    assert fake.services["shop"]["web"].wanted.environment == {"WORD": version}
    assert ("warning[rolled-back]: rolled back to what ran before: web" in ran.err) == (version == "first")


def test_a_rollback_that_cannot_be_is_told(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    cli("up")
    written(shop.parent, "second")
    fake.fail("service/web")
    ran = cli("up", "--rollback-on-failure")
    assert ran.code == 1
    assert "error[nothing-to-roll-back]" in ran.err


def test_wishes(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    cli("up", "--scale", "web=3")
    assert len(fake.services["shop"]["web"].instances) == 3
    before = {made.id for made in fake.services["shop"]["db"].instances}
    written(shop.parent, "new")
    cli("up", "--no-recreate")
    assert fake.services["shop"]["web"].wanted.environment == {"WORD": ""}
    cli("up", "--force-recreate", "db")
    assert not before & {made.id for made in fake.services["shop"]["db"].instances}
    assert fake.services["shop"]["web"].wanted.environment == {"WORD": ""}
    fake.services["shop"]["old"] = fake.services["shop"]["db"]
    cli("up", "-d")
    assert "old" in fake.services["shop"]
    cli("up", "--remove-orphans")
    assert "old" not in fake.services["shop"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("up", "wbe"), "did you mean `web`?"),
        (("up", "--scale", "nobody=2"), "no active service called 'nobody'"),
        (("up", "--scale", "web"), "is not SERVICE=NUMBER"),
        (("up", "--scale", "web=-1"), "is not SERVICE=NUMBER"),
        (("up", "--timeout", "-1"), "--timeout"),
        (("up", "-H", "tcp://a:1", "--context", "b"), "give one of them"),
        (("up", "--set", "nonsense=1"), "has no option called nonsense"),
        (("up", "--set", "nonsense"), "--set takes NAME=VALUE"),
    ],
)
def test_misuse(cli: Cli, shop: Path, fake: FakeEngine, arguments: tuple[str, ...], said: str) -> None:
    del shop
    ran = cli(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert not fake.services


def test_what_cannot_be_carried_is_refused_until_accepted(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    said = json.loads(shop.read_text("utf-8"))
    said["services"]["web"]["models"] = ["llm"]
    shop.write_text(json.dumps({**said, "models": {"llm": {"model": "ai/m"}}}), "utf-8")
    ran = cli("up")
    assert ran.code == 1
    assert "error[compose-models]" in ran.err
    assert "nothing was changed; to accept what is lost: --allow-loss compose-models" in ran.err
    assert "compose-models" in {found["code"] for found in objects(cli("up", "--json"))[0]["diagnostics"]}
    assert not fake.services
    assert cli("up", "--allow-loss", "compose-models").code == 0


def interrupting(fake: FakeEngine, key: str, times: int = 1) -> Callable[..., None]:
    """`carry_out` during which somebody presses Ctrl-C."""
    true = fake.carry_out

    def act(change: Change, report: Callable[[Step], None]) -> None:
        if change.key == key:
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.05)
        true(change, report)

    return act


def test_the_first_interrupt_ends_it_at_a_safe_point(
    cli: Cli, shop: Path, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shop
    monkeypatch.setattr(fake, "carry_out", interrupting(fake, "service/db"))
    ran = cli("up")
    assert ran.code == 130
    assert set(fake.services["shop"]) == {"db"}
    assert "stopping at the next safe point; Ctrl-C again stops at once" in ran.err
    assert ran.err.endswith("stopped; not done: service web; the same command goes on from here\n")
    monkeypatch.undo()
    assert len(fake.services["shop"]["db"].instances) == 1


def test_the_second_interrupt_ends_it_at_once(
    cli: Cli, shop: Path, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shop
    monkeypatch.setattr(fake, "carry_out", interrupting(fake, "service/db", 2))
    ran = cli("up")
    assert ran.code == 130
    assert ran.err.endswith("stopped at once; the same command goes on from here\n")


def test_lines_that_talk_are_left_out_when_quiet(cli: Cli, shop: Path) -> None:
    del shop
    ran = cli("up", "-q")
    assert ran == (0, "", "")
    assert cli("up", "--progress", "quiet", "--force-recreate").err.count("\n") == 2
