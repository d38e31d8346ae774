"""Waiting until one container is well, where the next step of an update hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.kit.clock import Clock
    from intermodal.platforms.compose.operating.containers import Containers

_LOOK = 0.25
_SETTLED = 1.0
"""Seconds a container without a health check must have run to be believed."""


@record
class Verdict:
    """Whether a container is well, and why not."""

    well: bool
    why: str = ""


def await_wellness(
    containers: Containers, container: str, clock: Clock, monitor: float | None, pause: Callable[[], None]
) -> Verdict:
    """Wait until a container is healthy, or has run for `monitor` seconds where it has no health check.

    `pause` is called between looks: whoever wants to break off raises there.
    """
    began = clock.monotonic()
    while True:
        found = containers.look(container)
        verdict = _verdict(found, clock.monotonic() - began, _SETTLED if monitor is None else monitor)
        if verdict:
            return verdict
        pause()
        clock.sleep(_LOOK)


def _verdict(found: Mapping[str, Any] | None, lasted: float, monitor: float) -> Verdict | None:
    """None while it cannot be told."""
    if found is None:
        return Verdict(well=False, why="it was removed meanwhile")
    state = found["State"]
    if state.get("Restarting") or (state["Status"] == "exited" and state.get("ExitCode")):
        return Verdict(well=False, why=f"it ended with exit code {state.get('ExitCode')}")
    if state["Status"] == "exited":
        return Verdict(well=True)
    health = (state.get("Health") or {}).get("Status", "none")
    if health == "unhealthy":
        return Verdict(well=False, why=_unhealthy(state["Health"]))
    if health == "healthy" or (health == "none" and lasted >= monitor):
        return Verdict(well=True)
    return None


def _unhealthy(health: Mapping[str, Any]) -> str:
    log = health.get("Log") or ()
    said = str(log[-1].get("Output", "")).strip().splitlines() if log else []
    return f"its health check fails: {said[-1]}" if said else "its health check fails"
