"""The ledger of a translation: every value the user wrote, with what became of it. Nothing is left out.

Belongs here: who has the say on a value. Does not: what the platforms say (their `support` tables), and what follows
from a loss (`losses.py`). In order: a value that never reached the platform is settled by its standing; then speaks
the translator's note on the longest path around it; then the most exact pattern of the platform's table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.origin import Standing
from intermodal.model.patterns import compiled
from intermodal.model.support import Approximate, Consequence, Entry, Exact, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Application
    from intermodal.model.origin import Path
    from intermodal.model.patterns import Position
    from intermodal.model.support import Notes, Outcome, Support

EMPTY = Exact(how="empty")
UNCLASSIFIED = Missing(
    code="unclassified-field",
    why="the platform's table says nothing of this field, so what became of it is unknown",
    advice="this is a bug of Intermodal; please report it with the field's name",
    consequence=Consequence.START,
)
_SETTLED: Mapping[Standing, Exact] = {
    standing: Exact(how=standing.value) for standing in Standing if standing is not Standing.IN_FORCE
}
_STANDING_WORDS = {Standing.LOADING: "loading", Standing.OVERRIDDEN: "overridden", Standing.INACTIVE: "inactive"}


def ledger(application: Application, support: Support, notes: Notes) -> tuple[Entry, ...]:
    """Every written value of the application with its outcome, in the order of the origins."""
    told = _Judge(support, notes)
    in_force = Standing.IN_FORCE
    return tuple(
        [
            Entry(leaf=leaf, outcome=told.outcome(leaf.path) if leaf.standing is in_force else _SETTLED[leaf.standing])
            for leaf in application.origins.leaves()
        ]
    )


def word(entry: Entry) -> str:
    """What became of a value, in one word: exact, approximate, missing, loading, overridden or inactive."""
    if entry.leaf.standing is not Standing.IN_FORCE:
        return _STANDING_WORDS[entry.leaf.standing]
    return type(entry.outcome).__name__.lower()


class _Judge:
    """Remembers what was said about the containers of values, so that each value costs two look-ups."""

    def __init__(self, support: Support, notes: Notes) -> None:
        self._notes = notes.notes
        root: Position[Outcome] = compiled(support)
        self._around: dict[Path, tuple[Position[Outcome], Outcome | None]] = {(): (root, self._notes.get(()))}

    def outcome(self, path: Path) -> Outcome:
        position, note = self._at(path[:-1])
        note = self._notes.get(path, note)
        if note is not None:
            return note
        place = position.step(path[-1])
        return place.row if place.row is not None else _of_container(place)

    def _at(self, path: Path) -> tuple[Position[Outcome], Outcome | None]:
        known = self._around.get(path)
        if known is None:
            position, note = self._at(path[:-1])
            known = self._around[path] = (position.step(path[-1]), self._notes.get(path, note))
        return known


def _of_container(place: Position[Outcome]) -> Outcome:
    """What to say of `logging: {}` where the table speaks only of what is inside: no more than of the inside."""
    said = list(place.below())
    if not said:
        return UNCLASSIFIED
    carried = any(isinstance(outcome, (Exact, Approximate)) for outcome in said)
    return EMPTY if carried else said[0]
