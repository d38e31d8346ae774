"""Lists whose entries have a name: of two entries with the same name the later counts, in the earlier's position.

The attributes and their names are those of the Compose Specification, Merge and override, Unique resources.
Texts, such as `NAME=value`, are looked at before the shape is checked, entries with fields in long form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from intermodal.compose.rules import Rules
from intermodal.kit.nodes import Mapping, Scalar, Sequence, overriding, with_items

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from intermodal.kit.nodes import Node

    Naming: TypeAlias = Callable[[Node], Hashable]


def unique_texts(tree: Mapping) -> Mapping:
    """The tree, in short form, with one entry for each name in lists of texts and of `NAME=value`."""
    return _mapping(tree, _TEXTS)


def unique_entries(tree: Mapping) -> Mapping:
    """The tree, in long form, with one entry for each name in lists of ports, volumes and the like."""
    return _mapping(tree, _ENTRIES)


def _mapping(node: Mapping, rules: Rules[Naming]) -> Mapping:
    changed: dict[str, Node] = {}
    for key, value in node.items.items():
        below = rules.at(key)
        if below is None or isinstance(value, Scalar):
            continue
        new: Node = _sequence(value, below.rule) if isinstance(value, Sequence) else _mapping(value, below)
        if new is not value:
            changed[key] = new
    return with_items(node, node.items | changed) if changed else node


def _sequence(node: Sequence, naming: Naming | None) -> Sequence:
    if naming is None or len(node.items) < 2:
        return node
    found: dict[Hashable, Node] = {}
    for index, item in enumerate(node.items):
        name = naming(item)
        name = index if name is None else name
        found[name] = overriding(item, found[name]) if name in found else item
    if len(found) == len(node.items):
        return node
    copy = Sequence(list(found.values()), node.source, node.line, node.column, node.tag)
    copy.overrides = node.overrides
    return copy


def _field(node: Node, name: str) -> object:
    value = node.items.get(name) if isinstance(node, Mapping) else None
    return value.value if isinstance(value, Scalar) else None


def _pair(node: Node) -> Hashable:
    text = node.value if isinstance(node, Scalar) else None
    return text.partition("=")[0] if isinstance(text, str) else None


def _text(node: Node) -> Hashable:
    value = node.value if isinstance(node, Scalar) else None
    return None if value is None else str(value)


def _target(node: Node) -> Hashable:
    target = _field(node, "target")
    return target.rstrip("/") or "/" if isinstance(target, str) else None


def _path(node: Node) -> Hashable:
    path = _field(node, "path")
    return path if isinstance(path, str) else None


def _port(node: Node) -> Hashable:
    target = _field(node, "target")
    if target is None:
        return None
    published = _field(node, "published")
    host = _field(node, "host_ip")
    return (
        str(target),
        "" if published is None else str(published),
        "0.0.0.0" if host is None else str(host),  # noqa: S104 - compared with, never bound to
        str(_field(node, "protocol") or "tcp"),
    )


def _grant(folder: str) -> Naming:
    def naming(node: Node) -> Hashable:
        target, source = _field(node, "target"), _field(node, "source")
        if isinstance(target, str) and target:
            return target
        return f"{folder}/{source}" if isinstance(source, str) else None

    return naming


_TEXTS: Rules[Naming] = Rules(
    {
        "networks.*.labels": _pair,
        "volumes.*.labels": _pair,
        "services.*.annotations": _pair,
        "services.*.build.additional_contexts": _pair,
        "services.*.build.args": _pair,
        "services.*.build.labels": _pair,
        "services.*.build.tags": _pair,
        "services.*.cap_add": _pair,
        "services.*.cap_drop": _pair,
        "services.*.deploy.labels": _pair,
        "services.*.dns": _pair,
        "services.*.dns_opt": _pair,
        "services.*.dns_search": _pair,
        "services.*.environment": _pair,
        "services.*.expose": _text,
        "services.*.labels": _pair,
        "services.*.links": _pair,
        "services.*.networks.*.aliases": _pair,
        "services.*.networks.*.link_local_ips": _pair,
        "services.*.profiles": _pair,
        "services.*.sysctls": _pair,
        "services.*.tmpfs": _pair,
    }
)

_ENTRIES: Rules[Naming] = Rules(
    {
        "services.*.configs": _grant(""),
        "services.*.devices": _target,
        "services.*.env_file": _path,
        "services.*.ports": _port,
        "services.*.secrets": _grant("/run/secrets"),
        "services.*.volumes": _target,
    }
)
