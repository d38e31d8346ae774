"""How single attributes are merged: the Compose Specification, Merge and override, as a table of rules by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from intermodal.compose.rules import Rules
from intermodal.kit.nodes import Mapping, Scalar, Sequence, overriding, with_items

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.kit.nodes import Node, Plain

    Level: TypeAlias = "Rules[Rule] | None"
    Rule: TypeAlias = Callable[["Merging", Node, Node, "Level"], Node]


class Merging(Protocol):
    """What a rule may ask of the merging it is part of."""

    def plainly(self, base: Node, override: Node, level: Level) -> Node:
        """One value over another whatever the rule for it; the rules further down still count."""
        ...

    def unlike(self, base: Node, override: Node) -> Node:
        """Two values that cannot be merged: an error, and the later one."""
        ...


def joined(base: Sequence, override: Sequence) -> Sequence:
    """One list behind another."""
    return Sequence([*base.items, *override.items], base.source, base.line, base.column, base.tag)


def _replace(_: Merging, base: Node, override: Node, __: Level) -> Node:
    return overriding(override, base)


def _pairs(merger: Merging, base: Node, override: Node, level: Level) -> Node:
    """Lists of `NAME=value` and mappings, in any mixture."""
    old, new = _from_pairs(base), _from_pairs(override)
    if old is None or new is None:
        return _list(merger, base, override, level)
    items: dict[str, Node] = dict(old.items)
    for key, value in new.items.items():
        items[key] = overriding(value, items[key]) if key in items else value
    return with_items(old, items, {key: name for key, name in new.keys.items() if key not in old.keys})


def _from_pairs(node: Node) -> Mapping | None:
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Scalar):
        return None if node.value is not None else _mapping_at(node, {}, {})
    items: dict[str, Node] = {}
    keys: dict[str, Scalar] = {}
    for item in node.items:
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            return None
        name, equals, text = item.value.partition("=")
        value = Scalar(text if equals else None, item.source, item.line, item.column)
        items[name] = overriding(value, items[name]) if name in items else value
        keys[name] = Scalar(name, item.source, item.line, item.column)
    return _mapping_at(node, items, keys)


def _mapping_at(node: Node, items: dict[str, Node], keys: dict[str, Scalar]) -> Mapping:
    return Mapping(items, keys, node.source, node.line, node.column)


def _list(merger: Merging, base: Node, override: Node, _: Level) -> Node:
    """Lists and single values, in any mixture."""
    if isinstance(base, Mapping) or isinstance(override, Mapping):
        return merger.unlike(base, override)
    return joined(_as_list(base), _as_list(override))


def _as_list(node: Scalar | Sequence) -> Sequence:
    if isinstance(node, Sequence):
        return node
    return Sequence([] if node.value is None else [node], node.source, node.line, node.column)


def _hosts(merger: Merging, base: Node, override: Node, level: Level) -> Node:
    """Host names with addresses: every pair that is not there yet is added."""
    old, new = _as_list_of_hosts(base), _as_list_of_hosts(override)
    known = {item.value for item in old.items if isinstance(item, Scalar)}
    added = [item for item in new.items if not (isinstance(item, Scalar) and item.value in known)]
    return _list(merger, old, Sequence(added, new.source, new.line, new.column), level)


def _as_list_of_hosts(node: Node) -> Sequence:
    if not isinstance(node, Mapping):
        return _as_list(node)
    pairs: list[Node] = []
    for host, value in node.items.items():
        for address in value.items if isinstance(value, Sequence) else [value]:
            text = f"{host}={address.value}" if isinstance(address, Scalar) else host
            pairs.append(Scalar(text, address.source, address.line, address.column))
    return Sequence(pairs, node.source, node.line, node.column)


def _named(*fields: tuple[str, Plain]) -> Rule:
    """A list of names stands for a mapping of them, each with the fields that the short form means."""

    def rule(merger: Merging, base: Node, override: Node, level: Level) -> Node:
        return merger.plainly(_from_names(base, fields), _from_names(override, fields), level)

    return rule


def _from_names(node: Node, fields: tuple[tuple[str, Plain], ...]) -> Node:
    if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in node.items):
        return node
    names = [item for item in node.items if isinstance(item, Scalar)]
    items = {str(name.value): _fields_of(name, fields) for name in names}
    return _mapping_at(node, items, {str(name.value): name for name in names})


def _fields_of(name: Scalar, fields: tuple[tuple[str, Plain], ...]) -> Node:
    at = name.source, name.line, name.column
    if not fields:
        return Scalar(None, *at)
    keys = {key: Scalar(key, *at) for key, _ in fields}
    return Mapping({key: Scalar(value, *at) for key, value in fields}, keys, *at)


def _build(merger: Merging, base: Node, override: Node, level: Level) -> Node:
    """A text stands for its `context`."""
    return merger.plainly(_from_context(base), _from_context(override), level)


def _from_context(node: Node) -> Node:
    if not isinstance(node, Scalar) or node.value is None:
        return node
    return _mapping_at(node, {"context": node}, {"context": node})


def _logging(merger: Merging, base: Node, override: Node, level: Level) -> Node:
    """Options belong to a driver: another driver starts afresh."""
    old, new = _field(base, "driver"), _field(override, "driver")
    if old is None or new is None or old == new:
        return merger.plainly(base, override, level)
    return overriding(override, base)


def _pools(merger: Merging, base: Node, override: Node, level: Level) -> Node:
    """Pools of addresses go together by subnet; those the override does not name are left out."""
    if not isinstance(base, Sequence) or not isinstance(override, Sequence):
        return merger.plainly(base, override, level)
    known = {_field(pool, "subnet"): pool for pool in base.items}
    pools = [
        merger.plainly(known[subnet], pool, level) if (subnet := _field(pool, "subnet")) in known else pool
        for pool in override.items
    ]
    merged = Sequence(pools, base.source, base.line, base.column)
    return overriding(merged, base)


def _field(node: Node, name: str) -> Plain:
    value = node.items.get(name) if isinstance(node, Mapping) else None
    return value.value if isinstance(value, Scalar) else None


_names = _named()
_dependencies = _named(("condition", "service_started"), ("required", True))

RULES: Rules[Rule] = Rules(
    {
        "networks.*.ipam.config": _pools,
        "networks.*.labels": _pairs,
        "volumes.*.labels": _pairs,
        "services.*.annotations": _pairs,
        "services.*.build": _build,
        "services.*.build.additional_contexts": _pairs,
        "services.*.build.args": _pairs,
        "services.*.build.extra_hosts": _hosts,
        "services.*.build.labels": _pairs,
        "services.*.command": _replace,
        "services.*.depends_on": _dependencies,
        "services.*.deploy.labels": _pairs,
        "services.*.dns": _list,
        "services.*.dns_opt": _list,
        "services.*.dns_search": _list,
        "services.*.entrypoint": _replace,
        "services.*.env_file": _list,
        "services.*.environment": _pairs,
        "services.*.extra_hosts": _hosts,
        "services.*.healthcheck.test": _replace,
        "services.*.label_file": _list,
        "services.*.labels": _pairs,
        "services.*.logging": _logging,
        "services.*.models": _names,
        "services.*.networks": _names,
        "services.*.sysctls": _pairs,
        "services.*.tmpfs": _list,
        "services.*.ulimits.*": _replace,
        "services.*.volumes.*.volume.labels": _pairs,
    }
)
