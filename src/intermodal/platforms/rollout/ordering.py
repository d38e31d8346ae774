"""Which changes of a plan may begin. Knows what each waits for and what became of the others; carries nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record
from intermodal.model.changes import Action, Condition, Kind
from intermodal.platforms.rollout.standings import holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.changes import Plan, Requirement
    from intermodal.model.running import ServiceState, Standing


@record
class Look:
    """What was seen of the services, and how that was judged."""

    services: Mapping[str, ServiceState] = NOTHING
    standings: Mapping[str, Standing] = NOTHING


class Ordering:
    """A plan's changes by their place in it: not begun, begun, done, failed.

    Images come before everything else, whatever the plan says: while one is missing, nothing is touched.
    """

    def __init__(self, plan: Plan) -> None:
        self._changes = plan.changes
        self._places: dict[str, list[int]] = {}
        for place, change in enumerate(plan.changes):
            self._places.setdefault(change.key, []).append(place)
        self._images = {place for place, change in enumerate(plan.changes) if change.kind is Kind.IMAGE}
        self.unbegun = dict.fromkeys(range(len(plan.changes)))
        self.done: dict[int, None] = {}
        self.failed: set[int] = set()
        self.optional = _optional(plan)

    @property
    def images_done(self) -> bool:
        """Whether every image is there."""
        return self._images <= self.done.keys()

    def ready(self, look: Look) -> list[int]:
        """The changes that may begin now."""
        return [place for place in self.unbegun if self._may_begin(place, look)]

    def begin(self, place: int) -> None:
        """Note that a change has begun."""
        del self.unbegun[place]

    def put_back(self, place: int) -> None:
        """Note that a change was broken off."""
        self.unbegun[place] = None

    def end(self, place: int, *, well: bool) -> None:
        """Note what became of a change."""
        if well:
            self.done[place] = None
        else:
            self.failed.add(place)

    def is_done(self, key: str) -> bool:
        """Whether every change of that key is done."""
        return all(place in self.done for place in self._places.get(key, ()))

    def unmet(self, look: Look) -> Iterator[str]:
        """The services whose start, health or completion a change that has not begun still waits for."""
        for place in self.unbegun:
            for need in self._changes[place].after:
                kind, _, name = need.key.partition("/")
                if kind == Kind.SERVICE.value and need.condition is not Condition.DONE and not self._met(need, look):
                    yield name

    def _may_begin(self, place: int, look: Look) -> bool:
        if self._changes[place].action is Action.KEEP:
            return True  # what does nothing waits for nothing
        if place not in self._images and not self.images_done:
            return False
        return all(self._met(need, look) for need in self._changes[place].after)

    def _met(self, need: Requirement, look: Look) -> bool:
        """Whether a requirement holds, or need not hold any longer; what the plan does not have is there already."""
        if any(place in self.failed for place in self._places.get(need.key, ())):
            return not need.required
        if not self.is_done(need.key):
            return False
        kind, _, name = need.key.partition("/")
        if kind != Kind.SERVICE.value or need.key not in self._places:
            return True
        held = holds(need.condition, look.services.get(name), look.standings.get(name))
        return held or (held is False and not need.required)


def _optional(plan: Plan) -> frozenset[str]:
    """The keys of services that others wait for, all of which can do without."""
    needs = [need for change in plan.changes for need in change.after]
    can_do_without = {need.key for need in needs} - {need.key for need in needs if need.required}
    return frozenset(key for key in can_do_without if key.startswith(f"{Kind.SERVICE.value}/"))
