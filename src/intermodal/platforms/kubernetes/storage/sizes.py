"""Reading sizes as Docker spells them and as Kubernetes does. Writing them is in `quantities.py`."""

from __future__ import annotations

from intermodal.kit.quantities import size
from intermodal.platforms.kubernetes.quantities import byte_quantity

_SUFFIXES = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "M", "G", "T", "P", "E")
_NUMBER = frozenset("0123456789.")


def size_in_bytes(text: str) -> int | None:
    """Bytes of a size as Docker reads it: `16M`, `16mb`, `16 MiB`, powers of 1024; None if it is none."""
    try:
        return size(text)
    except ValueError:
        return None


def asked_quantity(text: str) -> str:
    """What somebody asked for, as a quantity: Kubernetes' spelling as it stands, Docker's translated; "" if neither."""
    text = text.strip()
    number = next((text.removesuffix(suffix) for suffix in _SUFFIXES if text.endswith(suffix)), text)
    if number != text and _NUMBER.issuperset(number) and number.count(".") < 2 and number.strip(".0"):
        return text
    found = size_in_bytes(text)
    return byte_quantity(found) if found else ""
