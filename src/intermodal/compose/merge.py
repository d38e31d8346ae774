"""Puts one tree over another: the Compose Specification, Merge and override.

Works on short and long forms alike. What a value puts out of force hangs at its `overrides`. The rules for single
attributes are in `attributes.py`; lists whose entries have names are cleared of overridden ones by `unicity.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.attributes import RULES, joined
from intermodal.compose.tags import OVERRIDE, RESET
from intermodal.kit.nodes import Mapping, Scalar, Sequence, overriding, with_items

if TYPE_CHECKING:
    from intermodal.compose.attributes import Level
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node


class Merger:
    """Merges trees; values of kinds that do not go together are errors in `findings`, and the later one is taken."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def trees(self, base: Mapping, override: Mapping) -> Mapping:
        """A whole file over those before it."""
        return self._mappings(base, override, RULES)

    def services(self, base: Mapping, override: Mapping) -> Mapping:
        """A service over the one it extends."""
        return self._mappings(base, override, _SERVICE)

    def node(self, base: Node, override: Node, level: Level) -> Node:
        """One value over another, at the level of the rules for it."""
        if override.tag in _TAGS or base.tag == RESET:
            return overriding(override, base)
        if level is not None and level.rule is not None:
            return level.rule(self, base, override, level)
        return self.plainly(base, override, level)

    def plainly(self, base: Node, override: Node, level: Level) -> Node:
        """One value over another whatever the rule for it; the rules further down still count."""
        if isinstance(override, Scalar) and override.value is None:
            return base
        if isinstance(base, Mapping) and isinstance(override, Mapping):
            return self._mappings(base, override, level)
        if isinstance(base, Sequence) and isinstance(override, Sequence):
            return joined(base, override)
        if isinstance(base, Scalar):
            return overriding(override, base)
        return self.unlike(base, override)

    def unlike(self, base: Node, override: Node) -> Node:
        """Two values that cannot be merged: an error, and the later one."""
        message = f"{_KINDS[type(override)]} cannot be put over {_KINDS[type(base)]}"
        place = (base.place, "the value it would be merged with")
        self.findings.error("cannot-override", message, override.place, help=_UNLIKE_HELP, secondary=(place,))
        return override

    def _mappings(self, base: Mapping, override: Mapping, level: Level) -> Mapping:
        items = dict(base.items)
        keys: dict[str, Scalar] = {}
        for key, value in override.items.items():
            old = items.get(key)
            if old is None:
                items[key] = value
                keys[key] = override.keys[key]
            else:
                items[key] = self.node(old, value, None if level is None else level.at(key))
        return with_items(base, items, keys)


_TAGS = frozenset((RESET, OVERRIDE))
_UNLIKE_HELP = "write both in the same form, or put `!override` before this value to replace the other"
_KINDS = {Scalar: "a single value", Mapping: "a mapping", Sequence: "a list"}
_SERVICE = RULES.below["services"].below["*"]
