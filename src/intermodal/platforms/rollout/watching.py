"""What is remembered between two looks at an application: since when things are as they are.

One look is judged by `standings.py`. Here is what keeps a moment's luck or bad luck from being believed at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.running import Health, Standing
from intermodal.platforms.rollout.ordering import Look
from intermodal.platforms.rollout.standings import WELL, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from intermodal.kit.clock import Clock
    from intermodal.model.running import Instance, Running, ServiceState


class Watch:
    """Judges looks one after the other; `settle` is how many seconds a state must last."""

    def __init__(self, clock: Clock, settle: float) -> None:
        self._clock = clock
        self._settle = settle
        self._changed: dict[str, float] = {}
        self._seen: dict[tuple[str, float | None], float] = {}
        self._failing: dict[str, float] = {}

    def changed(self, service: str) -> None:
        """Note that a service was changed just now."""
        self._changed[service] = self._clock.monotonic()

    def look(self, seen: Running, services: Iterable[str]) -> Look:
        """Judge the named services; one that is not there yet is coming."""
        judged = {name: self._judged(name, seen.services.get(name)) for name in services}
        return Look(services=seen.services, standings=judged)

    def _judged(self, name: str, service: ServiceState | None) -> Standing:
        if service is None:
            return Standing(service=name, health=Health.COMING, why=("it is not there yet",))
        found = standing(service, self._settled(), changed=name in self._changed)
        if found.health is not Health.FAILED:
            self._failing.pop(name, None)
        elif self._since(self._failing.setdefault(name, self._clock.monotonic())) < self._settle:
            return replace(found, health=Health.COMING)
        early = name in self._changed and self._since(self._changed[name]) < self._settle
        return replace(found, health=Health.COMING) if early and found.health is WELL[0] else found

    def _settled(self) -> Callable[[Instance], bool]:
        """An instance has settled when either clock says so: the engine's may be wrong, ours may have come late."""
        now = self._clock.now()

        def told(instance: Instance) -> bool:
            first = self._seen.setdefault((instance.id, instance.started), self._clock.monotonic())
            passed = now - instance.started if instance.started is not None else 0.0
            return max(passed, self._since(first)) >= self._settle

        return told

    def _since(self, moment: float) -> float:
        return self._clock.monotonic() - moment
