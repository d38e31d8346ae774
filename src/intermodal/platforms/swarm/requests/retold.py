"""Notes of the translation to a stack file that do not hold for the engine's API, or hold otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.support import Exact
from intermodal.platforms.swarm.bundled import COPY, READ_ONLY_COPY
from intermodal.platforms.swarm.environment import EMPTY
from intermodal.platforms.swarm.files import ATTACHED, BY_HAND
from intermodal.platforms.swarm.images import BUILT, NO_NAME
from intermodal.platforms.swarm.ports import ANY
from intermodal.platforms.swarm.privileges import NEVER_PULLED
from intermodal.platforms.swarm.support.words import SAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.support import Notes, Outcome

_COPIED = "the file is copied into the Swarm when `up` runs; what changes later takes the next `up`"

RETOLD: Mapping[Outcome, Outcome] = {
    ATTACHED: Exact(how="a config"),
    BY_HAND: Exact(how="a secret"),
    EMPTY: SAME,
    NEVER_PULLED: Exact(how="`up` pulls nothing, and looks for the image"),
    COPY: replace(COPY, why=_COPIED),
    READ_ONLY_COPY: replace(READ_ONLY_COPY, why=f"{_COPIED}; the container cannot write to the copy"),
    ANY: replace(ANY, why="Swarm chooses a free port from 30000 on; `intermodal ps` shows which"),
    NO_NAME: replace(NO_NAME, why="this is not the name of an image, and the engine refuses the service for it"),
    BUILT: replace(
        BUILT,
        why="Swarm builds nothing: every node pulls the image, so it must be built and pushed before `up`",
    ),
}
"""Outcomes of the translation with what they are when `up` makes the objects itself."""


def retell(notes: Notes) -> None:
    """Exchange the outcomes in place."""
    for path, outcome in notes.notes.items():
        if outcome in RETOLD:
            notes.notes[path] = RETOLD[outcome]
