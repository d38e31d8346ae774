"""Reading single values out of a resolved tree without caring whether they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from intermodal.kit.nodes import Node


def part(node: Node | None) -> Mapping | None:
    """The node if it is a mapping."""
    return node if type(node) is Mapping else None


def at(node: Node | None, *path: str) -> Node | None:
    """What stands at a path of keys below a node."""
    for key in path:
        if type(node) is not Mapping:
            return None
        node = node.items.get(key)
    return node


def mapping(node: Node | None, *path: str) -> Mapping | None:
    """The mapping at a path."""
    return part(at(node, *path))


def items(node: Node | None, *path: str) -> list[Node]:
    """The items of the list at a path; none if there is no list."""
    found = at(node, *path)
    return found.items if type(found) is Sequence else []


def scalar(node: Node | None, *path: str) -> Scalar | None:
    """The scalar at a path, if it holds anything."""
    found = at(node, *path)
    return found if type(found) is Scalar and found.value is not None else None


def text(node: Node | None, *path: str) -> str:
    """The text at a path; "" when there is none."""
    found = scalar(node, *path)
    return found.value if found is not None and type(found.value) is str else ""
