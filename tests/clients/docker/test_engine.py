from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker import engine as engines
from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.kit.threads import gather
from tests.clients.docker.scripted import HANG_UP, PING, SILENCE, Scripted, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

START = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def speaking(tmp_path: Path) -> Iterator[Callable[..., tuple[Engine, Scripted]]]:
    """An engine that says what each of its connections is told to."""
    opened: list[tuple[Engine, Scripted]] = []

    def speak(*scripts: Sequence[bytes | None], timeout: float = 5.0) -> tuple[Engine, Scripted]:
        server = Scripted(tmp_path, scripts)
        opened.append((Engine(server.address, timeout), server))
        return opened[-1]

    yield speak
    for engine, server in opened:
        engine.close()
        with server:
            pass


def asked(server: Scripted) -> list[str]:
    return [request.decode().removesuffix(" HTTP/1.1") for request in server.requests]


def test_calls_share_a_connection(speaking: Any) -> None:
    engine, server = speaking([PING, answer(b'{"a": 1}'), answer(b"", "204 No Content"), answer(b"[]")])
    assert engine.call("GET", "/a", query={"all": True, "filters": {"label": ["x=y"]}, "n": None, "s": "t&"}) == {
        "a": 1
    }
    assert engine.call("POST", "/b") is None
    assert engine.call("GET", "/c") == []
    filters = "%7B%22label%22%3A%20%5B%22x%3Dy%22%5D%7D"
    assert asked(server) == [
        "GET /_ping",
        f"GET /v1.41/a?all=true&filters={filters}&s=t%26",
        "POST /v1.41/b",
        "GET /v1.41/c",
    ]


def test_a_connection_closed_while_idle_is_not_used_even_for_a_post(speaking: Any) -> None:
    engine, server = speaking([PING], [answer(b"1")])
    assert engine.version == (1, 41)
    assert server.closed.wait(5)
    assert engine.call("POST", "/containers/create", body={}) == 1


def test_what_only_reads_is_asked_again_when_a_kept_connection_breaks(speaking: Any) -> None:
    engine, server = speaking([PING, HANG_UP], [answer(b"1")])
    assert engine.call("GET", "/a") == 1
    assert asked(server) == ["GET /_ping", "GET /v1.41/a", "GET /v1.41/a"]


def test_what_may_have_been_done_is_never_asked_again(speaking: Any) -> None:
    engine, server = speaking([PING, HANG_UP], [answer(b"1")])
    with pytest.raises(Unreachable) as broken:
        engine.call("POST", "/a", body={})
    assert broken.value.begun
    assert asked(server) == ["GET /_ping", "POST /v1.41/a"]


def test_a_fresh_connection_that_breaks_is_not_tried_again(speaking: Any) -> None:
    engine, server = speaking([PING], [HANG_UP], [answer(b"1")])
    assert engine.version
    assert server.closed.wait(5)
    with pytest.raises(Unreachable):
        engine.call("GET", "/a")


def test_silence_ends_and_is_not_repeated(speaking: Any) -> None:
    engine, server = speaking([PING, SILENCE], [answer(b"1")], timeout=0.2)
    with pytest.raises(Unreachable, match="no answer in time") as broken:
        engine.call("GET", "/a")
    assert broken.value.begun
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        START + b"5\r\n{",
        START + b"1\r\n{\r\nnonsense\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"\x16\x03\x01\x02\x00",
        b"HTTP/1.1 two hundred\r\n\r\n",
        answer(b"{"),
        answer(b"[" * 200_000),
        answer(b"\xff\xfe\xfd"),
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
    ],
)
def test_an_answer_that_is_cut_off_or_odd_is_told(speaking: Any, said: bytes) -> None:
    engine, _ = speaking([PING, said])
    with pytest.raises(Unreachable):
        engine.call("POST", "/a")


