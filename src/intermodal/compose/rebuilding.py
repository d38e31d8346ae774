"""Making nodes: copies with something changed, and nodes at the place of a short form. Nodes are never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar, Sequence, with_items

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.nodes import Node, Plain


def changed_mapping(node: Mapping, changed: dict[str, Node]) -> Mapping:
    """A copy of a mapping with some values changed or added; its place and what it overrides stay."""
    new = {
        key: Scalar(key, value.source, value.line, value.column)
        for key, value in changed.items()
        if key not in node.keys
    }
    return with_items(node, node.items | changed, new or None)


def like(made: Node, node: Node) -> Node:
    """A new node that takes over what the old one knew of overriding."""
    made.overrides = node.overrides
    made.synthetic = node.synthetic
    made.tag = node.tag
    return made


def rewritten(node: Scalar, value: Plain) -> Scalar:
    """The scalar with another value, in the same place."""
    made = Scalar(value, node.source, node.line, node.column, node.tag)
    made.overrides = node.overrides
    made.synthetic = node.synthetic
    return made


def resequenced(node: Node, items: list[Node]) -> Sequence:
    """A list in the place of another node."""
    made = Sequence(items, node.source, node.line, node.column, node.tag)
    made.overrides = node.overrides
    made.synthetic = node.synthetic
    return made


def text_node(value: Plain, near: Node, column: int = 0) -> Scalar:
    """A scalar with the place of another, `column` letters further right."""
    return Scalar(value, near.source, near.line, near.column + column)


def implied(value: Plain, near: Node) -> Scalar:
    """A scalar that nobody wrote."""
    made = Scalar(value, near.source, near.line, near.column)
    made.synthetic = True
    return made


def record_of(fields: Iterable[tuple[str, Node]], near: Node) -> Mapping:
    """A mapping made at the place of a short form."""
    items = dict(fields)
    keys = {key: Scalar(key, value.source, value.line, value.column) for key, value in items.items()}
    return Mapping(items, keys, near.source, near.line, near.column)
