from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.clients.docker.errors import EngineError
from intermodal.clients.docker.frames import LONGEST_FRAME, frames

NUMBERS = {"stdin": 0, "stdout": 1, "stderr": 2, "engine": 3}


def framed(stream: str, payload: bytes) -> bytes:
    return bytes([NUMBERS[stream], 0, 0, 0]) + len(payload).to_bytes(4) + payload


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.binary(max_size=20)), max_size=8),
    st.lists(st.integers(1, 9), min_size=1),
)
def test_frames_come_whole_however_they_are_cut(said: list[tuple[str, bytes]], cuts: list[int]) -> None:
    data = b"".join(framed(*each) for each in said)
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(data[at : at + size])
        at += size
    assert list(frames(pieces)) == said


def test_a_terminal_has_no_frames() -> None:
    assert list(frames([b"a", b"b\r\n"], tty=True)) == [("stdout", b"a"), ("stdout", b"b\r\n")]


def test_a_frame_that_is_cut_off_is_handed_on_as_far_as_it_came() -> None:
    assert list(frames([framed("stdout", b"abcdef")[:11]])) == [("stdout", b"abc")]
    assert list(frames([framed("stdout", b"abcdef")[:5]])) == []


def test_a_huge_frame_is_handed_on_in_pieces() -> None:
    payload = b"0123456789" * (LONGEST_FRAME // 4)
    data = framed("stderr", payload) + framed("stdout", b"next")
    got = list(frames(data[at : at + 65536] for at in range(0, len(data), 65536)))
    assert got.pop() == ("stdout", b"next")
    assert {stream for stream, _ in got} == {"stderr"}
    assert max(len(piece) for _, piece in got) <= LONGEST_FRAME
    assert b"".join(piece for _, piece in got) == payload


@pytest.mark.parametrize(
    ("data", "why"),
    [(framed("engine", b"log driver failed"), "log driver failed"), (b"plain text, no frame", "frames")],
)
def test_what_the_engine_itself_says_and_what_is_no_frame_is_an_error(data: bytes, why: str) -> None:
    with pytest.raises(EngineError, match=why):
        list(frames([data]))
