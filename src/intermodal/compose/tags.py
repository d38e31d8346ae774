"""The tags of Compose: `!reset` removes what earlier files say, `!override` replaces it.

The Compose Specification, Merge and override, Reset value and Replace value. Merging keeps tagged values in their
places, so that they count for every file before; here they are carried out at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar, Sequence, with_items

if TYPE_CHECKING:
    from intermodal.kit.nodes import Node
    from intermodal.model.origin import Path

RESET = "!reset"
OVERRIDE = "!override"


def settled(tree: Mapping, reset: list[tuple[Path, Node]]) -> Mapping:
    """The tree without the values tagged `!reset`; each is put in `reset`, with its path and what it overrode."""
    return _settled_mapping(tree, (), reset)


def _settled_mapping(node: Mapping, path: Path, reset: list[tuple[Path, Node]]) -> Mapping:
    items: dict[str, Node] = {}
    for key, value in node.items.items():
        if value.tag == RESET:
            reset.append(((*path, key), value))
        else:
            items[key] = _settled(value, (*path, key), reset)
    if len(items) == len(node.items) and all(items[key] is value for key, value in node.items.items()):
        return node
    return with_items(node, items)


def _settled(node: Node, path: Path, reset: list[tuple[Path, Node]]) -> Node:
    if isinstance(node, Mapping):
        return _settled_mapping(node, path, reset)
    if isinstance(node, Scalar):
        return node
    items: list[Node] = []
    for index, item in enumerate(node.items):
        if item.tag == RESET:
            reset.append(((*path, index), item))
        else:
            items.append(_settled(item, (*path, index), reset))
    if len(items) == len(node.items) and all(new is old for new, old in zip(items, node.items, strict=True)):
        return node
    return Sequence(items, node.source, node.line, node.column, node.tag)
