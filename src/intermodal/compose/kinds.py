"""The words the grammar is written in: what may stand at a key. The table itself is in `grammar.py`.

A `Value` is one scalar and knows how its text becomes a typed value. Everything else nests kinds in kinds.
"""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Types: TypeAlias = "frozenset[type]"

TEXT_ONLY: Types = frozenset({str})
NUMBERS: Types = frozenset({int, float})
WHOLE_OR_TEXT: Types = frozenset({int, str})
NUMBER_OR_TEXT: Types = frozenset({int, float, str})
TRUTH_OR_TEXT: Types = frozenset({bool, str})
NOTHING: Types = frozenset({NoneType})
ANY_SCALAR: Types = frozenset({str, int, float, bool, NoneType})


class Kind:
    """What may stand at a key."""

    __slots__ = ()


class Value(Kind):
    """One scalar.

    `types` are the YAML types it may be written in. `read` turns what is written into the typed value and raises
    `ValueError` with a reason; None means the scalar already is the value. `code` names the finding when it cannot.
    `shown` is how a sentence calls it ("a duration"), `example` something right to write. `show` turns the typed
    value into what `config` prints.
    """

    __slots__ = ("code", "example", "name", "read", "show", "shown", "types")

    def __init__(
        self,
        name: str,
        shown: str,
        types: Types,
        read: Callable[[Any], Any] | None = None,
        *,
        code: str = "wrong-type",
        example: str = "",
        show: Callable[[Any], Any] | None = None,
    ) -> None:
        self.name = name
        self.shown = shown
        self.types = types
        self.read = read
        self.code = code
        self.example = example
        self.show = show


class Anything(Kind):
    """Whatever somebody writes below an `x-` key."""

    __slots__ = ()


class ListOf(Kind):
    """A list. `single`: one text may stand for a list of one. `distinct`: no item twice."""

    __slots__ = ("distinct", "item", "single")

    def __init__(self, item: Kind, *, single: bool = False, distinct: bool = False) -> None:
        self.item = item
        self.single = single
        self.distinct = distinct


class MapOf(Kind):
    """A mapping whose keys people choose. `listed` says what a list means in its place.

    "": nothing; "pairs": items are `key=value`, "full pairs": the `=value` must be there; "names": items are keys
    without a value, "services": keys of what must have started; "hosts": items are `name:address`. `named`: keys
    must be Compose names. `nullable`: nothing is a value too. `private`: values may be secrets, never to be quoted.
    """

    __slots__ = ("listed", "named", "nullable", "private", "value")

    def __init__(
        self, value: Kind, *, listed: str = "", named: bool = False, nullable: bool = False, private: bool = False
    ) -> None:
        self.value = value
        self.listed = listed
        self.named = named
        self.nullable = nullable
        self.private = private


class Words(Kind):
    """A command: a list of words, or a text that is split into words as a shell would."""

    __slots__ = ("private",)

    def __init__(self) -> None:
        self.private = False


class Test(Kind):
    """A health check's test: a list that begins with NONE, CMD or CMD-SHELL, or a text for the shell."""

    __slots__ = ()


class Record(Kind):
    """A mapping whose keys the specification names.

    `short` says which scalars may stand for the whole. `nullable`: so may nothing. `open`: `x-` keys are welcome.
    `strict`: other keys are errors; docker compose drops them in silence where it is not.
    """

    __slots__ = ("fields", "name", "nullable", "open", "required", "short", "strict")

    def __init__(
        self,
        name: str,
        fields: Mapping[str, Kind],
        *,
        required: tuple[str, ...] = (),
        short: Types = frozenset(),
        nullable: bool = False,
        open: bool = True,  # noqa: A002 - the schema's own word for it
        strict: bool = True,
    ) -> None:
        self.name = name
        self.fields = fields
        self.required = required
        self.short = short
        self.nullable = nullable
        self.open = open
        self.strict = strict


class OneOrMany(Kind):
    """One scalar, or a list of them: a provider's options."""

    __slots__ = ("item",)

    def __init__(self, item: Value) -> None:
        self.item = item


class Limit(Kind):
    """A kernel limit: one number for both, or a record of `soft` and `hard`."""

    __slots__ = ("number", "record")

    def __init__(self, number: Value, record: Record) -> None:
        self.number = number
        self.record = record


def records(kind: Kind, seen: set[str] | None = None) -> Iterator[Record]:
    """Every record at or below a kind, each name once."""
    seen = set() if seen is None else seen
    match kind:
        case ListOf():
            yield from records(kind.item, seen)
        case MapOf():
            yield from records(kind.value, seen)
        case Limit():
            yield from records(kind.record, seen)
        case Record() if kind.name not in seen:
            seen.add(kind.name)
            yield kind
            for field in kind.fields.values():
                yield from records(field, seen)
        case _:
            pass
