"""Frozen records: what `@dataclass(frozen=True, slots=True, kw_only=True)` gives, without its price at start-up.

Belongs here: the decorator and the few functions that look at any record. Does not: records themselves.
A frozen dataclass costs 0.5 to 1 ms of every start (six functions compiled from text); one of these costs 0.02 ms.
See docs/decisions/0002-records.md.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

NOTHING: Mapping[str, Any] = MappingProxyType({})
"""The empty mapping, safe to share as a default."""

_REQUIRED: Any = object()


class _Record:
    """What all records can do; inherited, since to give each class methods of its own costs more at import."""

    __slots__ = ()
    __fields__: tuple[str, ...] = ()
    __defaults__: tuple[Any, ...] = ()

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), _values(self)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__fields__)})"

    def __setattr__(self, name: str, _: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: records are frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: records are frozen")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """Turn annotated names into the fields of a frozen, slotted, keyword-only, comparable value class."""
    names = tuple(cls.__annotations__)
    body = dict(vars(cls))
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    defaults = [body.pop(name, _REQUIRED) for name in names]
    setters: list[tuple[str, Callable[[object, Any], None], Any]] = []
    body |= {"__slots__": names, "__fields__": names, "__defaults__": tuple(defaults), "__match_args__": ()}
    body["__init__"] = _initialiser(cls.__name__, setters)
    made = type(cls.__name__, (_Record,), body)
    setters += ((name, vars(made)[name].__set__, default) for name, default in zip(names, defaults, strict=True))
    return cast("type[T]", made)


def fields(of: object) -> tuple[str, ...]:
    """The field names of a record or a record class, in the order they are written."""
    found: tuple[str, ...] = of.__fields__  # type: ignore[attr-defined]
    return found


def defaults(of: object) -> dict[str, Any]:
    """The defaults of a record or a record class, by field; fields that must be given have none."""
    kept: tuple[Any, ...] = of.__defaults__  # type: ignore[attr-defined]
    return {name: value for name, value in zip(fields(of), kept, strict=True) if value is not _REQUIRED}


def replace(value: T, /, **changes: object) -> T:
    """A copy of a record with some fields changed."""
    return type(value)(**{name: getattr(value, name) for name in fields(value)} | changes)


def as_dict(value: object) -> dict[str, Any]:
    """A record as plain data, records inside it too; members of enumerations become their values."""
    return {name: _plain(getattr(value, name)) for name in fields(value)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever fields hold
    if isinstance(value, _Record):
        return as_dict(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if hasattr(value, "items"):
        return {key: _plain(one) for key, one in value.items()}
    # Enumerations are told by what they have: to import enum's module here would cost every start.
    return value.value if hasattr(value, "_value_") else value


def positional(cls: type[T]) -> Callable[..., T]:
    """A constructor that takes every field in order and checks nothing, for records made by the ten thousand."""
    new = object.__new__
    setters = tuple(vars(cls)[name].__set__ for name in fields(cls))

    def make(*values: object) -> T:
        made = new(cls)
        for put, value in zip(setters, values, strict=True):
            put(made, value)
        return made

    return make


def _initialiser(title: str, setters: list[tuple[str, Callable[[object, Any], None], Any]]) -> Callable[..., None]:
    def __init__(self: object, **values: Any) -> None:  # noqa: ANN401, N807 - any field's type; it becomes the __init__
        for name, put, default in setters:
            value = values.pop(name, default)
            if value is _REQUIRED:
                raise TypeError(f"{title} needs {name}")
            put(self, value)
        if values:
            raise TypeError(f"{title} has no {', '.join(values)}")

    return __init__


def _values(self: object) -> tuple[object, ...]:
    return tuple(getattr(self, name) for name in fields(self))
