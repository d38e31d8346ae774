"""Carries out `extends`: a service takes over another's attributes, from the same file or another one.

The Compose Specification, services, extends. Paths in an extended file are relative to that file's folder.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from intermodal.compose.merge import Merger
from intermodal.kit.nodes import Mapping, Scalar, with_items
from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node
    from intermodal.kit.places import Place
    from intermodal.model.origin import Path

    Opened: TypeAlias = Callable[[str, Place], Mapping | None]


@record
class _Base:
    """The service that another one extends: its name, and the place that says so."""

    service: str
    at: Place
    file: Scalar | None = None


class _Link(NamedTuple):
    """One step of a chain: a service in a file, and where it says what it extends."""

    path: str
    service: str
    at: Place


class Extender:
    """Carries out the `extends` of one compose file.

    `opened(path, place)` gives the tree of another file, in long form with its paths resolved, or `None` after an
    error. `taken` collects what was carried out: the `extends` nodes with their paths.
    """

    def __init__(self, path: str, folder: str, opened: Opened, findings: Findings) -> None:
        self.path = path
        self.folder = folder
        self.opened = opened
        self.findings = findings
        self.merger = Merger(findings)
        self.taken: list[tuple[Path, Node]] = []
        self._files: dict[str, Mapping] = {}
        self._done: dict[tuple[str, str], Mapping] = {}
        self._deep = False

    def apply(self, tree: Mapping) -> Mapping:
        """The tree with every `extends` of its services carried out."""
        services = tree.items.get("services")
        if not isinstance(services, Mapping) or not any(map(_extends, services.items.values())):
            return tree
        self._files[self.path] = services
        items = {name: self._service(self.path, name, node) for name, node in services.items.items()}
        return with_items(tree, tree.items | {"services": with_items(services, items)})

    def _service(self, path: str, name: str, node: Node) -> Node:
        if not isinstance(node, Mapping) or not _extends(node):
            return node
        self.taken.append((("services", name, "extends"), node.items["extends"]))
        return self._resolved(path, name, node, [])

    def _resolved(self, path: str, name: str, service: Mapping, chain: list[_Link]) -> Mapping:
        """A service with what it extends merged in; `chain` is the services that led here."""
        done = self._done.get((path, name))
        if done is not None:
            return done
        extends = service.items.get("extends")
        bare = with_items(service, {key: value for key, value in service.items.items() if key != "extends"})
        base = None if extends is None else self._base(name, extends)
        if base is None:
            return bare
        found = self._found(path, name, base, [*chain, _Link(path, name, base.at)])
        self._done[path, name] = bare if found is None else self.merger.services(found, bare)
        return self._done[path, name]

    def _base(self, name: str, extends: Node) -> _Base | None:
        if isinstance(extends, Scalar) and isinstance(extends.value, str):
            return _Base(service=extends.value, at=extends.place)
        fields = extends.items if isinstance(extends, Mapping) else {}
        service, file = fields.get("service"), fields.get("file")
        if isinstance(service, Scalar) and isinstance(service.value, str) and isinstance(file, Scalar | None):
            return _Base(service=service.value, at=service.place, file=file)
        message = f"services.{name}.extends does not say which service"
        advice = "write `extends: {service: NAME}`, with `file: PATH` when it is in another file"
        self.findings.error("extends-without-service", message, extends.place, help=advice)
        return None

    def _found(self, path: str, name: str, base: _Base, chain: list[_Link]) -> Mapping | None:
        """The service that is extended, itself resolved, or `None` after an error."""
        if base.file is not None and isinstance(base.file.value, str):
            folder = self.folder if path == self.path else os.path.dirname(path)
            path = os.path.normpath(os.path.join(folder, os.path.expanduser(base.file.value)))
        seen = [(link.path, link.service) for link in chain]
        if (path, base.service) in seen:
            self._cycle(chain[seen.index((path, base.service)) :])
            return None
        if len(chain) > _DEEPEST:
            self._too_deep(chain[0])
            return None
        services = self._services(path, base)
        service = None if services is None else services.items.get(base.service)
        if services is not None and service is None:
            self._unknown(name, base, services)
        return self._resolved(path, base.service, service, chain) if isinstance(service, Mapping) else None

    def _services(self, path: str, base: _Base) -> Mapping | None:
        if path not in self._files:
            tree = self.opened(path, base.at if base.file is None else base.file.place)
            if tree is None:
                return None
            services = tree.items.get("services")
            self._files[path] = services if isinstance(services, Mapping) else with_items(tree, {})
        return self._files[path]

    def _unknown(self, name: str, base: _Base, services: Mapping) -> None:
        message = f"service {name} extends {base.service}, which does not exist in {services.source.name}"
        advice = f"the services there are {', '.join(services.items) or 'none'}"
        self.findings.error("extends-unknown-service", message, base.at, help=advice)

    def _too_deep(self, first: _Link) -> None:
        if not self._deep:
            self._deep = True
            message = f"service {first.service} extends more than {_DEEPEST} others in a row"
            self.findings.error("extends-too-deep", message, first.at, help="merge some of them into one")

    def _cycle(self, chain: list[_Link]) -> None:
        names = " -> ".join([*(link.service for link in chain), chain[0].service])
        others = tuple((link.at, f"{link.service} extends here") for link in chain[:-1])
        message = f"services extend each other: {names}"
        self.findings.error("extends-cycle", message, chain[-1].at, help=_CYCLE_HELP, secondary=others)


_CYCLE_HELP = "take one of these `extends` away"
_DEEPEST = 100


def _extends(node: Node) -> bool:
    return isinstance(node, Mapping) and "extends" in node.items
