"""A live display of a rollout on a terminal: a line for each change, redrawn in place until it ends."""

from __future__ import annotations

import os
import sys
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from intermodal.cli.output import wants_colour
from intermodal.cli.times import size
from intermodal.cli.wordings import counted, doing, done, seconds, waiting
from intermodal.kit.drawing import Style
from intermodal.kit.records import record, replace
from intermodal.kit.visible import visible, width
from intermodal.model.changes import Stage

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.kit.clock import Clock
    from intermodal.model.changes import Plan, Step

EVERY = 0.1
"""Seconds between two frames."""
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_LONGEST_KEY = 40
_SETTLED = {Stage.HEALTHY: ("✔", "32"), Stage.DONE: ("✔", "32"), Stage.FAILED: ("✘", "31")}


@record
class Row:
    """What is shown of one change: its last news, when it began and when it came to rest."""

    key: str
    step: Step | None = None
    doing: str = ""
    begun: float | None = None
    ended: float | None = None

    @property
    def active(self) -> bool:
        """Whether something is going on."""
        return self.begun is not None and self.ended is None


class Live:
    """Draws at once and every `EVERY` seconds; what is above stays, the last frame stays too."""

    def __init__(self, console: Console, plan: Plan, clock: Clock) -> None:
        self._clock = clock
        self._style = Style(colour=wants_colour(sys.stderr))
        self._console = console
        self._rows = {change.key: Row(key=change.key) for change in plan.work}
        self._waits = {f"service/{name}" for name in plan.waits}
        self._notes: list[str] = []
        self._height = 0
        self._lock = Lock()
        self._closed = Event()
        self._thread = Thread(target=self._go_on_drawing, daemon=True)
        self._thread.start()

    def report(self, step: Step) -> None:
        """Take news in; the next frame shows them."""
        with self._lock:
            row = self._rows.get(step.key)
            if row is None and step.stage is not Stage.WAITING and step.stage is not Stage.FAILED:
                return  # kept, and well
            self._rows[step.key] = self._heard(row or Row(key=step.key), step)

    def note(self, text: str) -> None:
        """Show a line below all others."""
        with self._lock:
            self._notes.append(text)

    def close(self) -> None:
        """Draw the last frame."""
        self._closed.set()
        self._thread.join()
        self._draw()

    def _heard(self, row: Row, step: Step) -> Row:
        now = self._clock.monotonic()
        begun = now if row.begun is None else row.begun
        goes_on = step.stage in (Stage.BEGUN, Stage.MOVED, Stage.WAITING)
        goes_on = goes_on or (step.stage is Stage.DONE and step.key in self._waits and step.text != "remove")
        verb = doing(step) if step.stage is Stage.BEGUN else row.doing
        return replace(row, step=step, doing=verb, begun=begun, ended=None if goes_on else now)

    def _go_on_drawing(self) -> None:
        while not self._closed.wait(EVERY):
            self._draw()

    def _draw(self) -> None:
        with self._lock:
            columns, lines = _terminal()
            frame = self._frame(columns, lines)
            up = f"\x1b[{self._height}A" if self._height else ""
            self._height = len(frame)
            sys.stderr.write("\r" + up + "".join(f"\x1b[K{line}\n" for line in frame) + "\x1b[J")
            sys.stderr.flush()

    def _frame(self, columns: int, lines: int) -> list[str]:
        rows = list(self._rows.values())
        if len(rows) + len(self._notes) >= lines:
            rows = _most_telling(rows, lines - 2 - len(self._notes))
        named = max((width(_title(row)) for row in rows), default=0)
        drawn = [self._line(row, min(named, _LONGEST_KEY), columns) for row in rows]
        hidden = len(self._rows) - len(rows)
        return [*drawn, *([f"   … and {hidden} more"] if hidden else []), *(note[:columns] for note in self._notes)]

    def _line(self, row: Row, named: int, columns: int) -> str:
        mark, shade = self._mark(row)
        title = visible(_title(row))[:_LONGEST_KEY]
        took = "" if row.begun is None else seconds((row.ended or self._clock.monotonic()) - row.begun)
        text = f"{title.ljust(named)}  {took:>6}  {visible(_news(row))}"
        room = max(columns - 4, 10)
        return f" {self._style.paint(mark, shade)} {text if len(text) <= room else text[: room - 1] + '…'}"

    def _mark(self, row: Row) -> tuple[str, str]:
        if row.step is None or row.begun is None:
            return "·", "2"
        if row.ended is None and self._closed.is_set():
            return "!", "33"
        if row.ended is None:
            turn = int(self._clock.monotonic() / EVERY)
            return _SPINNER[turn % len(_SPINNER)], "36"
        return _SETTLED.get(row.step.stage, ("·", "2"))


def _title(row: Row) -> str:
    return row.key.replace("/", " ", 1)


def _news(row: Row) -> str:
    step = row.step
    if step is None:
        return ""
    if step.stage is Stage.DONE:
        return done(step)
    if step.stage is Stage.MOVED:
        return f"{row.doing} {_moved(step)}".rstrip()
    if step.stage is Stage.WAITING:
        return waiting(step)
    if step.stage is Stage.HEALTHY:
        return f"healthy ({counted(step)})"
    return f"failed: {step.text}" if step.stage is Stage.FAILED else row.doing


def _moved(step: Step) -> str:
    if step.done is None:
        return step.text
    amount = f"{size(step.done)} of {size(step.total)}" if step.total else size(step.done)
    return f"{amount} {step.text}".rstrip()


def _most_telling(rows: list[Row], room: int) -> list[Row]:
    """Failed and active ones before those that ended, those before what has not begun; in their order."""

    def rank(row: Row) -> int:
        failed = row.step is not None and row.step.stage is Stage.FAILED
        return 0 if failed or row.active else 1 if row.ended is not None else 2

    chosen = {id(row) for row in sorted(rows, key=rank)[: max(room, 1)]}
    return [row for row in rows if id(row) in chosen]


def _terminal() -> tuple[int, int]:
    try:
        found = os.get_terminal_size(2)
    except OSError:
        return 80, 24
    return found.columns or 80, found.lines or 24
