"""Lines that containers wrote, with the time of each, as the engine kept them.

Belongs here: one container's, task's or service's log. Does not: whose line it is, and several logs side by side
(platforms).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from intermodal.clients.docker.frames import frames
from intermodal.clients.docker.streams import Streamed
from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.clients.docker.engine import Engine

LONGEST_LINE = 256 * 1024
"""Bytes; a longer line is handed on as several."""
_NANO = 1_000_000_000
_PART = 16 * 1024
"""Bytes of a line that the engine keeps as one."""
_STAMP = 40
"""No time is written longer."""


@record
class Line:
    """A line, without its end. `nanoseconds` since 1970, 0 where the engine gave no time.

    `details` are what the engine knows of it where that was asked for: labels, and a task's ids.
    """

    stream: str
    nanoseconds: int
    text: str
    details: Mapping[str, str] = NOTHING

    @property
    def time(self) -> float:
        """Seconds since 1970."""
        return self.nanoseconds / _NANO

    @property
    def moment(self) -> str:
        """The time to the nanosecond, as `read` takes it for `since`."""
        return _exact(self.nanoseconds)


class Once:
    """Tells which lines were not handed on before, over several readings of the same logs.

    The engine gives each of a source's two streams times of its own: a line of one may come after a later line of the
    other, so each stream is followed by its own last time.
    """

    def __init__(self) -> None:
        self._last: dict[str, dict[str, int]] = {}

    def note(self, line: Line, source: str = "") -> None:
        """Remember a line that was handed on."""
        self._last.setdefault(source, {})[line.stream] = line.nanoseconds

    def new(self, line: Line, source: str = "") -> bool:
        """Whether a line was not handed on before; it is remembered then. One without a time is always new."""
        fresh = not line.nanoseconds or line.nanoseconds > self._last.get(source, {}).get(line.stream, 0)
        if fresh:
            self.note(line, source)
        return fresh

    def newest(self, source: str = "") -> str:
        """The time of the source's last line as `read` takes it for `since`; "" where there was none."""
        last = max(self._last.get(source, {}).values(), default=0)
        return _exact(last) if last else ""


def read(  # noqa: PLR0913 - the engine's own query
    engine: Engine,
    path: str,
    *,
    tty: bool = False,
    follow: bool = False,
    tail: int | None = None,
    since: float | str | None = None,
    until: float | None = None,
    details: bool = False,
) -> Streamed[Line]:
    """The lines at `/containers/ID/logs`, `/services/ID/logs` or `/tasks/ID/logs`; any thread may close the iterator.

    `tail` is how many of the last (None: all); `since` and `until` are seconds since 1970, or a `Line.moment`.
    Following a container ends with it. Raises `EngineError`, `Unreachable`, also on the way.
    """
    query = {
        "stdout": True,
        "stderr": True,
        "timestamps": True,
        "follow": follow,
        "tail": "all" if tail is None else str(tail),
        "since": _moment(since),
        "until": _moment(until),
        "details": details or None,
    }
    stream = engine.stream("GET", path, query=query, timeout=None if follow else engine.timeout)
    found = lines(_terminal_lines(stream) if tty else frames(stream), details=details)
    # Services' logs know no `until`.
    return Streamed(stream, found if until is None else _before(found, until))


def lines(framed: Iterable[tuple[str, bytes]], *, details: bool = False, longest: int = LONGEST_LINE) -> Iterator[Line]:
    """The lines of frames that begin with a time each: long lines come in several, each with a time of its own."""
    open_lines: dict[tuple[str, bytes], _Open] = {}
    for stream, payload in framed:
        for piece in _split(payload) if payload else ():
            nanoseconds, told, text = _parts(piece, details=details)
            line = open_lines.setdefault((stream, told), _Open(nanoseconds))
            line.text += text
            if text.endswith(b"\n") or len(line.text) >= longest:
                del open_lines[stream, told]
                yield from line.lines(stream, told, longest)
    for (stream, told), line in open_lines.items():
        yield from line.lines(stream, told, longest)


