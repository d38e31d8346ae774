"""Diagnostics drawn for people: the line that is wrong with carets under the token, or one line each.

Whatever a hostile file holds, what is drawn holds no control characters and no line longer than `WIDEST`.
Formats for machines are in `reports.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from intermodal.kit.diagnostics import Severity
from intermodal.kit.records import record
from intermodal.kit.visible import visible, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.kit.places import Place, Source

Veil: TypeAlias = "Callable[[Source, int, str], str]"
"""Takes a source, a line's number and its text, and returns the text with what must not be shown left out."""

WIDEST = 100
"""The most characters of a source line that are shown."""
_BEFORE = 40

_SHADES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_BOLD, _QUIET = "1", "1;34"


def _unveiled(_source: Source, _number: int, line: str) -> str:
    return line


@record
class Style:
    """How to draw: in colour or not, with source lines or only their places, and what to keep from view."""

    colour: bool = False
    excerpts: bool = True
    veil: Veil = _unveiled

    def paint(self, text: str, shade: str) -> str:
        """The text in a colour, where colours are wanted."""
        return f"\x1b[{shade}m{text}\x1b[0m" if self.colour and text else text


def draw(diagnostic: Diagnostic, style: Style) -> str:
    """One diagnostic as text of several lines, without a line break at the end."""
    shade = _SHADES[diagnostic.severity]
    head = style.paint(f"{diagnostic.severity.word}[{visible(diagnostic.code)}]", shade)
    lines = [f"{head}{style.paint(': ' + visible(diagnostic.message), _BOLD)}"]
    margin = _margin(diagnostic)
    if diagnostic.place is not None:
        lines.append(f"{margin}{style.paint(' -->', _QUIET)} {name(diagnostic.place)}")
        lines += _excerpt(diagnostic.place, margin, style, shade) if style.excerpts else []
    for place, label in diagnostic.secondary:
        lines.append(f"{margin}{style.paint(' :::', _QUIET)} {name(place)}  {visible(label)}".rstrip())
    if diagnostic.help:
        lead = f"\n{margin}          "
        advice = lead.join(piece for line in diagnostic.help.splitlines() for piece in _wrapped(visible(line)))
        lines.append(f"{margin}{style.paint('  = help:', _QUIET)} {advice}")
    return "\n".join(lines)


def draw_all(diagnostics: Iterable[Diagnostic], style: Style) -> str:
    """Several diagnostics with an empty line between them; ends with a line break unless there are none."""
    drawn = "\n\n".join(draw(diagnostic, style) for diagnostic in diagnostics)
    return drawn and drawn + "\n"


def concise(diagnostic: Diagnostic, style: Style) -> str:
    """One diagnostic as one line: `compose.yaml:4:17: error[code]: message`."""
    where = f"{name(diagnostic.place)}: " if diagnostic.place is not None else ""
    head = style.paint(f"{diagnostic.severity.word}[{visible(diagnostic.code)}]", _SHADES[diagnostic.severity])
    return f"{where}{head}: {visible(diagnostic.message)}"


def name(place: Place) -> str:
    """A place as people write it; only the source's name where the place is no position in a text."""
    title = visible(place.source.name)
    return f"{title}:{place.line}:{place.column}" if place.line > 0 else title


def token(line: str, column: int) -> int:
    """How many characters the value or key has that begins at a column, counted from 1, of a line of YAML."""
    start = column - 1
    first = line[start : start + 1]
    if first.isspace():
        return 1
    if first in {"'", '"'}:
        end = line.find(first, start + 1)
        return (end + 1 if end > 0 else len(line)) - start
    stops = [line.find(stop, start) for stop in (": ", " #", *_flow_stops(line, start))]
    end = min((stop for stop in stops if stop >= start), default=len(line))
    return max(len(line[start:end].rstrip().removesuffix(":")), 1)


def _flow_stops(line: str, start: int) -> str:
    before = line[:start]
    return ",]}" if before.count("[") > before.count("]") or before.count("{") > before.count("}") else ""


def _wrapped(line: str) -> list[str]:
    if len(line) <= WIDEST:
        return [line]
    from textwrap import wrap  # noqa: PLC0415 - most advice is short

    return wrap(line, WIDEST, break_on_hyphens=False)


def _margin(diagnostic: Diagnostic) -> str:
    lines = [place.line for place, _ in diagnostic.secondary]
    return " " * len(str(max(diagnostic.place.line if diagnostic.place is not None else 0, *lines, 1)))


def _excerpt(place: Place, margin: str, style: Style, shade: str) -> list[str]:
    written = place.source.line(place.line)
    line = style.veil(place.source, place.line, written)
    if not line.strip():
        return []
    # Where the place itself is veiled, the carets go under what stands there instead.
    column = max(place.column if line == written else min(place.column, _same(line, written) + 1), 1)
    before = _cut_left(line[:column])
    shown = before + visible(line[column - 1 : column + WIDEST])
    shown = shown if len(shown) <= WIDEST else shown[: WIDEST - 1] + "…"
    under = visible(line[column - 1 : column - 1 + token(line[: column + WIDEST], column)])
    gap = width(before)
    carets = "^" * max(min(width(under), WIDEST - gap), 1)
    bar = style.paint("|", _QUIET)
    number = style.paint(str(place.line).rjust(len(margin)), _QUIET)
    return [
        f"{margin}  {bar}",
        f" {number} {bar} {shown}".rstrip(),
        f"{margin}  {bar} {' ' * gap}{style.paint(carets, shade)}",
    ]


def _same(line: str, other: str) -> int:
    """How many characters two lines have in common at their beginning."""
    pairs = enumerate(zip(line, other, strict=False))
    return next((number for number, (left, right) in pairs if left != right), min(len(line), len(other)))


def _cut_left(line: str) -> str:
    """What stands before the last character of `line`, made visible; only its end where it is long."""
    before = visible(line[-1 - WIDEST : -1])
    if len(before) <= WIDEST - _BEFORE:
        return before
    return "…" + before[-_BEFORE:]
