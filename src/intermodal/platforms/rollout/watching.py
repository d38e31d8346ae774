"""What is remembered between two looks at an application: since when things are as they are.

One look is judged by `standings.py`. Here is what keeps a moment's luck or bad luck from being believed at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.running import Health, Phase, Standing
from intermodal.platforms.rollout.ordering import Look
from intermodal.platforms.rollout.standings import WELL, standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.clock import Clock
    from intermodal.model.running import Instance, Running, ServiceState

_DOUBT = 2
"""How many times as long as good news bad ones must last: an engine that tries again shows a failure in between."""


class Watch:
    """Judges looks one after the other; `settle` is how many seconds a state must last."""

    def __init__(self, clock: Clock, settle: float) -> None:
        self._clock = clock
        self._settle = settle
        self._changed: dict[str, float] = {}
        self._seen: dict[tuple[str, float | None], float] = {}
        self._failing: dict[str, float] = {}
        self._left: dict[str, float] = {}
        self.lacks: float | None = None
        """Seconds after which all that was looked at may be well; None where more than time is lacking."""

    def changed(self, service: str) -> None:
        """Note that a service was changed just now."""
        self._changed[service] = self._clock.monotonic()

    def look(self, seen: Running, services: Iterable[str]) -> Look:
        """Judge the named services; one that is not there yet is coming."""
        self._left = {}
        judged = {name: self._judged(name, seen.services.get(name)) for name in services}
        coming = [name for name, one in judged.items() if one.health not in WELL]
        self.lacks = max(map(self._left.__getitem__, coming)) if coming and self._left.keys() >= {*coming} else None
        return Look(services=seen.services, standings=judged)

    def _judged(self, name: str, service: ServiceState | None) -> Standing:
        if service is None:
            return Standing(service=name, health=Health.COMING, why=("it is not there yet",))
        found = standing(service, lambda one: self._lacking(one) <= 0, changed=name in self._changed)
        if found.health is not Health.FAILED:
            self._failing.pop(name, None)
        elif self._since(self._failing.setdefault(name, self._clock.monotonic())) < self._settle * _DOUBT:
            return replace(found, health=Health.COMING)
        early = self._settle - self._since(self._changed.get(name, -self._settle))
        if standing(service, changed=name in self._changed).health in WELL:
            new = (self._lacking(one) for one in service.instances if one.phase is Phase.RUNNING)
            self._left[name] = max(early, *new, 0.0)
        return replace(found, health=Health.COMING) if early > 0 and found.health is WELL[0] else found

    def _lacking(self, instance: Instance) -> float:
        """Seconds until an instance has settled by either clock: the engine's may be wrong, ours may have come late."""
        first = self._seen.setdefault((instance.id, instance.started), self._clock.monotonic())
        passed = self._clock.now() - instance.started if instance.started is not None else 0.0
        return self._settle - max(passed, self._since(first))

    def _since(self, moment: float) -> float:
        return self._clock.monotonic() - moment
