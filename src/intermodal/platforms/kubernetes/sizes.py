"""Reading sizes as Docker spells them and as Kubernetes does. Writing them is in `quantities.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.quantities import byte_quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

_BINARY: Mapping[str, int] = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_SUFFIXES = frozenset(("", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"))
_NUMBER = frozenset("0123456789.")


def size_in_bytes(text: str) -> int | None:
    """Bytes of a size as Docker reads it (go-units, RAMInBytes: binary, `16M`, `16mb`, `16 MiB`); else None."""
    number, unit = _split(text)
    unit = unit.lower().removesuffix("b").removesuffix("i") if unit.lower() != "b" else ""
    if number is None or unit not in _BINARY:
        return None
    return int(number * _BINARY[unit])


def asked_quantity(text: str) -> str:
    """What somebody asked for, as a quantity: Kubernetes' spelling as it stands, Docker's translated; "" if neither."""
    number, unit = _split(text)
    if number is None or number <= 0:
        return ""
    if unit in _SUFFIXES:
        return text.strip().replace(" ", "")
    size = size_in_bytes(text)
    return "" if size is None else byte_quantity(size)


def _split(text: str) -> tuple[float | None, str]:
    """The number at the front and the unit behind it."""
    text = text.strip()
    end = next((index for index, character in enumerate(text) if character not in _NUMBER), len(text))
    digits = text[:end]
    if not digits.isascii() or digits.count(".") > 1 or not digits.strip("."):
        return None, ""
    return float(digits), text[end:].strip()
