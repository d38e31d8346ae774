"""Patterns of paths, compiled so that each path is looked up in time that does not grow with the table.

In "services.*.ports.*.published" `*` stands for one key or index, `x-*` for a key that begins with x-, and a final
`**` for what stands there and everything below. The most exact pattern wins, decided at the first key where two
differ: the key itself, then `x-*`, then `*`, then `**`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = TypeVar("Row")

ANY, EXTENSION, REST = "*", "x-*", "**"


class _Branch(Generic[Row]):
    """A key of some patterns: what the table says there, what it says from there down, and the keys that follow."""

    __slots__ = ("branches", "here", "rest")

    def __init__(self) -> None:
        self.here: Row | None = None
        self.rest: Row | None = None
        self.branches: dict[str, _Branch[Row]] = {}

    def rows(self) -> Iterator[Row]:
        """Every row at and below this key."""
        yield from (row for row in (self.here, self.rest) if row is not None)
        for branch in self.branches.values():
            yield from branch.rows()


class Position(Generic[Row]):
    """All patterns that fit a path so far, most exact first; reached from `compiled(table)` key by key."""

    __slots__ = ("_branches", "_keys", "_steps", "row")

    def __init__(self, branches: tuple[_Branch[Row], ...]) -> None:
        self._branches = branches
        self._keys = {key for branch in branches for key in branch.branches} - {ANY, EXTENSION}
        self._steps: dict[str, Position[Row]] = {}
        self.row: Row | None = next(_answers(branches), None)
        """What the table says of the path that leads here; None where no pattern ends here."""

    def step(self, key: str | int) -> Position[Row]:
        """The position one key further down."""
        label = _label(key) if key not in self._keys else str(key)
        found = self._steps.get(label)
        if found is None:
            found = self._steps[label] = Position(tuple(self._following(label)))
        return found

    def below(self) -> Iterator[Row]:
        """Every row of the patterns that go on from here, the most exact pattern's first."""
        for branch in self._branches:
            yield from branch.rows()

    def _following(self, label: str) -> Iterator[_Branch[Row]]:
        wider = [label, EXTENSION, ANY] if label.startswith("x-") else [label, ANY]
        for branch in self._branches:
            yield from (branch.branches[key] for key in dict.fromkeys(wider) if key in branch.branches)
            if branch.rest is not None:
                rest: _Branch[Row] = _Branch()
                rest.rest = branch.rest
                yield rest


def compiled(table: Mapping[str, Row]) -> Position[Row]:
    """The position before the first key."""
    root: _Branch[Row] = _Branch()
    for pattern, row in table.items():
        branch = root
        *keys, last = pattern.split(".")
        for key in keys if last == REST else (*keys, last):
            branch = branch.branches.setdefault(key, _Branch())
        if last == REST:
            branch.rest = row
        else:
            branch.here = row
    return Position((root,))


def _label(key: str | int) -> str:
    return EXTENSION if isinstance(key, str) and key.startswith("x-") else ANY


def _answers(branches: tuple[_Branch[Row], ...]) -> Iterator[Row]:
    for branch in branches:
        yield from (row for row in (branch.here, branch.rest) if row is not None)
