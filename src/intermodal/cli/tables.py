"""Tables as people read them on a terminal: columns aligned, two blanks between, nothing drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.visible import visible, width

if TYPE_CHECKING:
    from collections.abc import Sequence


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table with its heads; what could write to the terminal is made visible."""
    shown = [list(heads), *([visible(cell) for cell in row] for row in rows)]
    widths = [max(width(row[column]) for row in shown) for column in range(len(heads))]
    return "".join(_line(row, widths) for row in shown)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell + " " * (wanted - width(cell)) for cell, wanted in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip() + "\n"
