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
    from intermodal.kit.nodes import Node, Plain


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
    begin = text.rfind(":") + 1
    fields: list[tuple[str, Node]] = [("target", _part(binding.target, node, begin, text[begin:]))]
    if binding.published:
        published = text[:begin].rstrip(":").rpartition(":")
        start = len(published[0]) + len(published[1])
        fields.append(("published", _part(binding.published, node, start, published[2])))
    if binding.host_ip:
        fields.append(("host_ip", text_node(binding.host_ip, node)))
    if binding.protocol:
        start = text.rfind("/") + 1
        fields.append(("protocol", _part(binding.protocol, node, start, text[start:])))
    return record_of(fields, node)


def _part(value: Plain, near: Scalar, start: int, written: str) -> Scalar:
    """A scalar for a part of a text, with the column where the part stands, unless folding or escapes moved it."""
    line = near.source.line(near.line)
    begin = near.column - 1 + (line[near.column - 1 : near.column] in _QUOTES)
    found = line.startswith(written, begin + start)
    return text_node(value, near, begin + start - near.column + 1 if found else 0)


_QUOTES = ("'", '"')


def _mount(node: Scalar) -> list[Mapping]:
    short = mounts.parse(str(node.value))
    kind = "bind" if short.is_path else "volume"
    fields: list[tuple[str, Node]] = [("type", implied(kind, node))]
    if short.source:
        fields.append(("source", text_node(short.source, node)))
    fields.append(("target", _part(short.target, node, len(short.source) + bool(short.source), short.target)))
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
            before.items.extend(value.items)
            continue
        if before is not None:
            value.overrides = before
        items[key] = value
        keys[key] = text_node(key, child)
    made = Mapping(items, keys, node.source, node.line, node.column, node.tag)
    made.overrides = node.overrides
    made.synthetic = node.synthetic
    return made


def _pair(node: Scalar) -> tuple[str, Node]:
    key, found, value = str(node.value).partition("=")
    made = _part(value, node, len(key) + 1, value) if found else text_node(None, node)
    made.overrides = node.overrides
    return key, made


def _name(node: Scalar) -> tuple[str, Node]:
    return str(node.value), text_node(None, node)


def _dependency(node: Scalar) -> tuple[str, Node]:
    return str(node.value), record_of([("condition", text_node("service_started", node))], node)


def _host(node: Scalar) -> tuple[str, Node]:
    text = str(node.value)
    name, _, addresses = text.partition("=") if "=" in text else text.partition(":")
    items: list[Node] = []
    begin = len(name) + 1
    for address in addresses.split(","):
        items.append(_part(address, node, begin, address))
        begin += len(address) + 1
    return name, Sequence(items, node.source, node.line, node.column)


_ENTRIES: dict[str, Callable[[Scalar], tuple[str, Node]]] = {
    "pairs": _pair,
    "full pairs": _pair,
    "names": _name,
    "services": _dependency,
    "hosts": _host,
}
