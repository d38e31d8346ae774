"""Where each field of an application was written. The loader provides it; diagnostics and ledgers ask it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.kit.places import Place

Path: TypeAlias = tuple[str | int, ...]
"""A field of the long form: ("services", "web", "ports", 0, "published")."""


class Standing(Enum):
    """What became of a written value before any platform saw it."""

    IN_FORCE = "in force"
    LOADING = "used while loading"
    OVERRIDDEN = "overridden"
    INACTIVE = "belongs to an inactive profile"


@record
class Leaf:
    """One value the user wrote: its path in the long form, its place, and its standing.

    `other` is the place that overrode it, where one did.
    """

    path: Path
    place: Place
    standing: Standing = Standing.IN_FORCE
    other: Place | None = None


class Origins(Protocol):
    """Answers where things were written."""

    def place(self, path: Path) -> Place | None:
        """The place of a field, or of the nearest written thing around it."""
        ...

    def leaves(self) -> Iterator[Leaf]:
        """Every value the user wrote, each once, in a stable order."""
        ...
