"""When a service is what it should be, and why it is not yet. Pure: a service's state in, its standing out.

Belongs here: the judgement of one look. Does not: what is remembered between looks (`watching.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Condition
from intermodal.model.running import Health, Phase, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from intermodal.model.running import Instance, ServiceState

WELL = (Health.HEALTHY, Health.COMPLETE)

_ENDED = (Phase.STOPPED, Phase.COMPLETE, Phase.FAILED)
_MOVING = ("updating", "rolling-back")
_GIVEN_UP = 3
"""So many instances refused by their nodes, none of them started: waiting will not help."""
_MOST_NAMED = 3


def standing(
    service: ServiceState, settled: Callable[[Instance], bool] = lambda _: True, *, changed: bool = False
) -> Standing:
    """A service's health. `settled` says whether an instance without a health check has run long enough.

    `changed` says that it was changed just now, so that an update taken back counts against it.
    """
    now = _present(service)
    ready = sum(_ready(one, settled) for one in now)
    complete = sum(one.phase is Phase.COMPLETE for one in now)
    wanted = len(now) if service.wanted is None else service.wanted
    why: tuple[str, ...] = ()
    health = _done(service, now, ready, complete, wanted)
    if health is None:
        health, why = _undone(service, now, settled, changed=changed)
    elif changed and service.update is not None and service.update.state == "rolled-back":
        health, why = Health.FAILED, (_of_update(service),)
    counted = complete if health is Health.COMPLETE or service.mode == "job" else ready
    return Standing(service=service.name, health=health, ready=counted, wanted=wanted, why=why)


def holds(condition: Condition, service: ServiceState | None, judged: Standing | None) -> bool | None:
    """Whether a condition on a service holds; None where that is still to be seen, False where it never will."""
    if condition is Condition.DONE:
        return True
    if service is None or judged is None:
        return None
    if condition is Condition.STARTED and _begun(service):
        return True
    good = (Health.COMPLETE,) if condition is Condition.COMPLETED else WELL
    if judged.health in good:
        return True
    return False if judged.health is Health.FAILED else None


def taken_back(service: ServiceState) -> bool:
    """Whether the engine itself rolled the last update back, or is about to."""
    return service.update is not None and service.update.state in ("rolling-back", "rolled-back")


def _present(service: ServiceState) -> list[Instance]:
    """The instance of each place that counts now: of the current revision, a live one before an ended one."""
    current = [one for one in service.instances if _current(service, one)]
    found: dict[object, Instance] = {}
    for one in sorted(current, key=lambda one: one.phase in _ENDED):
        found.setdefault(_place(one) or one.id, one)
    return list(found.values())


def _current(service: ServiceState, instance: Instance) -> bool:
    return not service.revision or instance.revision == service.revision


def _ready(instance: Instance, settled: Callable[[Instance], bool]) -> bool:
    return instance.phase is Phase.HEALTHY or (instance.phase is Phase.RUNNING and settled(instance))


def _begun(service: ServiceState) -> bool:
    now = _present(service)
    return service.wanted == 0 or any(one.phase.up or one.phase is Phase.COMPLETE for one in now)


def _done(service: ServiceState, now: list[Instance], ready: int, complete: int, wanted: int) -> Health | None:
    """HEALTHY or COMPLETE, None while anything is missing or in motion."""
    if ready + complete < wanted or (service.wanted is None and not now):
        return None
    if service.update is not None and service.update.state in (*_MOVING, "paused"):
        return None
    if any(one.phase.up and not _current(service, one) for one in service.instances):
        return None
    if sum(one.phase.up for one in now) > wanted:
        return None
    return Health.COMPLETE if complete and not ready else Health.HEALTHY


def _undone(
    service: ServiceState, now: list[Instance], settled: Callable[[Instance], bool], *, changed: bool
) -> tuple[Health, tuple[str, ...]]:
    """COMING or FAILED, with reasons."""
    why = _reasons(service, now, settled)
    state = service.update.state if service.update else ""
    if state == "paused" or (changed and state == "rolled-back"):
        return Health.FAILED, (_of_update(service), *why)
    if state in _MOVING:
        # What becomes of instances that fail meanwhile is the engine's to say: it stops, goes on or goes back.
        return Health.COMING, (*([_of_update(service)] if state == "rolling-back" else []), *why)
    ended_badly = any(one.phase is Phase.FAILED for one in now)
    refused = sum(one.status == "rejected" for one in service.instances if _current(service, one))
    hopeless = refused >= _GIVEN_UP and not any(one.phase.up for one in now)
    return (Health.FAILED if ended_badly or hopeless else Health.COMING), why


def _of_update(service: ServiceState) -> str:
    update = service.update
    said = {"paused": "the update stopped half way", "rolling-back": "the update is being taken back"}
    what = said.get(update.state if update else "", "the update was taken back")
    return f"{what}: {update.message}" if update and update.message else what


def _reasons(service: ServiceState, now: list[Instance], settled: Callable[[Instance], bool]) -> tuple[str, ...]:
    told: dict[str, list[str]] = {}
    lacking = [one for one in now if not _ready(one, settled) and one.phase is not Phase.COMPLETE]
    for one in [each for each in lacking if each.phase is not Phase.STOPPED] or lacking:
        told.setdefault(_said(one) + _earlier(service, one), []).append(one.name)
    old = [one for one in service.instances if one.phase.up and not _current(service, one)]
    if old:
        told.setdefault("still of the former revision", []).extend(one.name for one in old)
    absent = (service.wanted or 0) - len(now)
    lines = [f"{_named(names)}: {text}" for text, names in told.items()]
    return (*lines, *([f"{absent} of {service.wanted} not there yet"] if absent > 0 else ()))


def _named(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} instances"


def _said(one: Instance) -> str:
    """What is to be said of an instance that is not ready: its phase, how it ended, what the engine says."""
    parts = [_PHASES.get(one.phase, one.phase.value)]
    if one.exit_code and one.phase not in (Phase.STARTING, Phase.RUNNING):
        parts += [f"exit code {one.exit_code}"]
    if one.restarts:
        parts += [f"restarted {one.restarts} time{'s' * (one.restarts != 1)}"]
    said = ", ".join(parts)
    return f"{said}: {one.message}" if one.message else said


def _earlier(service: ServiceState, present: Instance) -> str:
    """How the instance before this one ended, where that was badly."""
    if present.phase in _ENDED or not _place(present):
        return ""
    failed = (one for one in _history(service.instances, present) if one.phase is Phase.FAILED)
    last = next(failed, None)
    return f" (the one before: {_said(last)})" if last else ""


def _history(instances: Iterable[Instance], present: Instance) -> Iterable[Instance]:
    return (one for one in instances if _place(one) == _place(present) and one.id != present.id)


def _place(one: Instance) -> int | str:
    """What an instance and those before it share: a number, or the node where there is one on each."""
    return one.number or one.node


_PHASES: Mapping[Phase, str] = {
    Phase.WAITING: "not started yet",
    Phase.STARTING: "starting, not healthy yet",
    Phase.RUNNING: "started just now",
    Phase.UNHEALTHY: "its health check fails",
    Phase.PAUSED: "paused",
    Phase.RESTARTING: "ended, and is started again",
    Phase.STOPPED: "stopped",
    Phase.FAILED: "ended badly",
}
