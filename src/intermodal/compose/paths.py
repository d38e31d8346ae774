"""Relative paths of a Compose file become absolute: against the folder of the project, or of the file they came from.

Source: the Compose Specification; and what docker compose takes for a path, a URL or another service.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from intermodal.compose.rebuilding import changed_mapping, resequenced, rewritten
from intermodal.kit.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.kit.nodes import Node

_REMOTE = ("git@", "github.com/", "https://", "http://", "git://", "ssh://")


def resolve_paths(tree: Mapping, folder: str, home: str = "") -> Mapping:
    """The tree, in long form, with every relative path absolute; `~` is `home` (found out when it is not given)."""
    return _Resolver(folder, home).application(tree)


class _Resolver:
    __slots__ = ("folder", "home")

    def __init__(self, folder: str, home: str) -> None:
        self.folder = folder
        self.home = home

    def application(self, tree: Mapping) -> Mapping:
        """Every place of a file where paths stand."""
        changed: dict[str, Node] = {}
        for key, step in _SECTIONS.items():
            section = tree.items.get(key)
            if type(section) is Mapping:
                made = self.each(section, step)
                if made is not section:
                    changed[key] = made
        return changed_mapping(tree, changed) if changed else tree

    def each(self, node: Mapping, step: Callable[[_Resolver, Mapping], Node]) -> Mapping:
        """A mapping with a step done to each value that is a mapping."""
        changed: dict[str, Node] = {}
        for key, child in node.items.items():
            if type(child) is Mapping:
                made = step(self, child)
                if made is not child:
                    changed[key] = made
        return changed_mapping(node, changed) if changed else node

    def service(self, node: Mapping) -> Mapping:
        """A service's paths."""
        changed: dict[str, Node] = {}
        items = node.items
        for key, step in _SERVICE.items():
            child = items.get(key)
            if child is not None:
                made = step(self, child)
                if made is not child:
                    changed[key] = made
        return changed_mapping(node, changed) if changed else node

    def build(self, node: Node) -> Node:
        """Where the image is built from."""
        if type(node) is not Mapping:
            return node
        made = self.field(node, "context", self.context)
        for key, step in (("additional_contexts", self.context), ("ssh", self.host)):
            child = made.items.get(key)
            if type(child) is Mapping:
                made = self.field(made, key, lambda found, step=step: self.values(found, step))  # type: ignore[misc]
        return made

    def values(self, node: Node, step: Callable[[Node], Node]) -> Node:
        """A mapping with a step done to each value."""
        made = node
        if type(node) is Mapping:
            for key in node.items:
                made = self.field(made, key, step)  # type: ignore[arg-type]
        return made

    def field(self, node: Mapping, key: str, step: Callable[[Node], Node]) -> Mapping:
        """A mapping with a step done to one field, if it is there."""
        child = node.items.get(key)
        if child is None:
            return node
        made = step(child)
        return node if made is child else changed_mapping(node, {key: made})

    def items(self, node: Node, step: Callable[[Node], Node]) -> Node:
        """A list with a step done to each item."""
        if type(node) is not Sequence:
            return node
        items = [step(child) for child in node.items]
        if all(made is child for made, child in zip(items, node.items, strict=True)):
            return node
        return resequenced(node, items)

    def env_files(self, node: Node) -> Node:
        """Environment files."""
        return self.items(node, lambda item: self.field(item, "path", self.path) if type(item) is Mapping else item)

    def label_files(self, node: Node) -> Node:
        """Label files."""
        return self.items(node, self.path)

    def develop(self, node: Node) -> Node:
        """What is watched."""
        if type(node) is not Mapping:
            return node
        return self.field(
            node,
            "watch",
            lambda found: self.items(
                found, lambda item: self.field(item, "path", self.path) if type(item) is Mapping else item
            ),
        )

    def extends(self, node: Node) -> Node:
        """Where an extended service stands."""
        return self.field(node, "file", self.path) if type(node) is Mapping else node

    def mounts(self, node: Node) -> Node:
        """The sources of bind mounts."""
        return self.items(node, self.mount)

    def mount(self, node: Node) -> Node:
        """The source of a bind mount."""
        if type(node) is not Mapping:
            return node
        kind = node.items.get("type")
        if type(kind) is not Scalar or kind.value != "bind":
            return node
        return self.field(node, "source", self.host)

    def shared(self, node: Mapping) -> Mapping:
        """The file of a config or secret."""
        return self.field(node, "file", self.host)

    def volume(self, node: Mapping) -> Mapping:
        """The device of a local volume that is a bind mount in disguise."""
        options = node.items.get("driver_opts")
        driver = node.items.get("driver")
        if type(options) is not Mapping or type(driver) is not Scalar or driver.value != "local":
            return node
        how = options.items.get("o")
        if type(how) is not Scalar or how.value != "bind":
            return node
        return self.field(node, "driver_opts", lambda found: self.field(found, "device", self.host))  # type: ignore[arg-type]

    def path(self, node: Node) -> Node:
        """A path."""
        if type(node) is not Scalar or type(node.value) is not str or not node.value:
            return node
        return self.put(node, self.absolute(node.value))

    def host(self, node: Node) -> Node:
        """A path that may be Windows' even here; an empty one is the folder itself, as docker compose has it."""
        if type(node) is not Scalar or type(node.value) is not str or windows_absolute(node.value):
            return node
        return self.path(node) if node.value else rewritten(node, self.folder)

    def context(self, node: Node) -> Node:
        """A build context: a path, unless it is a URL or another service's image."""
        if type(node) is not Scalar or type(node.value) is not str:
            return node
        text = node.value
        if "://" in text or text.startswith("service:") or remote(text):
            return node
        return self.path(node)

    def absolute(self, text: str) -> str:
        """The absolute path of a text."""
        if text.startswith("~"):
            text = posixpath.join(self.home_folder(), text[1:].lstrip("/"))
        elif text.startswith("/"):
            return text
        return _clean(posixpath.join(self.folder, text))

    def home_folder(self) -> str:
        """The folder `~` stands for."""
        if not self.home:
            from os.path import expanduser  # noqa: PLC0415 - few paths begin with ~

            self.home = expanduser("~")
        return self.home

    def put(self, node: Scalar, text: str) -> Node:
        """The scalar with another text."""
        if text == node.value:
            return node
        return rewritten(node, text)


def _clean(path: str) -> str:
    made = posixpath.normpath(path)
    return made[1:] if made.startswith("//") else made


def windows_absolute(text: str) -> bool:
    """Whether a text is an absolute path of Windows: a drive, or a share."""
    return (text[:1].isalpha() and text[1:2] == ":" and text[2:3] in {"/", "\\"}) or text.startswith("\\\\")


def remote(context: str) -> bool:
    """Whether a build context is fetched rather than read from a folder."""
    return context.startswith(_REMOTE)


_SERVICE: dict[str, Callable[[_Resolver, Node], Node]] = {
    "build": _Resolver.build,
    "env_file": _Resolver.env_files,
    "label_file": _Resolver.label_files,
    "develop": _Resolver.develop,
    "extends": _Resolver.extends,
    "volumes": _Resolver.mounts,
}
_SECTIONS: dict[str, Callable[[_Resolver, Mapping], Node]] = {
    "services": _Resolver.service,
    "configs": _Resolver.shared,
    "secrets": _Resolver.shared,
    "volumes": _Resolver.volume,
}
