"""How fields that are not as wanted are drawn: the field, what it is, what it should be. Secret values are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.model.changes import Difference

_LONGEST = 100


def lines(differences: Iterable[Difference]) -> str:
    """One line a field, indented."""
    return "".join(f"    {line(one)}\n" for one in differences)


def line(one: Difference) -> str:
    """`image: nginx:1 → nginx:2`, `ports.80: removed`, `environment.TOKEN: changed`."""
    if one.hidden:
        return f"{visible(one.field)}: {_HIDDEN[one.before is None, one.after is None]}"
    if one.after is None:
        return f"{visible(one.field)}: {_short(one.before)} → not there"
    if one.before is None:
        return f"{visible(one.field)}: not there → {_short(one.after)}"
    return f"{visible(one.field)}: {_short(one.before)} → {_short(one.after)}"


_HIDDEN = {(True, True): "changed", (True, False): "added", (False, True): "removed", (False, False): "changed"}


def _short(value: str | None) -> str:
    text = visible(value or '""')
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
