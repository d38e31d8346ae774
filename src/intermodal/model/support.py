"""What a platform makes of each field, and the ledger of a translation: every written value with its outcome.

A platform's `support.py` is a table of patterns ("services.*.healthcheck.test") to outcomes. In a pattern `*`
stands for one key and a final `**` for everything below; the most exact pattern wins. Where the outcome hangs
on the value, the translator tells the ledger's `Notes` so, and that outranks the table.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.origin import Leaf, Path


class Consequence(IntEnum):
    """What a loss costs. DATA, SECURITY and START are errors, BEHAVIOUR a warning, NONE a note."""

    NONE = 0
    BEHAVIOUR = 1
    START = 2
    SECURITY = 3
    DATA = 4


@record
class Exact:
    """Carried over with the same meaning. `how` names what it becomes."""

    how: str = ""


@record
class Approximate:
    """Carried over with a difference."""

    code: str
    why: str
    advice: str = ""
    consequence: Consequence = Consequence.NONE
    how: str = ""


@record
class Missing:
    """Not carried over."""

    code: str
    why: str
    advice: str = ""
    consequence: Consequence = Consequence.BEHAVIOUR


Outcome: TypeAlias = Exact | Approximate | Missing
Support: TypeAlias = "Mapping[str, Outcome]"


@record
class Entry:
    """One written value and what became of it."""

    leaf: Leaf
    outcome: Outcome


class Notes:
    """What a translator finds out about single values while it works."""

    def __init__(self) -> None:
        self.notes: dict[Path, Outcome] = {}

    def __call__(self, path: Path, outcome: Outcome) -> None:
        """Say what became of the field at `path` and of everything below it."""
        self.notes[path] = outcome
