"""Where each field of an application was written: the loader's answer to `model.origin.Origins`.

A path is found by walking the tree when somebody asks; no index is kept. Leaves are those of the long form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar, Sequence
from intermodal.kit.places import Place
from intermodal.kit.records import positional
from intermodal.model.origin import Leaf, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.kit.nodes import Node
    from intermodal.model.origin import Path

_LEAF = positional(Leaf)
_LOADING = frozenset({"version", "name", "include"})
_LOADING_SERVICE = frozenset({"extends", "profiles"})


class TreeOrigins:
    """Origins over a resolved tree, and leaves that loading left nowhere in it (`extra`)."""

    __slots__ = ("_extra", "_tree")

    def __init__(self, tree: Mapping, extra: Iterable[Leaf] = ()) -> None:
        self._tree = tree
        self._extra = tuple(extra)

    def place(self, path: Path) -> Place | None:
        """The place of a field, or of the nearest written thing around it."""
        node: Node = self._tree
        found: Place | None = None
        for part in path:
            child = _below(node, part)
            if child is None:
                break
            node = child
            if not node.synthetic:
                found = _place(node)
        return found

    def leaves(self) -> Iterator[Leaf]:
        """Every value somebody wrote, each once, in the order of the tree; then what loading used up."""
        for key, node in self._tree.items.items():
            if key == "services" and type(node) is Mapping:
                yield from _services(node)
            else:
                yield from leaves_below(node, (key,), Standing.LOADING if key in _LOADING else Standing.IN_FORCE)
        yield from self._extra


def _services(services: Mapping) -> Iterator[Leaf]:
    if not services.items:
        yield from leaves_below(services, ("services",), Standing.IN_FORCE)
    for name, service in services.items.items():
        if type(service) is not Mapping or not service.items:
            yield from leaves_below(service, ("services", name), Standing.IN_FORCE)
            continue
        for key, node in service.items.items():
            standing = Standing.LOADING if key in _LOADING_SERVICE else Standing.IN_FORCE
            yield from leaves_below(node, ("services", name, key), standing)


def leaves_below(node: Node, path: Path, standing: Standing, other: Place | None = None) -> list[Leaf]:
    """The leaves at and below a node of a long form, and what they put out of force."""
    found: list[Leaf] = []
    if _collect(node, path, standing, other, found) and not node.synthetic:
        found.append(_LEAF(path, _place(node), standing, other))
    if node.overrides is not None:
        found.extend(_overridden(node, path))
    return found


def _collect(node: Node, path: Path, standing: Standing, other: Place | None, found: list[Leaf]) -> bool:
    """Find the leaves below a node; whether there are none, so that it may be one itself."""
    alone = True
    for key, child in _parts(node):
        at = (*path, key)
        if type(child) is not Scalar and not _collect(child, at, standing, other, found):
            alone = False
        elif not child.synthetic:
            alone = False
            found.append(_LEAF(at, Place(child.source, child.line, child.column), standing, other))
        if child.overrides is not None:
            found.extend(_overridden(child, at))
    return alone


def _overridden(node: Node, path: Path) -> Iterator[Leaf]:
    """What an override put out of force: one leaf for each generation, at the place of what it overrode."""
    by, before = _place(node), node.overrides
    while before is not None:
        if not before.synthetic:
            yield from _generation(before, path, by)
        by, before = _place(before), before.overrides


def _generation(node: Node, path: Path, by: Place) -> Iterator[Leaf]:
    waiting: list[tuple[Node, Path]] = [(node, path)]
    while waiting:
        found, at = waiting.pop()
        parts = [*_parts(found)]
        waiting.extend((child, (*at, key)) for key, child in reversed(parts))
        if not parts and not found.synthetic:
            yield Leaf(path=at, place=_place(found), standing=Standing.OVERRIDDEN, other=by)


def _parts(node: Node) -> Iterable[tuple[str | int, Node]]:
    if isinstance(node, Mapping):
        return node.items.items()
    return enumerate(node.items) if isinstance(node, Sequence) else ()


def _place(node: Node) -> Place:
    return Place(node.source, node.line, node.column)


def _below(node: Node, part: str | int) -> Node | None:
    if type(node) is Mapping:
        return node.items.get(str(part))
    if type(node) is Sequence and isinstance(part, int) and 0 <= part < len(node.items):
        return node.items[part]
    return None
