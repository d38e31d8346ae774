"""Short ways to write the rows of the tables beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing

if TYPE_CHECKING:
    from intermodal.model.support import Outcome, Support

SAME = Exact()
"""The file, or the engine, has the same."""
NONE = Consequence.NONE
START = Consequence.START
BEHAVIOUR = Consequence.BEHAVIOUR

LOADED = Missing(
    code="compose-loading-only",
    why="it only steers how the application is read, and has done so",
    consequence=NONE,
)


def rows(prefix: str, outcome: Outcome, keys: str) -> Support:
    """One outcome for several keys, written as words."""
    return {f"{prefix}{key}": outcome for key in keys.split()}
