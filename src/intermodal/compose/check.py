"""Whether what is written has the right shape: types, keys, and values that can be read. All findings at once.

References between parts are checked in `references.py`, after everything is merged and expanded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import grammar, values
from intermodal.compose.kinds import Anything, Limit, ListOf, MapOf, OneOrMany, Record, Test, Value, Words
from intermodal.compose.references import check_references
from intermodal.compose.wording import ENOUGH, assigned, dotted, instead, kind_of, quoted, suggestion
from intermodal.kit.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.compose.kinds import Kind
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node
    from intermodal.model.origin import Path

__all__ = ["check_references", "check_shape"]

_NAME_MARKS = "._-"


def check_shape(tree: Mapping, findings: Findings) -> None:
    """Compare a tree, in short or long form, with the grammar."""
    _Walk(findings).visit(tree, grammar.APPLICATION, ())


class _Walk:
    """One walk over a tree; `private` is on while values may be secrets."""

    __slots__ = ("findings", "private")

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.private = False

    def visit(self, node: Node, kind: Kind, path: Path) -> None:
        """Check one node and everything below it."""
        _VISITS[type(kind)](self, node, kind, path)

    def value(self, node: Node, kind: Value, path: Path) -> None:
        """A scalar: written in a type that is allowed, and readable."""
        if type(node) is not Scalar or (type(node.value) not in kind.types and not _whole(node, kind)):
            self.wrong(node, kind.shown, path, kind)
            return
        if kind.read is not None:
            try:
                kind.read(node.value)
            except ValueError as reason:
                self.unreadable(node, kind, path, str(reason))

    def record(self, node: Node, kind: Record, path: Path) -> None:
        """A mapping with the specification's keys, or a scalar that stands for one."""
        if type(node) is not Mapping:
            short = type(node) is Scalar and (type(node.value) in kind.short or (kind.nullable and node.value is None))
            if short and kind is grammar.EXTERNAL:
                self.value(node, values.BOOLEAN, path)
            elif not short:
                self.wrong(node, "text or a mapping" if kind.short else "a mapping", path)
            return
        fields = kind.fields
        for key, child in node.items.items():
            field = fields.get(key)
            if field is not None:
                if type(field) is Value:
                    self.value(child, field, (*path, key) if self.needs(child, field) else path)
                else:
                    self.visit(child, field, (*path, key))
            elif not (kind.open and key.startswith("x-")):
                self.unknown(node.keys[key], kind, path)
        for key in kind.required:
            if key not in node.items:
                self.missing(node, key, kind, path)

    def listing(self, node: Node, kind: ListOf, path: Path) -> None:
        """A list, or one item where that is allowed."""
        if type(node) is Scalar and kind.single and type(node.value) is str:
            self.single(node, path)
            return
        if type(node) is not Sequence:
            self.wrong(node, "text or a list" if kind.single else "a list", path)
            return
        for index, child in enumerate(node.items):
            self.visit(child, kind.item, (*path, index))
        if kind.distinct:
            self.distinct(node, path)

    def mapping(self, node: Node, kind: MapOf, path: Path) -> None:
        """A mapping with keys that people chose, or a list where that is allowed."""
        if type(node) is Sequence and kind.listed:
            self.listed(node, kind, path)
            return
        if type(node) is not Mapping:
            self.wrong(node, "a list or a mapping" if kind.listed else "a mapping", path)
            return
        before, self.private = self.private, self.private or kind.private
        value = kind.value
        for key, child in node.items.items():
            if (kind.named and not valid_name(key)) or (not key and kind.listed):
                self.misnamed(node.keys[key], path)
            if (
                type(value) is Value
                and type(child) is Scalar
                and value.read is None
                and type(child.value) in value.types
            ):
                continue
            if not (kind.nullable and type(child) is Scalar and child.value is None):
                self.visit(child, value, (*path, key))
        self.private = before

    def listed(self, node: Sequence, kind: MapOf, path: Path) -> None:
        """A list in place of a mapping: each item a text in the form that `listed` names."""
        for index, child in enumerate(node.items):
            if type(child) is not Scalar or type(child.value) is not str:
                private, self.private = self.private, self.private or kind.private
                self.wrong(child, "text", (*path, index))
                self.private = private
            elif path[-1:] == ("ssh",) and "=" not in child.value and child.value != "default":
                self.findings.error(
                    "missing-value",
                    f"{dotted(path)}: the key {quoted(child.value)} has no path",
                    child.place,
                    help=f"write `{child.value[:40]}=<path>`; only `default` needs none",
                )
            elif kind.listed == "full pairs" and "=" not in child.value:
                self.findings.error(
                    "missing-value",
                    f"{dotted(path)}: {quoted(child.value)} has no value",
                    child.place,
                    help=f"write `{child.value[:40]}=<value>`",
                )
            elif kind.listed == "hosts":
                self.host(child, path)
        self.distinct(node, path, private=kind.private)

    def host(self, node: Scalar, path: Path) -> None:
        """An item of extra_hosts: `name=address` or `name:address`."""
        text = str(node.value)
        name, found, _ = text.partition("=") if "=" in text else text.partition(":")
        if not found or not name:
            self.findings.error(
                "invalid-host",
                f"{dotted(path)}: {quoted(text)} is not a host name and an address",
                node.place,
                help="write `name=address`, such as `db.example=10.0.0.5`",
            )

    def single(self, node: Scalar, path: Path) -> None:
        """One text in place of a list; `gpus` knows only one."""
        if path[-1:] == ("gpus",) and node.value != "all":
            self.findings.error(
                "invalid-choice",
                f"{dotted(path)} must be all or a list, not {quoted(node.value)}",
                node.place,
                help="write `gpus: all`, or a list such as `- driver: nvidia`",
            )

    def words(self, node: Node, _: Kind, path: Path) -> None:
        """A command: words, or a text a shell could split."""
        if type(node) is Sequence:
            for index, child in enumerate(node.items):
                self.value(child, values.TEXT, (*path, index))
        elif type(node) is not Scalar or not (node.value is None or type(node.value) is str):
            self.wrong(node, "text or a list of words", path)
        elif node.value:
            from intermodal.compose.words import split  # noqa: PLC0415 - few files have a command as text

            try:
                split(str(node.value))
            except ValueError as reason:
                self.findings.error(
                    "invalid-command",
                    f"{dotted(path)} cannot be split into words: {reason}",
                    node.place,
                    help="close every quote, or write the command as a list of words",
                )

    def test(self, node: Node, _: Kind, path: Path) -> None:
        """A health check's test."""
        if type(node) is Scalar and type(node.value) is str:
            return
        if type(node) is not Sequence:
            self.wrong(node, "text or a list of words", path)
            return
        for index, child in enumerate(node.items):
            self.value(child, values.TEXT, (*path, index))
        first = node.items[0] if node.items else None
        if type(first) is Scalar and first.value not in {"CMD", "CMD-SHELL", "NONE"}:
            self.findings.error(
                "invalid-choice",
                f"{dotted(path)} must begin with CMD, CMD-SHELL or NONE",
                first.place,
                help="write `[CMD, program, argument]`, or one text for the shell",
            )

    def limit(self, node: Node, kind: Limit, path: Path) -> None:
        """A kernel limit: a number or a record."""
        if type(node) is Mapping:
            self.record(node, kind.record, path)
        else:
            self.value(node, kind.number, path)

    def one_or_many(self, node: Node, kind: OneOrMany, path: Path) -> None:
        """A scalar or a list of them."""
        for child in node.items if type(node) is Sequence else (node,):
            self.value(child, kind.item, path)

    def anything(self, node: Node, kind: Anything, path: Path) -> None:
        """Nothing to check."""

    def needs(self, node: Node, kind: Value) -> bool:
        """Whether checking a scalar can find anything, so that its path is worth building."""
        return kind.read is not None or type(node) is not Scalar or type(node.value) not in kind.types

    def distinct(self, node: Sequence, path: Path, *, private: bool = False) -> None:
        """No item twice."""
        seen: dict[str, Scalar] = {}
        for child in node.items:
            if type(child) is not Scalar:
                continue
            first = seen.setdefault(str(child.value), child)
            if first is not child:
                self.findings.error(
                    "duplicate-item",
                    f"{dotted(path)} names {'one thing' if private else quoted(child.value)} twice",
                    child.place,
                    help="remove one of the two",
                    secondary=((first.place, "first named here"),),
                )

    def wrong(self, node: Node, expected: str, path: Path, kind: Value | None = None) -> None:
        """Record a wrong type."""
        private = self.private or path[-1:] == ("content",)
        self.findings.error(
            "wrong-type",
            f"{dotted(path)} must be {expected}, not {kind_of(node, private=private)}",
            node.place,
            help=instead(node, expected, path, kind),
        )

    def unreadable(self, node: Scalar, kind: Value, path: Path, reason: str) -> None:
        """Record a value of the right type that means nothing."""
        found = kind_of(node, private=self.private)
        why = f": {reason}" if reason else ""
        self.findings.error(
            kind.code,
            f"{dotted(path)} must be {kind.shown}, not {found}{why}",
            node.place,
            help=f"write {assigned(path, kind.example)}",
        )

    def unknown(self, key: Scalar, kind: Record, path: Path) -> None:
        """Record a key the specification does not know, with what may have been meant."""
        name = str(key.value)
        tell = self.findings.error if kind.strict else self.findings.warning
        tell(
            "unknown-key",
            f"{dotted((*path, name))} is not a key of Compose",
            key.place,
            help=suggestion(name, kind, path, search=len(self.findings.diagnostics) < ENOUGH),
        )

    def missing(self, node: Mapping, key: str, kind: Record, path: Path) -> None:
        """Record a required key that is not there."""
        field = kind.fields[key]
        example = field.example if type(field) is Value and field.example else "..."
        self.findings.error("missing-key", f"{dotted(path)} needs {key!r}", node.place, help=f"add `{key}: {example}`")

    def misnamed(self, key: Scalar, path: Path) -> None:
        """Record a name that Compose does not allow."""
        self.findings.error(
            "invalid-name",
            f"{dotted(path)}: {quoted(key.value)} is not a valid name",
            key.place,
            help="use letters, digits, '.', '_' and '-' only",
        )


def _whole(node: Node, kind: Value) -> bool:
    """Whether a number such as `2.0` stands where a whole one belongs: JSON schema does not tell them apart."""
    return type(node) is Scalar and type(node.value) is float and int in kind.types and node.value.is_integer()


def valid_name(name: str) -> bool:
    """Whether a service, network or the like may be called so: `[a-zA-Z0-9._-]+`."""
    return name.isascii() and all(letter.isalnum() or letter in _NAME_MARKS for letter in name) and bool(name)


_VISITS: dict[type[Kind], Callable[..., None]] = {
    Value: _Walk.value,
    Record: _Walk.record,
    ListOf: _Walk.listing,
    MapOf: _Walk.mapping,
    Words: _Walk.words,
    Test: _Walk.test,
    Limit: _Walk.limit,
    OneOrMany: _Walk.one_or_many,
    Anything: _Walk.anything,
}
