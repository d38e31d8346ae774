"""Trying again, within bounds: changes that somebody else outran, and things that are still in use for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from intermodal.clients.docker.errors import EngineError
from intermodal.platforms.swarm.operating.telling import is_stale
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.kit.clock import Clock

Result = TypeVar("Result")

ATTEMPTS = 20
"""How often a change is tried on newer and newer versions of its object."""
_FIRST = 0.05
_LONGEST = 0.5
_IN_USE = ("in use", "active endpoints", "has running tasks")


def outrun(clock: Clock, what: str, attempt: Callable[[], Result | None]) -> Result:
    """What an attempt gives; None and "update out of sequence" mean that it is to look and try again.

    Raises what else the engine says; `NotDone` when others are always faster.
    """
    pause = _FIRST
    for _ in range(ATTEMPTS):
        try:
            result = attempt()
        except EngineError as error:
            if not is_stale(error):
                raise
            result = None
        if result is not None:
            return result
        clock.sleep(pause)
        pause = min(_LONGEST, pause * 1.5)
    raise refused(
        "changed-meanwhile",
        f"{what} was changed by somebody else {ATTEMPTS} times while we tried to change it",
        "find out who keeps changing it (an autoscaler, another `up`), then give the same command again",
        exit_code=3,
    )


def until_unused(clock: Clock, patience: float, remove: Callable[[], object]) -> bool:
    """Remove something as soon as nobody uses it; False when somebody still does after `patience` seconds.

    What is gone already counts as removed. Raises what else the engine says, where it says so twice: a network's
    removal may fail on one part of the engine when the other has done it already.
    """
    begun = clock.monotonic()
    pause, failed = _FIRST, False
    while True:
        try:
            remove()
        except EngineError as error:
            if error.status == 404:
                return True
            unused = not any(words in error.message for words in _IN_USE)
            if unused and (failed or error.status < 500):
                raise
            failed = unused
        else:
            return True
        if clock.monotonic() - begun >= patience:
            return False
        clock.sleep(pause)
        pause = min(_LONGEST, pause * 1.5)
