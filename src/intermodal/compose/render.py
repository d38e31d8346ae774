"""What `config` prints: the resolved application as plain data, the same that docker compose 2.40.3 prints.

Docker compose prints its own structures: what is zero there is left out unless the table below keeps it, `$` is
doubled, and JSON and YAML differ in what an empty part looks like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.compose import grammar, values
from intermodal.compose.grammar import parts
from intermodal.compose.kinds import Limit, ListOf, MapOf, OneOrMany, Record, Test, Value, Words
from intermodal.compose.treewalk import items, mapping, text
from intermodal.kit.nodes import Mapping, Scalar, Sequence, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.compose.kinds import Kind
    from intermodal.kit.nodes import Node
    from intermodal.model.application import Application

_KEPT = {
    "dependency": {"required"},
    "deploy": {"replicas"},
    "device rate": {"path", "rate"},
    "device weight": {"path", "weight"},
    "discrete_resource_spec": {"kind", "value"},
    "grant": {"mode"},
    "healthcheck": {"timeout", "interval", "retries", "start_period", "start_interval"},
    "network": {"enable_ipv4", "enable_ipv6"},
    "restart_policy": {"delay", "max_attempts", "window"},
    "rollback_config": {"parallelism"},
    "service": {"attach", "init", "scale", "stop_grace_period"},
    "trigger": {"path", "action"},
    "update_config": {"parallelism"},
}
"""Scalars printed even when they are zero, false or empty."""

_UNPRINTED = {
    "application": {"version", "include"},
    "ipam": {"options"},
    "service": {"pull_refresh_after", "extends", "env_file", "label_file"},
}
"""Keys docker compose reads but does not print."""

_ALWAYS: dict[str, dict[str, Any]] = {
    "device rate": {"path": "", "rate": "0"},
    "device weight": {"path": "", "weight": 0},
    "discrete_resource_spec": {"kind": "", "value": 0},
}
"""What is shown although nobody said it."""

_ALWAYS_IN_JSON: dict[str, dict[str, Any]] = {
    "deploy": {"resources": {}, "placement": {}},
    "hook": {"command": None},
    "network": {"ipam": {}},
    "service": {"command": None, "entrypoint": None},
    "trigger": {"exec": {"command": None}},
}
"""What JSON shows besides."""

_RENAMED_IN_JSON = {
    "device rate": {"path": "Path", "rate": "Rate"},
    "device weight": {"path": "Path", "weight": "Weight"},
}


def render(tree: Mapping, application: Application | None = None, *, yaml: bool = False) -> dict[str, Any]:
    """Plain data as `docker compose config` prints it: for JSON, or for YAML.

    With the `application`, what its environment files say is part of each service's environment.
    """
    printer = _Printer(yaml=yaml)
    needed = _needed(tree)
    shown: dict[str, Any] = {}
    for key, kind in grammar.APPLICATION.fields.items():
        node = tree.items.get(key)
        if node is None or key in _UNPRINTED["application"] or (key == "models" and not yaml):
            continue
        value = printer.value(node, kind)
        if key in needed:
            value = {name: part for name, part in value.items() if name in needed[key]}
        if value:
            shown[key] = value
    shown.setdefault("services", {})
    if application is not None:
        _add_environment(shown.get("services", {}), application)
    shown |= {key: plain(node) for key, node in tree.items.items() if key.startswith("x-")}
    found: dict[str, Any] = _escaped(shown)
    return found if yaml else {key: found[key] for key in sorted(found)}


def _add_environment(services: dict[str, Any], application: Application) -> None:
    for name, shown in services.items():
        service = application.services.get(name)
        if service is None or not service.env_file:
            continue
        found: dict[str, str | None] = {}
        for file in service.env_file:
            found.update(file.values)
        found.update(service.environment)
        if found:
            shown["environment"] = {key: found[key] for key in sorted(found)}


def _needed(tree: Mapping) -> dict[str, set[str]]:
    """The networks, volumes, configs and secrets that services use; docker compose prints no others."""
    needed: dict[str, set[str]] = {
        "networks": set(),
        "volumes": set(),
        "configs": set(),
        "secrets": set(),
        "models": set(),
    }
    services = mapping(tree, "services")
    for service in services.items.values() if services is not None else ():
        for section in ("networks", "models"):
            found = mapping(service, section)
            needed[section].update(found.items if found is not None else ())
        for mount in items(service, "volumes"):
            if text(mount, "type") == "volume":
                needed["volumes"].add(text(mount, "source"))
        for section, path in (("configs", ("configs",)), ("secrets", ("secrets",)), ("secrets", ("build", "secrets"))):
            needed[section].update(text(grant, "source") for grant in items(service, *path))
    return needed


class _Printer:
    __slots__ = ("yaml",)

    def __init__(self, *, yaml: bool) -> None:
        self.yaml = yaml

    def value(self, node: Node, kind: Kind) -> Any:  # noqa: ANN401 - plain data
        """A node as plain data; None where there is nothing to print."""
        return _PRINTS[type(kind)](self, node, kind)

    def scalar(self, node: Scalar, kind: Value) -> Any:  # noqa: ANN401 - plain data
        """A scalar as docker compose prints it."""
        found = node.value if kind.read is None else kind.read(node.value)
        return found if kind.show is None or found is None else kind.show(found)

    def record(self, node: Node, kind: Record) -> Any:  # noqa: ANN401 - plain data
        """A record: its fields in docker compose's order."""
        if kind is grammar.EXTERNAL:
            return type(node) is Mapping or values.boolean(node.value)  # type: ignore[union-attr]
        if type(node) is not Mapping:
            return None
        always = _ALWAYS.get(kind.name) or ({} if self.yaml else _ALWAYS_IN_JSON.get(kind.name, {}))
        renamed = {} if self.yaml else _RENAMED_IN_JSON.get(kind.name, {})
        shown: dict[str, Any] = {}
        for key, field in kind.fields.items():
            child = node.items.get(key)
            if key in always:
                shown[renamed.get(key, key)] = always[key]
            if child is None or key in _UNPRINTED.get(kind.name, ()):
                continue
            value = self.field(child, field, kept=key in _KEPT.get(kind.name, ()))
            if value is not None:
                shown[renamed.get(key, key)] = value
        return self.finished(node, kind, shown)

    def field(self, child: Node, field: Kind, *, kept: bool) -> Any:  # noqa: ANN401 - plain data
        """A field's value; None when docker compose leaves it out."""
        if type(field) is Value:
            typed = child.value if field.read is None else field.read(child.value)  # type: ignore[union-attr]
            if not typed and not kept:
                return None
            return typed if field.show is None else field.show(typed)
        value = self.value(child, field)
        empty = value is None or (not value and not isinstance(field, Record | Words))
        return None if empty or value is False else value

    def finished(self, node: Mapping, kind: Record, shown: dict[str, Any]) -> Any:  # noqa: ANN401 - plain data
        """A record's last touches."""
        if kind.name == "config" and shown.get("environment"):
            shown.pop("content", None)
        if kind.name in {"resources", "placement", "ipam"} and self.yaml and not shown:
            return None
        if self.yaml and kind.open:
            shown |= {key: plain(child) for key, child in node.items.items() if key.startswith("x-")}
        return shown

    def listing(self, node: Sequence, kind: ListOf) -> list[Any]:
        """A list."""
        return [self.value(child, kind.item) for child in node.items]

    def mapping(self, node: Mapping, kind: MapOf) -> Any:  # noqa: ANN401 - plain data
        """A mapping, sorted as Go sorts it."""
        if kind is parts.HOSTS:
            return sorted(
                f"{name}={address}" for name in node.items for address in self.value(node.items[name], kind.value)
            )
        if kind is parts.BUILD.fields["ssh"]:
            return [self.key(name, node.items[name]) for name in node.items]
        shown = {key: self.value(node.items[key], kind.value) for key in sorted(node.items)}
        if kind is parts.BUILD.fields["args"]:
            return {key: value for key, value in shown.items() if value is not None}
        return shown

    def key(self, name: str, node: Node) -> str:
        """A build's SSH key; docker compose cannot print one with a path as JSON, so it looks as in YAML."""
        path = node.value if type(node) is Scalar else None
        return f"{name}: {path}" if path else name

    def words(self, node: Node, _: Kind) -> list[Any] | None:
        """A command."""
        return [child.value for child in node.items] if type(node) is Sequence else None  # type: ignore[union-attr]

    def limit(self, node: Node, kind: Limit) -> Any:  # noqa: ANN401 - plain data
        """A kernel limit: a number, or both numbers; JSON leaves out zeros."""
        if type(node) is Scalar:
            number = self.scalar(node, kind.number)
            if number:
                return number
            return {"soft": 0, "hard": 0} if self.yaml else {}
        found = self.record(node, kind.record)
        return {"soft": 0, "hard": 0} | found if self.yaml else found

    def many(self, node: Sequence, kind: OneOrMany) -> list[Any]:
        """A provider's option."""
        return [self.scalar(child, kind.item) for child in node.items]  # type: ignore[arg-type]


_PRINTS: dict[type[Kind], Callable[..., Any]] = {
    Value: _Printer.scalar,
    Record: _Printer.record,
    ListOf: _Printer.listing,
    MapOf: _Printer.mapping,
    Words: _Printer.words,
    Test: _Printer.words,
    Limit: _Printer.limit,
    OneOrMany: _Printer.many,
}


def _escaped(value: Any) -> Any:  # noqa: ANN401 - plain data
    """The data with every `$` doubled, so that reading it again gives the same."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, dict):
        return {_escaped(key): _escaped(child) for key, child in value.items()}
    return [_escaped(child) for child in value] if isinstance(value, list) else value
