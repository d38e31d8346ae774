"""Ctrl-C during a rollout: once ends it at the next safe point, twice ends the process at once."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAYING = "stopping at the next safe point; Ctrl-C again stops at once"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable(note: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """While it lasts: a function that says whether somebody wants to stop, and tells `note` so the first time."""
    asked: list[int] = []
    told: list[bool] = []

    def ask(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    def stop() -> bool:
        # Told from here, not from the signal's own function: that runs in the middle of anything, a held lock included.
        if asked and not told:
            told.append(True)
            note(SAYING)
        return bool(asked)

    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
