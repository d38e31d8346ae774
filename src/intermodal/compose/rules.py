"""Tables of rules keyed by path patterns ("services.*.build.args"), looked up level by level on the way down a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


class Rules(Generic[T]):
    """The rules that can apply at and below one level. `*` in a pattern stands for any one key or index."""

    __slots__ = ("below", "rule")

    def __init__(self, table: Mapping[str, T] | None = None) -> None:
        self.rule: T | None = None
        self.below: dict[str, Rules[T]] = {}
        for pattern, rule in (table or {}).items():
            level = self
            for part in pattern.split("."):
                level = level.below.setdefault(part, Rules())
            level.rule = rule

    def at(self, key: str) -> Rules[T] | None:
        """The rules one level down, or `None` where there are none any more."""
        return self.below.get(key) or self.below.get("*")
