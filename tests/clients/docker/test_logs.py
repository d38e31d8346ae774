from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.clients.docker import attach
from intermodal.clients.docker.logs import Line, Once, _joined, _terminal_lines, lines, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.engine import Engine

STAMP = b"2026-11-22T08:05:11.123456789Z"
NANOSECONDS = 1795334711123456789
LONG = "i=0; while [ $i -lt 3000 ]; do printf 0123456789abcdef; i=$((i+1)); done; echo"


def text(framed: list[tuple[str, bytes]], **options: int) -> list[tuple[str, str]]:
    return [(line.stream, line.text) for line in lines(framed, **options)]  # type: ignore[arg-type]


def test_a_line_has_its_time_to_the_nanosecond() -> None:
    (line,) = lines([("stdout", STAMP + b" hello\n")])
    assert line == Line(stream="stdout", nanoseconds=NANOSECONDS, text="hello")
    assert line.time == pytest.approx(1795334711.123456789)
    assert line.moment == "1795334711.123456789"


@pytest.mark.parametrize(
    ("stamp", "nanoseconds"),
    [
        (b"2026-11-22T08:05:11Z", NANOSECONDS // 10**9 * 10**9),
        (b"2026-11-22T08:05:11.5Z", NANOSECONDS // 10**9 * 10**9 + 500_000_000),
        (b"2026-11-22T10:05:11.123456789+02:00", NANOSECONDS),
        (b"2026-11-22T03:05:11.123456789-05:00", NANOSECONDS),
    ],
)
def test_times_as_engines_write_them(stamp: bytes, nanoseconds: int) -> None:
    (line,) = lines([("stdout", stamp + b" x\n")])
    assert (line.nanoseconds, line.text) == (nanoseconds, "x")


@pytest.mark.parametrize("odd", [b"hello world", b"", b"2026-13-45T99:05:11.1Z x", b"2026-11-22Tx", b"\xff\xfe x"])
def test_what_has_no_time_is_kept_as_it_is(odd: bytes) -> None:
    assert [(line.nanoseconds, line.text) for line in lines([("stdout", odd + b"\n")])] == [
        (0, odd.decode("utf-8", "replace"))
    ]


def test_a_line_in_parts_is_one_line_with_the_first_time() -> None:
    later = STAMP.replace(b":11.", b":12.")
    framed = [("stdout", STAMP + b" abc"), ("stderr", STAMP + b" in between\n"), ("stdout", later + b" def\n")]
    found = list(lines(framed))
    assert [(line.stream, line.text) for line in found] == [("stderr", "in between"), ("stdout", "abcdef")]
    assert found[1].nanoseconds == NANOSECONDS


def test_endings_and_empty_lines() -> None:
    framed = [("stdout", STAMP + b" \n"), ("stdout", STAMP + b" a\r\n"), ("stdout", STAMP + b" no end")]
    assert text(framed) == [("stdout", ""), ("stdout", "a"), ("stdout", "no end")]


def test_a_line_without_end_takes_no_memory_without_end() -> None:
    framed = (("stdout", b"x" * 1000) for _ in range(1000))
    found = text(framed, longest=4096)  # type: ignore[arg-type]
    assert max(len(each) for _, each in found) <= 4096
    assert sum(len(each) for _, each in found) == 1_000_000


def test_details_say_which_task_wrote() -> None:
    told = b"com.docker.swarm.node.id=n1,com.docker.swarm.task.id=t%2C1,a=b+c"
    (line,) = lines([("stdout", STAMP + b" " + told + b" hello world\n")], details=True)
    assert line.text == "hello world"
    assert line.details == {"com.docker.swarm.node.id": "n1", "com.docker.swarm.task.id": "t,1", "a": "b c"}
    (plain,) = lines([("stdout", STAMP + b"  no details\n")], details=True)
    assert (plain.text, dict(plain.details)) == ("no details", {})


def test_parts_of_two_tasks_are_not_mixed_up() -> None:
    framed = [("stdout", STAMP + b" " + said) for said in (b"t=1 a", b"t=2 b", b"t=1 c\n", b"t=2 d\n")]
    assert [(line.details["t"], line.text) for line in lines(framed, details=True)] == [("1", "ac"), ("2", "bd")]


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab \u00e4", max_size=30), max_size=6), st.integers(1, 50))
def test_a_terminals_log_is_the_same_however_it_is_cut(said: list[str], size: int) -> None:
    data = b"".join(STAMP + b" " + each.encode() + b"\r\n" for each in said)
    found = lines(_terminal_lines(data[at : at + size] for at in range(0, len(data), size)))
    assert [(line.text, line.nanoseconds) for line in found] == [(each, NANOSECONDS) for each in said]


def test_times_inside_a_terminals_long_line_are_taken_out() -> None:
    long = b"0123456789abcdef" * 2500
    parts = [long[at : at + 16384] for at in range(0, len(long), 16384)]
    assert _joined(b"".join(STAMP + b" " + part for part in parts) + b"\r\n") == STAMP + b" " + long + b"\r\n"
    assert _joined(STAMP + b" " + long) == STAMP + b" " + long


@pytest.mark.engines
@pytest.mark.parametrize("tty", [False, True])
def test_a_real_log(engine: Engine, container: Callable[..., str], *, tty: bool) -> None:
    made = container("sh", "-c", f"echo out; echo bad >&2; {LONG}; printf end", Tty=tty)
    assert attach.wait(engine, made) == 0
    found = list(read(engine, f"/containers/{made}/logs", tty=tty))
    assert {line.text[:20] for line in found} == {"out", "bad", "0123456789abcdef0123", "end"}
    assert max(len(line.text) for line in found) == 48_000
    assert {line.stream for line in found} == ({"stdout"} if tty else {"stdout", "stderr"})
    assert 0 <= max(line.time for line in found) - min(line.time for line in found) < 60
    assert [line.text for line in read(engine, f"/containers/{made}/logs", tty=tty, tail=1)] == ["end"]
    later = read(engine, f"/containers/{made}/logs", tty=tty, since=found[-1].moment)
    assert [line.text for line in later] == ["end"]
    assert list(read(engine, f"/containers/{made}/logs", tty=tty, until=found[0].time - 100)) == []


@pytest.mark.engines
def test_following_ends_when_another_thread_says_so(engine: Engine, container: Callable[..., str]) -> None:
    made = container("sh", "-c", "echo first; sleep 60")
    log = read(engine, f"/containers/{made}/logs", follow=True)
    assert next(log).text == "first"
    threading.Timer(0.3, log.close).start()
    start = time.monotonic()
    assert list(log) == []
    assert time.monotonic() - start < 5


def test_each_line_is_handed_on_once_however_often_it_is_read() -> None:
    once = Once()
    first, second = (Line(stream="stdout", nanoseconds=time, text="out") for time in (100, 200))
    assert [once.new(line) for line in (first, second, first, second)] == [True, True, False, False]
    assert once.newest() == second.moment
    assert once.newest("another") == ""


def test_a_line_of_one_stream_may_come_after_a_later_line_of_the_other() -> None:
    once = Once()
    assert once.new(Line(stream="stdout", nanoseconds=200, text="out"))
    late = Line(stream="stderr", nanoseconds=199, text="err")
    assert once.new(late)
    assert not once.new(late)
    assert once.newest() == "0.000000200"


def test_sources_have_times_of_their_own_and_lines_without_time_are_always_new() -> None:
    once = Once()
    once.note(Line(stream="stdout", nanoseconds=200, text="x"), "a")
    assert once.new(Line(stream="stdout", nanoseconds=100, text="x"), "b")
    assert once.new(Line(stream="stdout", nanoseconds=0, text="x"), "c")
    assert once.new(Line(stream="stdout", nanoseconds=0, text="x"), "c")
