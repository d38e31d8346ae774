"""Reads YAML into nodes that know their places. The only door to the YAML library.

Built from the parser's events, so that bounds hold before anything is built, aliases stay shared, and nothing is
read twice. What scalars mean is in `scalars.py`; writing YAML is in `emitter.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Findings, Rejected
from intermodal.kit.nodes import Mapping, Scalar, Sequence, overriding
from intermodal.kit.places import Place, Source
from intermodal.kit.postponed import patterns_postponed
from intermodal.kit.records import record
from intermodal.kit.scalars import TagMismatchError, resolve, resolve_tagged

# PyYAML compiles what its Python reader and resolver need, 14 ms of every start; the C parser uses none of it.
with patterns_postponed():
    import yaml
    from yaml.events import AliasEvent, MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from intermodal.kit.nodes import Node, Plain

_Parser: Any = getattr(yaml, "CLoader", yaml.Loader)
_CORE = "tag:yaml.org,2002:"
_MERGE = "<<"
_MOST_ERRORS = 20


@record
class Limits:
    """How much of a document is taken. `depth` counts nested lists and mappings, aliases followed.

    All aliases together may stand for `borrowed` nodes, and `borrowed_per_node` more for each node written.
    """

    depth: int = 100
    borrowed: int = 100_000
    borrowed_per_node: int = 10


_LIMITS = Limits()


def read(source: Source, findings: Findings | None = None, *, limits: Limits = _LIMITS) -> list[Node]:
    """The documents of a YAML text; work and memory are linear in its length.

    Raises `Rejected` for what is not YAML, duplicate keys, keys that are not text, and anything beyond the limits.
    Warnings go to `findings`.
    """
    found = Findings() if findings is None else findings
    errors = Findings()
    documents = _Documents(source, found, errors, limits).read()
    errors.stop_if_errors()
    return documents


class _Anchor:
    __slots__ = ("height", "node", "size")

    def __init__(self) -> None:
        self.node: Node | None = None
        self.size = 0
        self.height = 0


class _Documents:
    """One reading of one text: a recursive descent over events, never deeper than the limit."""

    def __init__(self, source: Source, findings: Findings, errors: Findings, limits: Limits) -> None:
        self.source = source
        self.findings = findings
        self.errors = errors
        self.limits = limits
        self.next: Callable[[], Any] = _nothing
        self.anchors: dict[str, _Anchor] = {}
        self.depth = 0
        self.deepest = 0
        self.written = 0
        self.borrowed = 0

    def read(self) -> list[Node]:
        documents: list[Node] = []
        try:
            parser = _Parser(self.source.text)
            self.next = parser.get_event
            while not isinstance(event := self.next(), yaml.StreamEndEvent):
                if isinstance(event, yaml.DocumentStartEvent):
                    self.anchors = {}
                    documents.append(self.node(self.next()))
        except yaml.MarkedYAMLError as error:
            self._not_yaml(error)
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            self._not_text(error)
        return documents

    def node(self, event: Any) -> Node:  # noqa: ANN401 - the YAML library's events have no types
        kind = type(event)
        self.written += 1
        if kind is AliasEvent:
            return self._alias(event)
        if event.anchor is not None:
            return self._anchored(event, kind)
        return self._fresh(event, kind)

    def _fresh(self, event: Any, kind: type) -> Node:  # noqa: ANN401 - as above
        if kind is ScalarEvent:
            return self._scalar(event)
        return self._sequence(event) if kind is SequenceStartEvent else self._mapping(event)

    def _anchored(self, event: Any, kind: type) -> Node:  # noqa: ANN401 - as above
        anchor = self.anchors[event.anchor] = _Anchor()
        before, deepest = self.written + self.borrowed - 1, self.deepest
        self.deepest = self.depth
        node = anchor.node = self._fresh(event, kind)
        anchor.size = self.written + self.borrowed - before
        anchor.height = self.deepest - self.depth
        self.deepest = max(deepest, self.deepest)
        return node

    def _alias(self, event: Any) -> Node:  # noqa: ANN401 - as above
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            self._reject("unknown-anchor", f"no anchor &{event.anchor} comes before this alias", event, _ANCHOR_HELP)
        if anchor.node is None:
            self._reject("alias-inside-itself", f"&{event.anchor} contains itself", event, _CYCLE_HELP)
        self.borrowed += anchor.size
        if self.borrowed > self.limits.borrowed + self.limits.borrowed_per_node * self.written:
            self._reject("too-many-aliases", "the aliases stand for too many values", event, _BOMB_HELP)
        self._deeper(anchor.height, event)
        return anchor.node

    def _deeper(self, levels: int, event: Any) -> None:  # noqa: ANN401 - as above
        depth = self.depth + levels
        self.deepest = max(self.deepest, depth)
        if depth > self.limits.depth:
            message = f"lists and mappings are nested more than {self.limits.depth} deep"
            self._reject("nesting-too-deep", message, event, "no Compose file needs that; was this file generated?")

    def _scalar(self, event: Any) -> Scalar:  # noqa: ANN401 - as above
        mark = event.start_mark
        tag = event.tag
        value: Plain = event.value
        if tag is not None:
            value, tag = self._tagged(event)
        elif event.implicit[0]:
            value = resolve(event.value)
        return Scalar(value, self.source, mark.line + 1, mark.column + 1, tag or "")

    def _tagged(self, event: Any) -> tuple[Plain, str]:  # noqa: ANN401 - as above
        if not event.tag.startswith(_CORE):
            plain = not event.style and (event.tag == "!" or not event.value)
            return resolve(event.value) if plain else event.value, self._custom(event)
        try:
            return resolve_tagged(event.value, event.tag[len(_CORE) :]), ""
        except TagMismatchError as error:
            self._reject("tag-mismatch", str(error), event, "leave the tag out, or write a value that fits it")

    def _custom(self, event: Any) -> str:  # noqa: ANN401 - as above
        tag = event.tag or ""
        if tag.startswith(_CORE) or tag == "!":
            return ""
        if tag not in {"", "!reset", "!override"}:
            message = f"the tag {tag} means nothing in a Compose file"
            self.findings.warning("unknown-tag", message, self._place(event), help="the tags are !reset and !override")
        return str(tag)

    def _sequence(self, event: Any) -> Sequence:  # noqa: ANN401 - as above
        mark = event.start_mark
        tag = "" if event.tag is None else self._custom(event)
        items: list[Node] = []
        self._deeper(1, event)
        self.depth += 1
        take, node = self.next, self.node
        while type(item := take()) is not SequenceEndEvent:
            items.append(node(item))
        self.depth -= 1
        return Sequence(items, self.source, mark.line + 1, mark.column + 1, tag)

    def _mapping(self, event: Any) -> Mapping:  # noqa: ANN401 - as above
        mark = event.start_mark
        tag = "" if event.tag is None else self._custom(event)
        found = Mapping({}, {}, self.source, mark.line + 1, mark.column + 1, tag)
        merged: Node | None = None
        self._deeper(1, event)
        self.depth += 1
        take, node, items, keys = self.next, self.node, found.items, found.keys
        while type(item := take()) is not MappingEndEvent:
            key = node(item)
            value = node(take())
            name = key.value if type(key) is Scalar else None
            if type(key) is not Scalar or type(name) is not str:
                self._bad_key(key)
            elif name in keys:
                self._duplicate(name, key, keys[name])
            else:
                keys[name] = key
                items[name] = value
                if name == _MERGE and not getattr(item, "style", "an alias"):
                    merged = value
        self.depth -= 1
        if merged is not None:
            self._merge(found, merged)
        return found

    def _merge(self, into: Mapping, value: Node) -> None:
        del into.items[_MERGE], into.keys[_MERGE]
        for base in value.items if isinstance(value, Sequence) else [value]:
            if not isinstance(base, Mapping):
                message = "a merge key needs a mapping or a list of mappings"
                self._reject_at("merge-key-value", message, base.place, "write `<<: *anchor` or `<<: [*one, *two]`")
            for name, node in base.items.items():
                if name in into.items:
                    into.items[name] = overriding(into.items[name], node)
                else:
                    into.items[name] = node
                    into.keys[name] = base.keys[name]

    def _bad_key(self, key: Node) -> None:
        example = f'"{_spelled(key.value)}":' if isinstance(key, Scalar) and key.value is not None else "`name: value`"
        self.errors.error("key-not-text", "a key must be text", key.place, help=f"put it in quotes: {example}")
        self._stop_at_many()

    def _duplicate(self, name: str, key: Scalar, first: Scalar) -> None:
        self.errors.error(
            "duplicate-key",
            f"the key {name!r} is written twice in one mapping",
            key.place,
            help="keep one of the two, or merge their values",
            secondary=((first.place, "first written here"),),
        )
        self._stop_at_many()

    def _stop_at_many(self) -> None:
        if len(self.errors.diagnostics) >= _MOST_ERRORS:
            raise Rejected(self.errors.diagnostics)

    def _place(self, event: Any) -> Place:  # noqa: ANN401 - as above
        return Place(self.source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _reject(self, code: str, message: str, event: Any, advice: str) -> NoReturn:  # noqa: ANN401 - as above
        self._reject_at(code, message, self._place(event), advice)

    def _reject_at(self, code: str, message: str, place: Place, advice: str) -> NoReturn:
        self.errors.error(code, message, place, help=advice)
        raise Rejected(self.errors.diagnostics)

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> NoReturn:
        mark = error.problem_mark or error.context_mark
        place = Place(self.source, mark.line + 1, mark.column + 1) if mark else Place(self.source, 1, 1)
        if self.source.line(place.line)[: place.column].lstrip(" ").startswith("\t"):
            self._reject_at("tab-indentation", "a tab stands where YAML wants spaces", place, _TAB_HELP)
        context = f" {error.context}" if error.context else ""
        self._reject_at("invalid-yaml", f"this is not YAML: {error.problem}{context}", place, _YAML_HELP)

    def _not_text(self, error: Exception) -> NoReturn:
        position = getattr(error, "position", None) or getattr(error, "start", 0)
        before = self.source.text[: position if isinstance(position, int) else 0]
        line = before.count("\n") + 1
        place = Place(self.source, line, len(before) - before.rfind("\n"))
        self._reject_at("not-text", "there is a character here that no text file has", place, _TEXT_HELP)


_ANCHOR_HELP = "write the anchor (`&name`) above the alias (`*name`), in the same document"
_CYCLE_HELP = "an alias cannot stand inside the value that its anchor marks"
_BOMB_HELP = "a few lines of aliases to aliases can stand for more than any memory holds; write the values out"
_TAB_HELP = "indent with spaces; most editors can convert the file"
_YAML_HELP = "look at the indentation and the quotes of this line and the one before it"
_TEXT_HELP = "a Compose file is plain text in UTF-8; is this the right file?"


def _nothing() -> NoReturn:
    raise EOFError


def _spelled(value: Plain) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
