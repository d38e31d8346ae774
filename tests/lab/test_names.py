from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from intermodal.lab.names import answer

QUESTION = b"\x07nothere\x07example\x00\x00\x01\x00\x01"


def query(flags: int = 0x0100, *, more: bytes = b"", additional: int = 0) -> bytes:
    return struct.pack(">6H", 0x1234, flags, 1, 0, 0, additional) + QUESTION + more


def test_no_name_exists() -> None:
    said = answer(query())
    number, flags, questions, answers, authorities, additional = struct.unpack(">6H", said[:12])
    assert (number, questions, answers, authorities, additional) == (0x1234, 1, 0, 0, 0)
    assert flags & 0x8000
    assert flags & 0x000F == 3
    assert flags & 0x0100
    assert said[12:] == QUESTION


def test_what_follows_the_question_is_not_sent_back() -> None:
    assert answer(query(more=b"\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00", additional=1)) == answer(query())


def test_an_answer_is_not_answered() -> None:
    assert answer(query(flags=0x8180)) == b""


@given(st.binary(max_size=100))
def test_anything_may_come(content: bytes) -> None:
    said = answer(content)
    assert said == b"" or said[:2] == content[:2]
    assert len(said) <= max(len(content), 12)
