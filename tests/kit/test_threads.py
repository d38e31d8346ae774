from __future__ import annotations

from threading import Barrier, Event, Lock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.kit.threads import Crew, gather


def test_results_come_in_the_order_of_the_calls() -> None:
    gate = Event()

    def first() -> str:
        assert gate.wait(10)
        return "first"

    def second() -> str:
        gate.set()
        return "second"

    assert gather([first, second]) == ["first", "second"]


def test_calls_are_made_at_the_same_time() -> None:
    meeting = Barrier(3, timeout=10)
    assert sorted(gather([meeting.wait] * 3)) == [0, 1, 2]


def test_no_more_than_so_many_at_a_time() -> None:
    lock, running, most = Lock(), 0, 0

    def call() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        Event().wait(0.005)
        with lock:
            running -= 1

    gather([call] * 12, size=3)
    assert most <= 3


def test_the_first_error_is_raised_once_all_have_ended() -> None:
    ended: list[int] = []

    def fails() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        gather([fails, lambda: ended.append(1), lambda: ended.append(2)], size=1)
    assert ended == [1, 2]


@given(st.lists(st.booleans(), max_size=12), st.integers(1, 4))
def test_no_call_is_lost(calls: list[bool], size: int) -> None:
    def call(well: bool) -> None:
        if not well:
            raise OSError("as told")

    crew: Crew[int] = Crew(size)
    for number, well in enumerate(calls):
        crew.start(number, lambda well=well: call(well))  # type: ignore[misc]
    ended = {}
    while crew.busy:
        one = crew.next(10)
        assert one is not None
        ended[one.key] = one.error is None
    assert ended == dict(enumerate(calls))


def test_waiting_for_the_next_end_ends_in_time() -> None:
    crew: Crew[str] = Crew()
    gate = Event()
    crew.start("slow", gate.wait)
    assert crew.next(0.01) is None
    gate.set()
    assert crew.next(10) is not None
    assert not crew.busy


def test_calls_not_begun_can_be_dropped() -> None:
    crew: Crew[int] = Crew(1)
    gate = Event()
    made: list[int] = []
    crew.start(0, gate.wait)
    crew.start(1, lambda: made.append(1))
    crew.forget_waiting()
    gate.set()
    assert crew.next(10) is not None
    assert (crew.busy, made) == (False, [])
