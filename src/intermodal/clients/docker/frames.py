"""What containers print, as the engine wraps it: frames of 8 bytes head and a payload, or bare bytes of a terminal.

Pure. Belongs here: taking the wrapping off. Does not: lines and times (`logs.py`), going both ways (`attach.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = 8
_STREAMS = {0: "stdin", 1: "stdout", 2: "stderr", 3: "engine"}
LONGEST_FRAME = 1024 * 1024
"""A longer payload is handed on in pieces; engines make them of 16 KiB."""


def frames(pieces: Iterable[bytes], *, tty: bool = False) -> Iterator[tuple[str, bytes]]:
    """Name of the stream and payload of each frame; with a `tty`, which has one stream only, the pieces as they come.

    Raises `EngineError` where the engine itself speaks in the middle, and where the pieces are no frames.
    """
    if tty:
        yield from (("stdout", piece) for piece in pieces)
        return
    held = bytearray()
    for piece in pieces:
        held += piece
        yield from _whole(held)
    if held:
        yield from _rest(held)


def _whole(held: bytearray) -> Iterator[tuple[str, bytes]]:
    """The frames that are complete, or so long that their beginning is handed on; they are taken out of `held`."""
    at = 0
    while len(held) - at >= _HEAD:
        stream, length = _head(held, at)
        if length > LONGEST_FRAME and len(held) - at - _HEAD >= LONGEST_FRAME:
            yield stream, bytes(held[at + _HEAD : at + _HEAD + LONGEST_FRAME])
            del held[: at + LONGEST_FRAME]
            held[0] = _NUMBERS[stream]
            held[1:_HEAD] = b"\0\0\0" + (length - LONGEST_FRAME).to_bytes(4)
            at = 0
            continue
        if len(held) - at - _HEAD < length:
            break
        yield _handed(stream, bytes(held[at + _HEAD : at + _HEAD + length]))
        at += _HEAD + length
    del held[:at]


def _rest(held: bytearray) -> Iterator[tuple[str, bytes]]:
    """What came of a frame that was cut off."""
    if len(held) > _HEAD:
        yield _handed(_head(held, 0)[0], bytes(held[_HEAD:]))


def _head(held: bytearray, at: int) -> tuple[str, int]:
    stream = _STREAMS.get(held[at])
    if stream is None or held[at + 1 : at + 4] != b"\0\0\0":
        raise EngineError(500, "its stream is not made of frames; has the container a terminal?", "read output")
    return stream, int.from_bytes(held[at + 4 : at + _HEAD])


def _handed(stream: str, payload: bytes) -> tuple[str, bytes]:
    if stream == "engine":
        raise EngineError(500, payload.decode("utf-8", "replace").strip(), "read output")
    return stream, payload


_NUMBERS = {name: number for number, name in _STREAMS.items()}
