from __future__ import annotations

import json
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.clients.docker import events as module
from intermodal.clients.docker.errors import EngineError
from intermodal.clients.docker.events import events, objects

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.engine import Engine


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=3), st.one_of(st.integers(), st.text(max_size=5)), max_size=2), max_size=6
    ),
    st.integers(1, 40),
    st.sampled_from([b"\n", b"\r\n"]),
)
def test_objects_come_whole_however_they_are_cut(said: list[Any], size: int, end: bytes) -> None:
    data = b"".join(json.dumps(each).encode() + end for each in said)
    assert list(objects(data[at : at + size] for at in range(0, len(data), size))) == said


def test_the_last_object_needs_no_end() -> None:
    assert list(objects([b'{"a": 1}\n{"b"', b": 2}"])) == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("data", [b"{\n", b"[1]\n", b"\xff\n", b"[" * 100_000 + b"\n"])
def test_what_is_no_object_is_an_error(data: bytes) -> None:
    with pytest.raises(EngineError):
        list(objects([data]))


def test_a_line_without_end_takes_no_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_OBJECT", 1000)
    with pytest.raises(EngineError, match="without an end"):
        list(objects(iter(lambda: b"x" * 100, None)))


@pytest.mark.engines
def test_real_events_until_closed(engine: Engine, container: Callable[..., str]) -> None:
    made = container("true", start=False)
    seen: list[str] = []
    stream = events(engine, filters={"container": [made]})
    reader = threading.Thread(target=lambda: seen.extend(each["Action"] for each in stream))
    reader.start()
    engine.call("POST", f"/containers/{made}/start")
    engine.call("POST", f"/containers/{made}/wait", query={"condition": "not-running"})
    for _ in range(50):
        if "die" in seen:
            break
        reader.join(0.1)
    stream.close()
    reader.join(5)
    assert not reader.is_alive()
    assert [each for each in seen if each in {"start", "die"}] == ["start", "die"]


@pytest.mark.engines
def test_past_events_end(engine: Engine, container: Callable[..., str]) -> None:
    made = container("true", start=False)
    now = datetime.fromisoformat(engine.call("GET", "/info")["SystemTime"]).timestamp()
    past = events(engine, filters={"container": [made]}, since=now - 60, until=now)
    assert [each["Action"] for each in past] == ["create"]
