"""What somebody who wrote a name nobody knows may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one; "" where none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed when something is wrong

    spelled = name.strip().lower().replace("_", "-")
    found = get_close_matches(spelled, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """A question for help texts, or what else to say where nothing is near."""
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else otherwise