def _exact(nanoseconds: int) -> str:
    return f"{nanoseconds // _NANO}.{nanoseconds % _NANO:09d}"


def _split(payload: bytes) -> Iterable[bytes]:
    """The lines of a payload, with their ends; nearly always there is one."""
    if payload.find(b"\n") in {-1, len(payload) - 1}:
        return (payload,)
    *whole, rest = payload.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]


def _terminal_lines(pieces: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """What a terminal printed has no frames: the pieces, cut at the ends of lines."""
    held = bytearray()
    for piece in pieces:
        held += piece
        end = held.rfind(b"\n") + 1 or (len(held) if len(held) > LONGEST_LINE else 0)
        yield from (("stdout", _joined(line)) for line in _split(bytes(held[:end])))
        del held[:end]
    yield "stdout", _joined(bytes(held))


def _joined(line: bytes) -> bytes:
    """The line as it was printed: the engine keeps long ones in parts, and puts a time before each."""
    stamp, mark, rest = line.partition(b" ")
    parts = [stamp, mark]
    while len(rest) > _PART:
        inner, mark, after = rest[_PART : _PART + _STAMP].partition(b" ")
        if not mark or not _nanoseconds(inner):
            break
        parts.append(rest[:_PART])
        rest = after + rest[_PART + _STAMP :]
    return b"".join([*parts, rest])


class _Open:
    """A line whose end has not come."""

    def __init__(self, nanoseconds: int) -> None:
        self.nanoseconds = nanoseconds
        self.text = bytearray()

    def lines(self, stream: str, told: bytes, longest: int) -> Iterator[Line]:
        """It as lines that are not too long, of the same time."""
        text = bytes(self.text).removesuffix(b"\n").removesuffix(b"\r")
        for at in range(0, max(1, len(text)), longest):
            shown = text[at : at + longest].decode("utf-8", "replace")
            yield Line(stream=stream, nanoseconds=self.nanoseconds, text=shown, details=_details(told))


def _parts(piece: bytes, *, details: bool) -> tuple[int, bytes, bytes]:
    """Time, details as written, text."""
    stamp, mark, rest = piece.partition(b" ")
    nanoseconds = _nanoseconds(stamp) if mark else 0
    if not nanoseconds:
        return 0, b"", piece
    if not details:
        return nanoseconds, b"", rest
    told, _, text = rest.partition(b" ")
    return nanoseconds, told, text


def _nanoseconds(stamp: bytes) -> int:
    """A time like 2026-11-22T08:05:11.123456789Z; 0 for anything else."""
    if len(stamp) < 20 or stamp[10:11] != b"T":
        return 0
    fraction, zone = stamp[19:], b""
    for at, byte in enumerate(fraction):
        if byte not in b".0123456789":
            fraction, zone = fraction[:at], fraction[at:]
            break
    seconds = _seconds(stamp[:19], zone)
    return seconds * _NANO + int(fraction[1:10].ljust(9, b"0")) if seconds else 0


@lru_cache(maxsize=64)
def _seconds(second: bytes, zone: bytes) -> int:
    from datetime import datetime  # noqa: PLC0415 - who only looks at events and states does without

    try:
        return int(datetime.fromisoformat((second + zone).decode()).timestamp()) if zone else 0
    except ValueError:
        return 0


@lru_cache(maxsize=256)
def _details(told: bytes) -> Mapping[str, str]:
    if not told:
        return NOTHING
    pairs = (pair.partition("=") for pair in told.decode("utf-8", "replace").split(","))
    return {unquote_plus(name): unquote_plus(value) for name, _, value in pairs}


def _moment(when: float | str | None) -> str | None:
    return when if when is None or isinstance(when, str) else f"{when:.9f}"


def _before(found: Iterator[Line], until: float) -> Iterator[Line]:
    for line in found:
        if line.time > until:
            return
        yield line
