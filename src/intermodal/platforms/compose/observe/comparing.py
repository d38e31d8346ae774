"""Comparing values of the API: what is empty is absent, and order counts only where it means something."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from intermodal.model.changes import Difference
from intermodal.platforms.compose.observe.fields import SECRET, UNORDERED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from intermodal.platforms.compose.seen import Row

_ABSENT: tuple[object, ...] = (None, "", 0, False, [], {}, ())
_LONGEST = 200


def differing(names: Mapping[str, str], wanted: Row, found: Row, *, if_said: bool = False) -> Iterator[Difference]:
    """The fields of a table that differ, by the name people know; with `if_said`, only those that are wanted."""
    for key, name in names.items():
        if not if_said or key in wanted:
            yield from difference(
                name, canonical(key, wanted.get(key)), canonical(key, found.get(key)), hidden=key in SECRET
            )


def difference(name: str, wanted: object, found: object, *, hidden: bool = False) -> Iterator[Difference]:
    """One difference, or none."""
    if (wanted or None) != (found or None):
        before, after = (None, None) if hidden else (text(found), text(wanted))
        yield Difference(field=name, before=before, after=after, hidden=hidden)


def mapping_differences(
    name: str, wanted: Mapping[str, Any], found: Mapping[str, Any], *, hidden: bool = False
) -> Iterator[Difference]:
    """What differs of two mappings, a difference for each key."""
    for key in sorted({*wanted, *found}):
        if wanted.get(key) != found.get(key) or (key in wanted) != (key in found):
            before, after = (None, None) if hidden else (text(found.get(key)), text(wanted.get(key)))
            yield Difference(field=f"{name}.{key}", before=before, after=after, hidden=hidden)


def canonical(key: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    """A value in the one form of all that mean the same."""
    if value in _ABSENT:
        return None
    if key in _FORMS:
        return _FORMS[key](value)
    return sorted(value, key=_sortable) if key in UNORDERED else value


def _sortable(value: object) -> str:
    return dumps(value, sort_keys=True)


def _restart(value: Any) -> Any:  # noqa: ANN401 - JSON
    name = value.get("Name") or "no"
    attempts = value.get("MaximumRetryCount") or 0
    return None if name == "no" else f"{name}:{attempts}" if attempts else name


def _capabilities(value: Iterable[str]) -> list[str]:
    return sorted({name.upper().removeprefix("CAP_") for name in value})


def _namespace(value: str) -> str | None:
    """The engine writes out what is its default."""
    return None if value in ("default", "private") else value


def _options(value: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    return dict(value)


def _check(value: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return {key: part for key, part in value.items() if part not in _ABSENT} or None


def _requests(value: Iterable[Mapping[str, Any]]) -> list[Any]:
    return [{key: part for key, part in request.items() if part not in _ABSENT} for request in value]


def _unlimited(value: int) -> int | None:
    return None if value < 0 else value


def _log(value: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return {key: part for key, part in value.items() if part not in _ABSENT} or None


_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "RestartPolicy": _restart,
    "CapAdd": _capabilities,
    "CapDrop": _capabilities,
    "UsernsMode": _namespace,
    "Options": _options,
    "Healthcheck": _check,
    "DeviceRequests": _requests,
    "LogConfig": _log,
    "PidsLimit": _unlimited,
}


def variables(said: Iterable[str]) -> dict[str, str | None]:
    """`A=1` by name; None for a name alone."""
    split = (text.partition("=") for text in said)
    return {name: value if equals else None for name, equals, value in split}


def text(value: object) -> str | None:
    """A value for people; None where there is none."""
    if value is None:
        return None
    said = value if isinstance(value, str) else dumps(value, sort_keys=True, default=dict)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
