"""Reading quantities (apimachinery/pkg/api/resource), to compare them."""

from __future__ import annotations

_FACTORS = {
    "": 1.0,
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
    "Pi": 2.0**50,
    "Ei": 2.0**60,
}
_NUMBER = frozenset("0123456789.")


def amount(value: object) -> float | None:
    """What a quantity comes to; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value)
    digits = text.rstrip("numkKMGTPEi")
    factor = _FACTORS.get(text[len(digits) :])
    if factor is None or not digits.strip(".") or not _NUMBER.issuperset(digits.lstrip("-")) or digits.count(".") > 1:
        return None
    return float(digits) * factor
