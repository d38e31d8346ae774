"""A tree of values that know where they were written. What YAML becomes; knows nothing of YAML's syntax or of Compose.

Nodes are treated as immutable once read: aliases share them, phases build new ones where something changes.
`tag` is the explicit tag a value carried (`!reset`, `!override`), else "". `overrides` is the node that an
override file, a merge key or `extends` put out of force. `synthetic` marks what nobody wrote (defaults).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from intermodal.kit.places import Place

if TYPE_CHECKING:
    from intermodal.kit.places import Source

Plain: TypeAlias = str | int | float | bool | None


class Scalar:
    """A single value: text, whole number, float, truth value or nothing."""

    __slots__ = ("column", "line", "overrides", "source", "synthetic", "tag", "value")

    def __init__(self, value: Plain, source: Source, line: int, column: int, tag: str = "") -> None:
        self.value = value
        self.source = source
        self.line = line
        self.column = column
        self.tag = tag
        self.overrides: Node | None = None
        self.synthetic = False

    @property
    def place(self) -> Place:
        """Where it was written."""
        return Place(self.source, self.line, self.column)


class Sequence:
    """A list of nodes."""

    __slots__ = ("column", "items", "line", "overrides", "source", "synthetic", "tag")

    def __init__(self, items: list[Node], source: Source, line: int, column: int, tag: str = "") -> None:
        self.items = items
        self.source = source
        self.line = line
        self.column = column
        self.tag = tag
        self.overrides: Node | None = None
        self.synthetic = False

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.source, self.line, self.column)


class Mapping:
    """Named nodes in the order written. `keys` holds each key as a scalar, for its place."""

    __slots__ = ("column", "items", "keys", "line", "overrides", "source", "synthetic", "tag")

    def __init__(
        self,
        items: dict[str, Node],
        keys: dict[str, Scalar],
        source: Source,
        line: int,
        column: int,
        tag: str = "",
    ) -> None:
        self.items = items
        self.keys = keys
        self.source = source
        self.line = line
        self.column = column
        self.tag = tag
        self.overrides: Node | None = None
        self.synthetic = False

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.source, self.line, self.column)


Node: TypeAlias = Scalar | Sequence | Mapping


def plain(node: Node) -> object:
    """The node as ordinary Python values, without places."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items.items()}
    return [plain(item) for item in node.items]


def copied(node: Node) -> Node:
    """The same node once more, sharing what is below it, so that its own marks can differ from place to place."""
    copy: Node
    if isinstance(node, Scalar):
        copy = Scalar(node.value, node.source, node.line, node.column, node.tag)
    elif isinstance(node, Mapping):
        copy = Mapping(node.items, node.keys, node.source, node.line, node.column, node.tag)
    else:
        copy = Sequence(node.items, node.source, node.line, node.column, node.tag)
    copy.overrides = node.overrides
    copy.synthetic = node.synthetic
    return copy


def overriding(new: Node, old: Node) -> Node:
    """A copy of `new` that remembers what it put out of force; what nobody wrote needs no memory."""
    if old.synthetic:
        return new
    generations = [new]
    while (before := generations[-1].overrides) is not None:
        generations.append(before)
    for node in reversed(generations):
        copy = copied(node)
        copy.overrides = old
        old = copy
    return old


def with_items(node: Mapping, items: dict[str, Node], keys: dict[str, Scalar] | None = None) -> Mapping:
    """A mapping in the place of another, holding `items`; `keys` has the keys that are new in it."""
    known = node.keys if keys is None else node.keys | keys
    kept = known if len(known) == len(items) else {key: known[key] for key in items if key in known}
    copy = Mapping(items, kept, node.source, node.line, node.column, node.tag)
    copy.overrides = node.overrides
    copy.synthetic = node.synthetic
    return copy
