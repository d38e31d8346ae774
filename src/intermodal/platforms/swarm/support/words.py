"""Short ways to write the rows of the tables beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing

if TYPE_CHECKING:
    from intermodal.model.support import Outcome, Support

SAME = Exact()
"""The stack file has the same key."""
NONE = Consequence.NONE
START = Consequence.START
SECURITY = Consequence.SECURITY
DATA = Consequence.DATA
BEHAVIOUR = Consequence.BEHAVIOUR


def rows(prefix: str, outcome: Outcome, keys: str) -> Support:
    """One outcome for several keys, written as words."""
    return {f"{prefix}{key}": outcome for key in keys.split()}


NO_EFFECT = Missing(code="swarm-no-effect", why="it has no effect on a deployed service", consequence=NONE)