def test_no_answer_takes_all_memory(speaking: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LONGEST_ANSWER", 100_000)
    engine, _ = speaking([PING, answer(b'"' + b"x" * 200_000 + b'"')], [answer(b'"' + b"x" * 99_000 + b'"')])
    with pytest.raises(Unreachable, match="longer than"):
        engine.call("GET", "/a")
    assert len(engine.call("GET", "/a")) == 99_000


def test_refusals_carry_the_engines_words(speaking: Any) -> None:
    said = answer(b'{"message": "no such thing"}', "404 Not Found")
    engine, _ = speaking([PING, said, answer(b"plain\n", "500 Internal Server Error"), answer(b"1")])
    with pytest.raises(EngineError, match="no such thing") as refused:
        engine.call("GET", "/a")
    assert (refused.value.status, refused.value.request) == (404, "GET /a")
    with pytest.raises(EngineError, match="plain"):
        engine.call("GET", "/a")
    assert engine.call("GET", "/a") == 1, "the connection goes on after a refusal"


def test_a_refusal_while_a_long_body_is_sent_is_heard(speaking: Any) -> None:
    said = b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig"
    engine, _ = speaking([PING, said], [said])
    with pytest.raises(EngineError, match="big"):
        engine.call("PUT", "/a", body=iter([b"x" * 65536] * 200))


@pytest.mark.parametrize(
    ("said", "version"),
    [("1.40", (1, 40)), ("1.41", (1, 41)), ("1.44", (1, 44)), ("1.99", (1, 48)), ("2.0", (1, 48))],
)
def test_the_newest_version_both_speak(speaking: Any, said: str, version: tuple[int, int]) -> None:
    engine, _ = speaking([answer(b"OK", "200 OK", f"Api-Version: {said}")])
    assert engine.version == version
    assert engine.at_least(1, 41) is (version >= (1, 41))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(b"<html>"), "no Docker engine"),
        (answer(b"", "404 Not Found"), "no Docker engine"),
        (answer(b"Client sent an HTTP request to an HTTPS server.\n", "400 Bad Request"), "HTTPS server"),
        (answer(b"OK", "200 OK", "Api-Version: new"), "no API version"),
    ],
)
def test_what_is_no_engine_is_told(speaking: Any, said: bytes, why: str) -> None:
    engine, _ = speaking([said])
    with pytest.raises(Unreachable, match=why):
        engine.call("GET", "/a")


def test_a_stream_comes_as_it_is_said_and_breaks_aloud(speaking: Any) -> None:
    engine, _ = speaking([PING], [START + b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"], [START + b"1\r\na\r\n5\r\nbc"])
    assert b"".join(engine.stream("GET", "/a")) == b"abc"
    stream = engine.stream("GET", "/a")
    with pytest.raises(Unreachable) as broken:
        b"".join(stream)
    assert broken.value.begun


def test_a_stream_is_ended_from_another_thread(speaking: Any) -> None:
    engine, _ = speaking([PING], [START + b"1\r\na\r\n", SILENCE])
    stream = engine.stream("GET", "/a", timeout=5)
    assert next(stream) == b"a"
    timer = threading.Timer(0.1, stream.close)
    timer.start()
    assert list(stream) == []
    timer.join()


@pytest.mark.engines
def test_many_threads_share_few_connections(engine: Engine, container: Callable[..., str]) -> None:
    made = container("true", start=False)
    found = gather([lambda: engine.call("GET", f"/containers/{made}/json")["Id"]] * 100)
    assert found == [made] * 100
    assert len(engine._connections._idle) <= 16


@pytest.mark.engines
def test_what_was_done_already_is_no_error(engine: Engine, container: Callable[..., str]) -> None:
    made = container("sleep", "600")
    assert engine.call("POST", f"/containers/{made}/start") is None
    for _ in range(2):
        assert engine.call("POST", f"/containers/{made}/stop", query={"t": 0}) is None


@pytest.mark.engines
def test_a_real_engine_refuses_in_words(engine: Engine) -> None:
    with pytest.raises(EngineError, match="No such container") as refused:
        engine.call("POST", "/containers/im-cl-absent/start")
    assert refused.value.status == 404
