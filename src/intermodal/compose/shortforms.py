"""What each short form stands for: a scalar's record, and a list's mapping. `longhand.py` applies these tables.

Every function makes new nodes with the place of the short form, or of the part of it where that is known.
What is only implied (a mount's type, a protocol) is marked synthetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import mounts, ports
from intermodal.compose.rebuilding import implied, record_of, text_node
from intermodal.kit.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.compose.kinds import MapOf
    from intermodal.kit.nodes import Node


def _field(name: str) -> Callable[[Scalar], list[Mapping]]:
    return lambda node: [record_of([(name, text_node(node.value, node))], node)]


def _port(node: Scalar) -> list[Mapping]:
    value = node.value
    if isinstance(value, float):
        raise ValueError('a port is a whole number; put it in quotes if it is a mapping such as "22:22"')  # noqa: TRY004 - the reason is shown
    written = str(value) if isinstance(value, int) else value
    if not isinstance(written, str) or isinstance(value, bool):
        raise ValueError("a port is a number or text")  # noqa: TRY004 - the reason is shown
    return [_binding(binding, node, written) for binding in ports.parse(written)]


def _binding(binding: ports.Binding, node: Scalar, text: str) -> Mapping:
    fields: list[tuple[str, Node]] = [
        ("target", text_node(binding.target, node, _column(text, text.rpartition(":")[2])))
    ]
    if binding.published:
        fields.append(("published", text_node(binding.published, node)))
    if binding.host_ip:
        fields.append(("host_ip", text_node(binding.host_ip, node)))
    if binding.protocol:
        fields.append(("protocol", text_node(binding.protocol, node, _column(text, text.rpartition("/")[2]))))
    return record_of(fields, node)


def _column(text: str, part: str) -> int:
    """How far right a part of a one-line text begins; 0 when quoting or folding may have moved it."""
    return len(text) - len(part) if text.isprintable() else 0


def _mount(node: Scalar) -> list[Mapping]:
    short = mounts.parse(str(node.value))
    kind = "bind" if short.is_path else "volume"
    fields: list[tuple[str, Node]] = [("type", implied(kind, node))]
    if short.source:
        fields.append(("source", text_node(short.source, node)))
    fields.append(("target", text_node(short.target, node, len(short.source) + 1 if short.source else 0)))
    if "ro" in short.options:
        fields.append(("read_only", text_node(value=True, near=node)))
    bind = _bind(short, node)
    if short.is_path or bind:
        if short.is_path:
            bind.append(("create_host_path", implied(value=True, near=node)))
        fields.append(("bind", _below(bind, node)))
    if "nocopy" in short.options:
        fields.append(("volume", _below([("nocopy", text_node(value=True, near=node))], node)))
    elif kind == "volume" and len(str(node.value)) > 2:
        fields.append(("volume", _below([], node)))
    return [record_of(fields, node)]


def _bind(short: mounts.ShortMount, node: Scalar) -> list[tuple[str, Node]]:
    found: dict[str, Node] = {}
    for option in short.options:
        if option in mounts.RELABELLINGS:
            found["selinux"] = text_node(option, node)
        elif option in mounts.PROPAGATIONS:
            found["propagation"] = text_node(option, node)
    return list(found.items())


def _below(fields: list[tuple[str, Node]], node: Scalar) -> Mapping:
    made = record_of(fields, node)
    made.synthetic = all(value.synthetic for _, value in fields)
    return made


def _device(node: Scalar) -> list[Mapping]:
    parts = str(node.value).split(":")
    if len(parts) > 3:
        raise ValueError("a device has at most a source, a target and permissions; use the long form for this one")
    fields: list[tuple[str, Node]] = [
        (name, text_node(part, node)) for name, part in zip(("source", "target", "permissions"), parts, strict=False)
    ]
    if len(parts) < 2:
        fields.append(("target", implied(parts[0], node)))
    if len(parts) < 3:
        fields.append(("permissions", implied("rwm", node)))
    return [record_of(fields, node)]


FILLS: dict[str, Callable[[Scalar], list[Mapping]]] = {
    "build": _field("context"),
    "device": _device,
    "env_file": _field("path"),
    "extends": _field("service"),
    "gpu": _field("count"),
    "grant": _field("source"),
    "include": _field("path"),
    "mount": _mount,
    "port": _port,
}


def listed(node: Sequence, kind: MapOf) -> Mapping:
    """The mapping that a list stands for; a later item with the same key wins."""
    items: dict[str, Node] = {}
    keys: dict[str, Scalar] = {}
    entry = _ENTRIES[kind.listed]
    for child in node.items:
        if type(child) is not Scalar:
            continue
        key, value = entry(child)
        before = items.get(key)
        if isinstance(before, Sequence) and isinstance(value, Sequence):
            value.items[:0] = before.items
        elif before is not None:
            value.overrides = before
        items[key] = value
        keys[key] = text_node(key, child)
    made = Mapping(items, keys, node.source, node.line, node.column, node.tag)
    made.overrides = node.overrides
    made.synthetic = node.synthetic
    return made


def _pair(node: Scalar) -> tuple[str, Node]:
    key, found, value = str(node.value).partition("=")
    made = text_node(value if found else None, node, len(key) + 1 if found else 0)
    made.overrides = node.overrides
    return key, made


def _name(node: Scalar) -> tuple[str, Node]:
    return str(node.value), text_node(None, node)


def _dependency(node: Scalar) -> tuple[str, Node]:
    return str(node.value), record_of([("condition", text_node("service_started", node))], node)


def _host(node: Scalar) -> tuple[str, Node]:
    text = str(node.value)
    name, _, addresses = text.partition("=") if "=" in text else text.partition(":")
    items: list[Node] = [text_node(address, node, len(name) + 1) for address in addresses.split(",")]
    return name, Sequence(items, node.source, node.line, node.column)


_ENTRIES: dict[str, Callable[[Scalar], tuple[str, Node]]] = {
    "pairs": _pair,
    "full pairs": _pair,
    "names": _name,
    "services": _dependency,
    "hosts": _host,
}
