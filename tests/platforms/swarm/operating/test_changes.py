"""Changes of a real Swarm: killed anywhere, raced by others, and no instance exchanged without need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.threads import gather
from intermodal.model.changes import Action, Kind, NotDone
from intermodal.model.platform import Wishes
from tests.platforms.swarm.operating.swarms import Killed, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from intermodal.platforms.swarm.operate import SwarmEngine

pytestmark = pytest.mark.engines

NOWHERE = {"placement": {"constraints": ["node.hostname == no-such-node"]}}
"""Instances that stay pending: what is asked of the Swarm is seen at once, and nothing has to be waited for."""


def shop(stack: Stack, word: str) -> dict[str, Any]:
    """Two services, a config and a secret that change with the word; nothing runs."""
    web = stack.service(
        environment={"WORD": word}, configs=["motd"], secrets=["key"], depends_on=["db"], deploy={"replicas": 0}
    )
    return {"web": web, "db": stack.service(deploy={"replicas": 0})}


def files(stack: Stack, word: str) -> dict[str, Any]:
    path = stack._folder / f"key-{word}"
    path.write_text(word, "utf-8")
    return {"configs": {"motd": {"content": word}}, "secrets": {"key": {"file": str(path)}}}


def places() -> Iterator[tuple[int, bool]]:
    return ((at, after) for at in range(1, 30) for after in (False, True))


def killed_everywhere(stack: Stack, act: Callable[[SwarmEngine], None], check: Callable[[], None]) -> int:
    """Do something again and again, killed at each of its changes in turn; gives how often it was killed."""
    times = 0
    for at, after in places():
        try:
            act(stack.dying(at, after=after))
        except Killed:
            times += 1
            check()
        else:
            return times
    raise AssertionError("it never ends")


def test_up_killed_at_any_change_is_ended_by_the_next(stack: Stack) -> None:
    words = iter(f"word{number}" for number in range(100))

    def up(engine: SwarmEngine) -> None:
        word = next(words)
        stack.word = word  # type: ignore[attr-defined]
        stack.carry_out(engine.plan(*stack.load(shop(stack, word), **files(stack, word)), Wishes()), engine)

    def check() -> None:
        word = stack.word  # type: ignore[attr-defined]
        said = shop(stack, word), files(stack, word)
        stack.carry_out(stack.plan(said[0], **said[1]))
        assert stack.plan(said[0], **said[1]).work == ()
        running = stack.engine.observe(stack.name)
        assert set(running.services) == {"web", "db"}
        assert running.networks == (f"{stack.name}_default",)
        assert (len(running.configs), len(running.secrets)) <= (2, 2)
        assert stack.raw("web")["Spec"]["TaskTemplate"]["ContainerSpec"]["Env"] == [f"WORD={word}"]

    def first_up(engine: SwarmEngine) -> None:
        stack.gone()
        up(engine)

    assert killed_everywhere(stack, first_up, check) >= 10
    assert killed_everywhere(stack, up, check) >= 6
    stack.carry_out(stack.plan(shop(stack, "last"), **files(stack, "last")))

    def down(engine: SwarmEngine) -> None:
        stack.carry_out(stack.plan(shop(stack, "last"), **files(stack, "last")))
        stack.carry_out(engine.removal(stack.name), engine)

    def nothing() -> None:
        stack.carry_out(stack.engine.removal(stack.name))
        running = stack.engine.observe(stack.name)
        assert (running.services, running.networks, running.configs, running.secrets) == ({}, (), (), ())

    assert killed_everywhere(stack, down, nothing) >= 10


def test_changes_made_at_the_same_time_all_arrive(stack: Stack) -> None:
    stack.carry_out(stack.plan({"web": stack.service(deploy=NOWHERE)}))
    plan = stack.plan({"web": stack.service(environment={"A": "1"}, deploy=NOWHERE)})
    scales = [stack.engine.scale(stack.name, {"web": number}) for number in range(2, 8)]
    gather([lambda one=one: stack.carry_out(one) for one in (plan, *scales)])  # type: ignore[misc]
    spec = stack.raw("web")["Spec"]
    assert spec["TaskTemplate"]["ContainerSpec"]["Env"] == ["A=1"]
    assert spec["Mode"]["Replicated"]["Replicas"] in range(2, 8)
    stack.carry_out(stack.engine.scale(stack.name, {"web": 0}))


def test_the_same_plan_carried_out_four_times_at_once_is_carried_out_once(stack: Stack) -> None:
    said = shop(stack, "word"), files(stack, "word")
    plan = stack.plan(said[0], **said[1])
    gather([lambda: stack.carry_out(plan)] * 4)
    assert stack.plan(said[0], **said[1]).work == ()
    running = stack.engine.observe(stack.name)
    assert (len(running.networks), len(running.configs), len(running.secrets)) == (1, 1, 1)


def test_only_what_instances_are_made_of_exchanges_them_and_foreign_fields_survive(stack: Stack) -> None:
    network = {"networks": {"default": {"internal": True}}}
    web = stack.service(stop_grace_period="1s", environment={"A": "1"}, labels={"x": "y"}, ulimits={"nofile": 1024})
    stack.up({"web": web}, **network)
    before = stack.tasks("web")
    raw = stack.raw("web")
    foreign = {**raw["Spec"], "RollbackConfig": {"Parallelism": 3}}
    foreign["TaskTemplate"] = {**foreign["TaskTemplate"], "ForceUpdate": 0}
    stack.client.call("POST", f"/services/{raw['ID']}/update", query={"version": raw["Version"]["Index"]}, body=foreign)
    labelled = {**web, "deploy": {**web["deploy"], "labels": {"a": "b"}}}
    plan = stack.plan({"web": labelled}, **network)
    assert [(one.key, one.action) for one in plan.work] == [("service/web", Action.UPDATE)]
    stack.up({"web": labelled}, **network)
    assert stack.tasks("web") == before
    assert stack.engine.drift(*stack.load({"web": labelled}, **network), Wishes()) == {}
    pinned = stack.raw("web")["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"]
    assert "@sha256:" in pinned


def test_a_stopped_update_fails_with_reasons_and_is_taken_back(stack: Stack) -> None:
    deploy = {"update_config": {"monitor": "2s", "order": "start-first"}}
    stack.up({"web": stack.service(deploy=deploy)})
    stack.roll_out(stack.engine.scale(stack.name, {"web": 2}))
    bad = {"web": stack.service("echo it breaks; exit 3", deploy=deploy)}
    outcome = stack.roll_out(stack.plan(bad))
    assert outcome.code == 1
    assert "stopped half way" in outcome.standings["web"].why[0]
    again = stack.plan(bad)
    assert "tried again" in again.changes[-1].reasons[0]
    assert stack.roll_out(stack.engine.rollback(stack.name, ("web",))).code == 0
    running = stack.engine.observe(stack.name).services["web"]
    assert (running.wanted, running.serving) == (2, 2)


def test_a_change_of_mode_exchanges_the_service(stack: Stack) -> None:
    stack.carry_out(stack.plan({"web": stack.service(deploy={"replicas": 0})}))
    every = {"web": stack.service(deploy={"mode": "global", **NOWHERE})}
    plan = stack.plan(every)
    for _ in range(2):
        stack.carry_out(plan)
    assert "Global" in stack.raw("web")["Spec"]["Mode"]
    assert stack.plan(every).work == ()


def test_names_that_others_have_are_told(stack: Stack) -> None:
    other = stack.client.call(
        "POST",
        "/services/create",
        body={
            "Name": f"{stack.name}_web",
            "TaskTemplate": {"ContainerSpec": {"Image": stack.image}},
            "Mode": {"Replicated": {"Replicas": 0}},
        },
    )["ID"]
    try:
        with pytest.raises(NotDone) as caught:
            stack.carry_out(stack.plan({"web": stack.service(deploy={"replicas": 0})}))
    finally:
        stack.client.call("DELETE", f"/services/{other}")
    assert [one.code for one in caught.value.diagnostics] == ["service-name-taken"]


def test_what_is_missing_is_told_before_anything_changes(stack: Stack) -> None:
    web = stack.service(deploy={"replicas": 0}, networks=["out"])
    with pytest.raises(NotDone) as caught:
        stack.plan({"web": web}, networks={"out": {"external": True, "name": "im-swarm-no-such-network"}})
    assert [one.code for one in caught.value.diagnostics] == ["external-missing"]
    with pytest.raises(NotDone) as caught:
        stack.plan({"web": {**stack.service(), "image": "127.0.0.1:1/no/such:image"}, "db": stack.service()})
    assert [one.code for one in caught.value.diagnostics] == ["image-not-found"]
    running = stack.engine.observe(stack.name)
    assert (running.services, running.networks) == ({}, ())


def test_a_network_in_use_is_not_changed_but_left(stack: Stack) -> None:
    web = {"web": stack.service(deploy={"replicas": 0}, networks=["back"])}
    addressed = {"networks": {"back": {"ipam": {"config": [{"subnet": "10.213.7.0/24"}]}}}}
    stack.carry_out(stack.plan(web, **addressed))
    assert stack.plan(web, **addressed).work == ()
    with pytest.raises(NotDone) as caught:
        stack.plan(web, networks={"back": {"internal": True}})
    assert [one.code for one in caught.value.diagnostics] == ["network-differs"]
    other = {"networks": {"back": {"internal": True, "name": f"{stack.name}_other"}}}
    for _ in range(2):
        stack.carry_out(stack.plan(web, **other))
    changed = {"web": {**web["web"], "hostname": "h"}}
    plan = stack.plan(changed, **other)
    assert [one.name for one in plan.work if one.kind is Kind.NETWORK] == [f"{stack.name}_back"]
    stack.carry_out(plan)
    assert stack.engine.observe(stack.name).networks == (f"{stack.name}_other",)
