"""News of a rollout as it comes: a live display, plain lines, JSON lines, or nothing.

Belongs here: which of them, and the three that only write lines. Does not: the live display (`live.py`), the end's
account (`rolling.py`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from intermodal.cli.output import SCHEMA, wants_cursor
from intermodal.cli.wordings import counted, doing, done, seconds, waiting
from intermodal.kit.visible import visible
from intermodal.model.changes import Stage

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.kit.clock import Clock
    from intermodal.model.changes import Plan, Step


class Progress(Protocol):
    """Hears the news. `report` is called by one thread at a time."""

    def report(self, step: Step) -> None:
        """Show a piece of news."""
        ...

    def note(self, text: str) -> None:
        """Show a line that is about no change in particular."""
        ...

    def close(self) -> None:
        """Show no more."""
        ...


def progress(console: Console, plan: Plan, clock: Clock, mode: str) -> Progress:
    """Where news of this plan go; "auto" is a live display where somebody watches, and lines where nobody does."""
    if console.as_json or mode == "json":
        return Json(console)
    if console.quiet or mode == "quiet":
        return Silent()
    if mode == "tty" or (mode == "auto" and wants_cursor(sys.stderr)):
        from intermodal.cli.live import Live  # noqa: PLC0415 - only where somebody watches

        return Live(console, plan, clock)
    return Plain(console, clock)


class Silent:
    """Shows nothing."""

    def report(self, step: Step) -> None:
        """Show nothing."""

    def note(self, text: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing."""


class Json:
    """One JSON object a line on stdout."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def report(self, step: Step) -> None:
        """Print a step."""
        said = {"key": step.key, "stage": step.stage.value, "text": step.text, "done": step.done, "total": step.total}
        self._console.data({"schema": SCHEMA, "type": "step", **said})

    def note(self, text: str) -> None:
        """Print a note."""
        self._console.data({"schema": SCHEMA, "type": "note", "text": text})

    def close(self) -> None:
        """Nothing is open."""


class Plain:
    """One line on stderr for each change begun or ended, and each time a service's health changes."""

    def __init__(self, console: Console, clock: Clock) -> None:
        self._console = console
        self._clock = clock
        self._begun: dict[str, float] = {}
        self._waited: dict[str, str] = {}

    def report(self, step: Step) -> None:
        """Print a line, unless it is news that only matters to somebody who watches."""
        text = self._line(step)
        if text:
            self._console.say(f"{visible(step.key.replace('/', ' ', 1))}: {visible(text)}")

    def note(self, text: str) -> None:
        """Print the line."""
        self._console.say(text)

    def close(self) -> None:
        """Nothing is open."""

    def _line(self, step: Step) -> str:
        if step.stage is Stage.BEGUN:
            self._begun[step.key] = self._clock.monotonic()
            return doing(step)
        if step.stage is Stage.DONE:
            return f"{done(step)} ({self._since(step.key)})" if step.key in self._begun else ""
        if step.stage is Stage.WAITING:
            return self._waiting(step)
        if step.stage is Stage.HEALTHY:
            concerns = step.key in self._begun or self._waited.pop(step.key, "")
            return f"healthy ({counted(step)}){self._after(step.key)}" if concerns else ""
        return f"failed{self._after(step.key)}" if step.stage is Stage.FAILED else ""

    def _waiting(self, step: Step) -> str:
        said = waiting(step)
        if self._waited.get(step.key) == said:
            return ""
        self._waited[step.key] = said
        return said

    def _after(self, key: str) -> str:
        """How long it took, where its beginning was seen; why it failed is told in full at the end."""
        return f" ({self._since(key)})" if key in self._begun else ""

    def _since(self, key: str) -> str:
        return seconds(self._clock.monotonic() - self._begun[key])
