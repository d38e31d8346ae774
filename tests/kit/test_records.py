from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from intermodal.kit.records import NOTHING, as_dict, fields, positional, record, replace

if TYPE_CHECKING:
    from collections.abc import Mapping


@record
class Point:
    """A place on a plane."""

    x: int
    y: int = 0

    @property
    def far(self) -> bool:
        return self.x + self.y > 10


@record
class Spot:
    x: int
    y: int = 0


def test_fields_are_given_by_name_and_have_defaults() -> None:
    assert (Point(x=1).x, Point(x=1).y, Point(x=9, y=9).far) == (1, 0, True)
    assert fields(Point) == fields(Point(x=1)) == ("x", "y")


def test_what_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(TypeError, match="Point needs x"):
        Point(y=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Point has no z"):
        Point(x=1, z=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1)  # type: ignore[call-arg]


def test_nothing_can_be_changed_or_added() -> None:
    point = Point(x=1)
    with pytest.raises(AttributeError, match="frozen"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        point.z = 2  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="frozen"):
        del point.x
    assert not hasattr(point, "__dict__")


def test_records_are_compared_by_kind_and_value() -> None:
    assert Point(x=1) == Point(x=1, y=0)
    assert Point(x=1) != Point(x=2)
    other: object = Spot(x=1)
    assert Point(x=1) != other
    assert len({Point(x=1), Point(x=1), Spot(x=1)}) == 2


def test_a_record_shows_itself_and_keeps_its_words() -> None:
    assert repr(Point(x=1)) == "Point(x=1, y=0)"
    assert (Point.__name__, Point.__doc__, Point.__module__) == ("Point", "A place on a plane.", __name__)


def test_a_copy_with_changes() -> None:
    assert replace(Point(x=1, y=2), y=3) == Point(x=1, y=3)
    with pytest.raises(TypeError, match="no z"):
        replace(Point(x=1), z=3)


def test_by_position() -> None:
    make = positional(Point)
    assert make(1, 2) == Point(x=1, y=2)
    with pytest.raises(ValueError, match="shorter"):
        make(1)


def test_nothing_is_shared_and_stays_empty() -> None:
    with pytest.raises(TypeError):
        NOTHING["a"] = 1  # type: ignore[index]


def test_records_become_plain_data_at_any_depth() -> None:
    class Word(Enum):
        ONE = "one"

    @record
    class Inner:
        word: Word
        number: float | None = None

    @record
    class Outer:
        inner: tuple[Inner, ...]
        by_name: Mapping[str, Inner] = NOTHING

    value = Outer(inner=(Inner(word=Word.ONE),), by_name=MappingProxyType({"a": Inner(word=Word.ONE, number=1.5)}))
    assert as_dict(value) == {
        "inner": [{"word": "one", "number": None}],
        "by_name": {"a": {"word": "one", "number": 1.5}},
    }
