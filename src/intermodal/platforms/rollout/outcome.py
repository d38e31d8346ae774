"""What became of a rollout, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record
from intermodal.model.changes import Action
from intermodal.model.running import Health

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.changes import Change
    from intermodal.model.running import Standing

DONE, FAILED, STOPPED, TIMED_OUT, INTERRUPTED = 0, 1, 3, 4, 130
"""Exit codes: done; failed; stopped half way, the same again goes on; not healthy in time; Ctrl-C."""


@record
class Failure:
    """A change that was not done. `optional`: whoever waits for it can do without."""

    change: Change
    diagnostics: tuple[Diagnostic, ...]
    code: int = FAILED
    optional: bool = False


@record
class Outcome:
    """What became of a rollout: changes done, failed and left, and how its services stood in the end.

    What is `left` was never begun, or broken off. `standings` are of services that somebody waited for; those in
    `optional` may fail without harm, those in `taken_back` the engine itself rolled back. `unseen` says why the
    application could no longer be looked at. `went_back` is the outcome of the rollback that a failure was answered
    with, `not_back` says why there was none.
    """

    done: tuple[Change, ...] = ()
    failed: tuple[Failure, ...] = ()
    left: tuple[Change, ...] = ()
    standings: Mapping[str, Standing] = NOTHING
    optional: frozenset[str] = frozenset()
    taken_back: frozenset[str] = frozenset()
    timed_out: bool = False
    interrupted: bool = False
    unseen: tuple[Diagnostic, ...] = ()
    seconds: float = 0.0
    went_back: Outcome | None = None
    not_back: tuple[Diagnostic, ...] = ()

    @property
    def unwell(self) -> tuple[Standing, ...]:
        """The services that are not as they should be, and must be."""
        well = (Health.HEALTHY, Health.COMPLETE)
        found = (one for name, one in self.standings.items() if name not in self.optional)
        return tuple(one for one in found if one.health not in well)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The changes that were not done and had to be."""
        return tuple(one for one in self.failed if not one.optional)

    @property
    def code(self) -> int:
        """The exit code."""
        if self.interrupted:
            return INTERRUPTED
        half = any(change.action is not Action.KEEP for change in self.done)
        if self.failures or self.unseen:
            return STOPPED if half else max((FAILED, *(one.code for one in self.failures)))
        if any(one.health is Health.FAILED for one in self.unwell):
            return FAILED
        return TIMED_OUT if self.timed_out else DONE
