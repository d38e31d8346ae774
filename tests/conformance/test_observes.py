"""What every engine tells of an application that runs: one application, looked at from all sides."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from intermodal.model.changes import NotDone
from intermodal.model.platform import Command, LogWishes
from tests.terminals import Captured

if TYPE_CHECKING:
    from intermodal.model.running import LogLine
    from tests.conformance.conftest import Trial

AT_ONCE = 0.1
"""Seconds within which an engine itself may mix up the two streams of an instance."""


@pytest.fixture(scope="module")
def seen(shared_trial: Trial) -> Trial:
    """Two instances that print, one that does not."""
    trial = shared_trial
    talker = trial.service(
        "echo first; echo second >&2; sleep 1; echo third; sleep 1000", here=True, environment={"WHO": "talker"}
    )
    talker["deploy"]["replicas"] = 2
    trial.up_well({"talker": talker, "silent": trial.service()})
    trial.until(lambda: len(lines(trial)) == 6)
    return trial


def lines(trial: Trial, wishes: LogWishes | None = None) -> list[LogLine]:
    return list(trial.engine.logs(trial.name, wishes or LogWishes()))


def test_services_and_instances_as_they_are(seen: Trial) -> None:
    running = seen.running()
    assert running.application == seen.name
    assert running.platform == seen.bench.platform
    assert {name: (one.wanted, one.serving) for name, one in running.services.items()} == {
        "talker": (2, 2),
        "silent": (1, 1),
    }
    instances = seen.instances("talker")
    assert {one.number for one in instances} == {1, 2}
    assert len({one.name for one in instances}) == 2
    assert {one.node for one in instances} <= {*(node.name for node in seen.engine.nodes()), ""}
    now = seen.bench.clock.now()
    assert all(one.started and now - 300 < one.started < now + 5 for one in instances)
    assert {one.revision for one in instances} == {running.services["talker"].revision}


def test_an_application_that_is_not_there_has_nothing(seen: Trial) -> None:
    nothing = seen.engine.observe(f"{seen.name}-not")
    assert (nothing.services, nothing.networks, nothing.volumes) == ({}, (), ())
    assert list(seen.engine.logs(f"{seen.name}-not", LogWishes())) == []


def test_it_is_among_all_applications(seen: Trial) -> None:
    found = {one.application: one for one in seen.engine.applications()}
    assert set(found[seen.name].services) == {"talker", "silent"}


def test_lines_of_all_instances_with_their_streams_in_order(seen: Trial) -> None:
    found = lines(seen)
    assert {line.service for line in found} == {"talker"}
    assert {line.instance for line in found} == {one.name for one in seen.instances("talker")}
    for instance in {line.instance for line in found}:
        own = [(line.text, line.stream) for line in found if line.instance == instance]
        assert sorted(own) == [("first", "stdout"), ("second", "stderr"), ("third", "stdout")]
    times = [line.time for line in found]
    assert all(later >= earlier - AT_ONCE for earlier, later in pairwise(times))


def test_the_last_lines_of_each_instance(seen: Trial) -> None:
    assert sorted(line.text for line in lines(seen, LogWishes(tail=1))) == ["third", "third"]
    assert lines(seen, LogWishes(tail=0)) == []


def test_lines_of_one_service_and_of_a_time(seen: Trial) -> None:
    assert lines(seen, LogWishes(services=("silent",))) == []
    last = max(line.time for line in lines(seen))
    assert lines(seen, LogWishes(since=last + 5)) == []
    assert len(lines(seen, LogWishes(since=last - 60))) == 6
    assert lines(seen, LogWishes(until=last - 60)) == []


def test_following_gives_what_there_is_and_ends_when_told(seen: Trial) -> None:
    following = seen.engine.logs(seen.name, LogWishes(follow=True))
    found = [next(following) for _ in range(6)]
    assert {line.text for line in found} == {"first", "second", "third"}
    following.close()  # type: ignore[attr-defined] # every engine's can be closed


def test_a_command_inside_an_instance(seen: Trial) -> None:
    terminal = Captured()
    command = Command(service="talker", argv=("sh", "-c", "echo $WHO; echo sad >&2; exit 7"))
    assert seen.engine.execute(seen.name, command, terminal) == 7
    assert (terminal.out, terminal.err) == ("talker\n", "sad\n")
    told = Command(service="talker", argv=("sh", "-c", "echo $WHO"), environment={"WHO": "me"}, number=2)
    again = Captured()
    assert seen.engine.execute(seen.name, told, again) == 0
    assert again.out == "me\n"


@pytest.mark.parametrize(("service", "number"), [("nobody", 0), ("talker", 9)])
def test_a_command_where_nothing_is(seen: Trial, service: str, number: int) -> None:
    with pytest.raises(NotDone):
        seen.engine.execute(seen.name, Command(service=service, argv=("true",), number=number), Captured())


def test_events_of_what_happens(seen: Trial) -> None:
    before = seen.bench.clock.now() - 120
    found = list(seen.engine.events(seen.name, since=before, until=seen.bench.clock.now()))
    assert found
    assert {event.kind for event in found} <= {"service", "instance", "network", "volume", "node", "config", "secret"}
    assert {"talker", "silent"} <= {event.service or event.name.removeprefix(f"{seen.name}_") for event in found}
    assert all(event.time >= before - 1 and event.action for event in found)


def test_images_and_who_uses_them(seen: Trial) -> None:
    (image,) = {one.reference for one in seen.engine.images(seen.name)}
    assert "busybox" in image
    assert {name for one in seen.engine.images(seen.name) for name in one.services} == {"talker", "silent"}


def test_nodes_are_ready(seen: Trial) -> None:
    nodes = seen.engine.nodes()
    assert len(nodes) == (3 if seen.bench.platform == "swarm" else 1)
    assert {node.state for node in nodes} == {"ready"}
    assert len({node.name for node in nodes}) == len(nodes)
