"""From short to long forms: `"8080:80"` becomes a record, a list of pairs a mapping, a command text words.

Scalars stay as they were written; what each becomes hangs on its kind in the grammar, so one walk does everything.
Trees are shared where nothing changes. Parts of a short form carry its place; what it only implies is synthetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import grammar
from intermodal.compose.kinds import ListOf, MapOf, OneOrMany, Record, Test, Value, Words
from intermodal.compose.rebuilding import changed_mapping, like, resequenced, text_node
from intermodal.compose.shortforms import FILLS, listed
from intermodal.compose.wording import dotted, quoted
from intermodal.kit.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.compose.kinds import Kind
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node
    from intermodal.model.origin import Path


def expand(tree: Mapping, findings: Findings) -> Mapping:
    """The tree with every short form written out; a long form comes back as it was."""
    expanded = _Walk(findings).visit(tree, grammar.APPLICATION, ())
    return expanded if isinstance(expanded, Mapping) else tree


class _Walk:
    __slots__ = ("findings",)

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    def visit(self, node: Node, kind: Kind, path: Path) -> Node:
        """The long form of a node; the node itself where it already is one."""
        step = _VISITS.get(type(kind))
        return step(self, node, kind, path) if step is not None else node

    def record(self, node: Node, kind: Record, path: Path) -> Node:
        """A record: written out if it was short, and its fields."""
        if type(node) is Scalar:
            if node.value is None and kind.nullable:
                return node
            made = self.fill(node, kind, path)
            return made[0] if made else node
        if type(node) is not Mapping:
            return node
        return self.external(self.fields(node, kind, path), kind, path)

    def fields(self, node: Mapping, kind: Record, path: Path) -> Mapping:
        """The fields of a record, expanded."""
        changed: dict[str, Node] = {}
        for key, child in node.items.items():
            field = kind.fields.get(key)
            if field is None or type(field) is Value:
                continue
            long = self.visit(child, field, (*path, key))
            if long is not child:
                changed[key] = long
        return changed_mapping(node, changed) if changed else node

    def external(self, node: Mapping, kind: Record, path: Path) -> Mapping:
        """`external: {name: x}` of old files becomes `external: true` and `name: x`."""
        external = node.items.get("external")
        if type(external) is not Mapping or kind.fields.get("external") is not grammar.EXTERNAL:
            return node
        changed: dict[str, Node] = {"external": like(text_node(value=True, near=external), external)}
        name = external.items.get("name")
        if name is not None:
            self.rename(node, name, path)
            if "name" not in node.items:
                changed["name"] = name
        made = changed_mapping(node, changed)
        if "name" in changed:
            made.keys["name"] = external.keys["name"]
        return made

    def rename(self, node: Mapping, name: Node, path: Path) -> None:
        """Say that `external.name` is of old, or that it contradicts `name`."""
        own = node.items.get("name")
        if own is not None and isinstance(own, Scalar) and isinstance(name, Scalar) and own.value != name.value:
            self.findings.error(
                "name-conflict",
                f"{dotted(path)} has two names: {quoted(own.value)} and {quoted(name.value)}",
                name.place,
                help="keep `name`, and write `external: true`",
                secondary=((own.place, "the other name"),),
            )
        elif own is None:
            self.findings.warning(
                "external-name-deprecated",
                f"{dotted(path)}.external.name is of old Compose files",
                name.place,
                help="write `external: true` and `name:` beside it",
            )

    def listing(self, node: Node, kind: ListOf, path: Path) -> Node:
        """A list: one text becomes a list of one, and each item is expanded, perhaps into several."""
        if type(node) is Scalar and kind.single and node.value is not None:
            item = node if type(kind.item) is Value else self.visit(node, kind.item, (*path, 0))
            return resequenced(node, [item])
        item_kind = kind.item
        if type(node) is not Sequence or type(item_kind) is Value:
            return node
        items: list[Node] = []
        changed = False
        for index, child in enumerate(node.items):
            if type(child) is Scalar and type(item_kind) is Record:
                items.extend(self.fill(child, item_kind, (*path, index)) or [child])
                changed = True
            else:
                items.append(self.visit(child, item_kind, (*path, index)))
                changed = changed or items[-1] is not child
        return resequenced(node, items) if changed else node

    def mapping(self, node: Node, kind: MapOf, path: Path) -> Node:
        """A mapping: a list becomes one, and each value is expanded."""
        if type(node) is Sequence and kind.listed:
            node = listed(node, kind)
        if type(node) is not Mapping or type(kind.value) is Value:
            return node
        changed: dict[str, Node] = {}
        for key, child in node.items.items():
            long = self.visit(child, kind.value, (*path, key))
            if long is not child:
                changed[key] = long
        return changed_mapping(node, changed) if changed else node

    def words(self, node: Node, _: Kind, path: Path) -> Node:
        """A command's text becomes its words."""
        if type(node) is not Scalar or type(node.value) is not str:
            return node
        from intermodal.compose.words import taken  # noqa: PLC0415 - few files have a command as text

        found, lost = taken(node.value)
        if lost:
            self.findings.warning(
                "command-cut",
                f"{dotted(path)}: docker compose runs nothing from {quoted(lost)} on",
                node.place,
                help='no shell reads a command; write `["sh", "-c", "..."]` if you want one',
            )
        words: list[Node] = [text_node(word, node) for word in found]
        return resequenced(node, words)

    def test(self, node: Node, _: Kind, path: Path) -> Node:
        """A health check's text is run by the shell."""
        del path
        if type(node) is not Scalar or type(node.value) is not str:
            return node
        shell = text_node("CMD-SHELL", node)
        shell.synthetic = True
        return resequenced(node, [shell, text_node(node.value, node)])

    def one_or_many(self, node: Node, _: Kind, path: Path) -> Node:
        """A provider's option becomes a list."""
        del path
        return resequenced(node, [node]) if type(node) is Scalar else node

    def fill(self, node: Scalar, kind: Record, path: Path) -> list[Node]:
        """The records that a scalar stands for; none when it cannot be read, which is said."""
        fill = FILLS.get(kind.name)
        if fill is None or node.value is None:
            return []
        try:
            return [like(made, node) for made in fill(node)]
        except ValueError as reason:
            code = "invalid-port" if kind.name == "port" else "invalid-short-form"
            message = f"{dotted(path)} cannot be {quoted(node.value)}: {reason}"
            self.findings.error(code, message, node.place, help=f"write it like `{_EXAMPLES[kind.name]}`")
            return []


_EXAMPLES = {
    "device": "/dev/ttyUSB0:/dev/ttyUSB0:rw",
    "mount": "./data:/var/lib/data:ro",
    "port": "127.0.0.1:8080:80/tcp",
}
"""Something right to write for the short forms that can be wrong."""

_VISITS: dict[type[Kind], Callable[..., Node]] = {
    Record: _Walk.record,
    ListOf: _Walk.listing,
    MapOf: _Walk.mapping,
    Words: _Walk.words,
    Test: _Walk.test,
    OneOrMany: _Walk.one_or_many,
}
