"""What happens on an engine, as it happens, in the engine's own words; and JSON that comes line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError
from intermodal.clients.docker.streams import Streamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from intermodal.clients.docker.engine import Engine

LONGEST_OBJECT = 4 * 1024 * 1024
"""Bytes of one JSON object; an event of a service holds a few hundred."""


def events(
    engine: Engine,
    *,
    filters: Mapping[str, Sequence[str]] | None = None,
    since: float | None = None,
    until: float | None = None,
) -> Streamed[dict[str, Any]]:
    """Events as the engine sends them, for ever or until then; any thread may close the iterator.

    `filters` are the engine's (`{"label": ["com.docker.compose.project=shop"]}`); `since` and `until` are seconds since
    1970. Raises `EngineError`, `Unreachable`, also on the way.
    """
    query = {"filters": filters or None, "since": _moment(since), "until": _moment(until)}
    stream = engine.stream("GET", "/events", query=query)
    return Streamed(stream, objects(stream))


def objects(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The JSON objects of a stream, one a line. Raises `EngineError` where it is anything else."""
    held = bytearray()
    for piece in pieces:
        held += piece
        *whole, rest = held.split(b"\n") if b"\n" in piece else (held,)
        if len(rest) > LONGEST_OBJECT:
            raise _odd("a line without an end")
        held = bytearray(rest)
        yield from (_object(line) for line in whole if line.strip())
    if held.strip():
        yield _object(held)


def _object(line: bytes | bytearray) -> dict[str, Any]:
    from json import loads  # noqa: PLC0415 - beside its use, as everywhere

    try:
        found = loads(line)
    except (ValueError, RecursionError) as error:
        raise _odd("a line that is not JSON") from error
    if not isinstance(found, dict):
        raise _odd("a line that is no JSON object")
    return found


def _odd(what: str) -> EngineError:
    return EngineError(500, f"its stream holds {what}", "read events")


def _moment(when: float | None) -> str | None:
    return None if when is None else f"{when:.9f}"
