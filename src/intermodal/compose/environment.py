"""What the variables of each service are: values left to the outside, env files, label files.

Works on the tree in long form. The format of the files is `dotenv.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.dotenv import raw_variables, variables
from intermodal.compose.values import boolean
from intermodal.kit.nodes import Mapping, Scalar, Sequence, with_items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Dictionary

    from intermodal.compose.files import Reader, ShippedFiles
    from intermodal.compose.interpolate import Lookup
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node
    from intermodal.kit.places import Source


def with_values(tree: Mapping, known: Dictionary[str, str]) -> Mapping:
    """The tree with values for the variables of services that have none written, where `known` has one."""
    services = tree.items.get("services")
    if not isinstance(services, Mapping):
        return tree
    changed: dict[str, Node] = {}
    for name, service in services.items.items():
        environment = service.items.get("environment") if isinstance(service, Mapping) else None
        if isinstance(service, Mapping) and isinstance(environment, Mapping):
            filled = _filled(environment, known)
            if filled:
                new = with_items(environment, environment.items | filled)
                changed[name] = with_items(service, service.items | {"environment": new})
    if not changed:
        return tree
    return with_items(tree, tree.items | {"services": with_items(services, services.items | changed)})


def _filled(environment: Mapping, known: Dictionary[str, str]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for name, node in environment.items.items():
        if type(node) is Scalar and node.value is None and name in known:
            value = Scalar(known[name], node.source, node.line, node.column)
            value.overrides = node.overrides
            found[name] = value
    return found


class ServiceFiles:
    """Reads the env files and label files of services. `files` says which files are the application's own."""

    def __init__(self, known: Dictionary[str, str], reader: Reader, files: ShippedFiles, findings: Findings) -> None:
        self.known = known
        self.reader = reader
        self.files = files
        self.findings = findings

    def env_values(self, tree: Mapping) -> dict[tuple[str, int], dict[str, str]]:
        """The variables of each entry of `env_file`, by service and index. A missing required file is an error."""
        found: dict[tuple[str, int], dict[str, str]] = {}
        for name, service in _services(tree):
            entries = service.items.get("env_file")
            if isinstance(entries, Sequence):
                lookup = self._lookup(service)
                before: dict[str, str] = {}
                for index, entry in enumerate(entries.items):
                    if isinstance(entry, Mapping):
                        found[name, index] = self._env_file(entry, lookup, before)
                        before |= found[name, index]
        return found

    def with_labels(self, tree: Mapping) -> Mapping:
        """The tree with the labels of label files in `labels`; labels written there outrank them."""
        changed = {name: self._labelled(node) for name, node in _services(tree) if "label_file" in node.items}
        services = tree.items.get("services")
        if not changed or not isinstance(services, Mapping):
            return tree
        return with_items(tree, tree.items | {"services": with_items(services, services.items | changed)})

    def _lookup(self, service: Mapping) -> Lookup:
        environment = service.items.get("environment")
        own = environment.items if isinstance(environment, Mapping) else {}

        def lookup(name: str) -> str | None:
            if name in self.known:
                return self.known[name]
            node = own.get(name)
            return str(node.value) if isinstance(node, Scalar) and node.value is not None else None

        return lookup

    def _env_file(self, entry: Mapping, lookup: Lookup, before: Dictionary[str, str]) -> dict[str, str]:
        path, required, kind = (_value(entry, name) for name in ("path", "required", "format"))
        node = entry.items.get("path", entry)
        if not isinstance(path, str) or (not _truth(required) and not self.reader.exists(path)):
            return {}
        source = self._shipped(path, node, "env file")
        if source is None:
            return {}
        if kind == "raw":
            return raw_variables(source, lookup, self.findings)
        if kind not in {None, ""}:
            advice = "leave `format` out, or write `format: raw`"
            place = entry.items["format"].place
            self.findings.error("unknown-env-file-format", f"there is no format {kind!r}", place, help=advice)
        return variables(source, lookup, self.findings, before)

    def _labelled(self, service: Mapping) -> Mapping:
        written = service.items.get("labels")
        labels = written if isinstance(written, Mapping) else None
        items: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        found: dict[str, str] = {}
        named = service.items["label_file"]
        for entry in named.items if isinstance(named, Sequence) else [named]:
            for key, value in self._label_file(entry, found).items():
                found[key] = str(value.value)
                items[key] = value
                keys[key] = Scalar(key, value.source, value.line, value.column)
        if labels is not None:
            items |= labels.items
            keys |= labels.keys
        at = labels or named
        merged = Mapping(items, keys, at.source, at.line, at.column)
        return with_items(service, service.items | {"labels": merged}, {"labels": service.keys["label_file"]})

    def _label_file(self, entry: Node, before: Dictionary[str, str]) -> dict[str, Scalar]:
        path = entry.value if isinstance(entry, Scalar) else None
        source = self._shipped(path, entry, "label file") if isinstance(path, str) else None
        if source is None:
            return {}
        found = variables(source, before.get, self.findings)
        return {key: _from_line(key, value, source) for key, value in found.items()}

    def _shipped(self, path: str, node: Node, called: str) -> Source | None:
        source = self.reader.text(path, self.findings, node.place, called)
        if source is not None and not self.files.ships(path):
            message = f"the {called} {self.reader.name(path)} lies outside the application's folder"
            advice = "it does not travel with the application; keep it in the project directory"
            self.findings.warning("file-outside-project", message, node.place, help=advice)
        return source


def _from_line(key: str, value: str, source: Source) -> Scalar:
    lines = source.text.split("\n")
    number = next((at for at, line in enumerate(lines, 1) if line.lstrip().startswith(key)), 1)
    return Scalar(value, source, number, 1)


def _services(tree: Mapping) -> Iterator[tuple[str, Mapping]]:
    services = tree.items.get("services")
    if isinstance(services, Mapping):
        for name, node in services.items.items():
            if isinstance(node, Mapping):
                yield name, node


def _value(node: Mapping, name: str) -> object:
    value = node.items.get(name)
    return value.value if isinstance(value, Scalar) else None


def _truth(value: object) -> bool:
    try:
        return value is None or boolean(value)
    except ValueError:
        return True
