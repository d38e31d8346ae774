"""How lines of logs are drawn: the instance's name in its colour in front, aligned, the text as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.cli.times import stamp
from intermodal.kit.records import record
from intermodal.kit.visible import visible

if TYPE_CHECKING:
    from intermodal.model.running import LogLine

_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
"""Terminal colours that are read well on dark and on light."""


@record
class LogStyle:
    """What is drawn in front of a line."""

    colour: bool = False
    names: bool = True
    times: bool = False
    nodes: bool = False


class LogLines:
    """Draws lines one by one; remembers which instance has which colour, and the longest name so far."""

    def __init__(self, style: LogStyle) -> None:
        self._style = style
        self._colours: dict[str, int] = {}
        self._width = 0

    def draw(self, line: LogLine) -> str:
        """The line with its front and a line end."""
        time = f"{stamp(line.time)} " if self._style.times else ""
        return f"{self._front(line)}{time}{line.text}\n"

    def _front(self, line: LogLine) -> str:
        if not self._style.names:
            return ""
        name = visible(f"{line.instance}@{line.node}" if self._style.nodes and line.node else line.instance)
        self._width = max(self._width, len(name))
        text = f"{name:{self._width}} | "
        if not self._style.colour:
            return text
        colour = self._colours.setdefault(line.instance, _COLOURS[len(self._colours) % len(_COLOURS)])
        return f"\x1b[{colour}m{text}\x1b[0m"
