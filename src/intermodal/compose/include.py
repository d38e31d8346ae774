"""Reads `include`: which files, from which folder, with which variables; and puts what they define into a tree.

The Compose Specification, include. Loading the files themselves is `load.py`'s.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from intermodal.compose.project import read_variables
from intermodal.kit.nodes import Mapping, Scalar, Sequence, plain, with_items
from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping as Dictionary

    from intermodal.compose.files import Reader
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node
    from intermodal.kit.places import Place

SECTIONS = ("services", "networks", "volumes", "configs", "secrets", "models")
_FIELDS = ("path", "project_directory", "env_file")


@record
class Inclusion:
    """One entry of `include`: files, each over those before it, and the folder and variables they are loaded with."""

    files: tuple[tuple[str, Place], ...]
    folder: str
    variables: Dictionary[str, str]
    place: Place


class Inclusions:
    """Reads the `include` section of a file of the project in `folder` that is loaded with `variables`."""

    def __init__(self, folder: str, variables: Dictionary[str, str], reader: Reader, findings: Findings) -> None:
        self.folder = folder
        self.variables = variables
        self.reader = reader
        self.findings = findings

    def read(self, section: Node) -> list[Inclusion]:
        """What the section asks for, without the entries that are wrong: those are errors."""
        if isinstance(section, Scalar) and section.value is None:
            return []
        if not isinstance(section, Sequence):
            self._wrong("include must be a list", section, "write `include:` and below it `- path/to/compose.yaml`")
            return []
        return [found for item in section.items if (found := self._entry(item)) is not None]

    def _entry(self, item: Node) -> Inclusion | None:
        fields = item.items if isinstance(item, Mapping) else {"path": item}
        for name in fields:
            if name not in _FIELDS and not name.startswith("x-") and isinstance(item, Mapping):
                message, advice = f"include has no {name!r}, so it has no effect", f"it has {', '.join(_FIELDS)}"
                self.findings.warning("unknown-include-key", message, item.keys[name].place, help=advice)
        paths = self._texts(fields.get("path"), "path", item)
        if not paths:
            return None
        files = tuple((self.reader.absolute(text, self.folder), place) for text, place in paths)
        directory = self._texts(fields.get("project_directory"), "project_directory", item, wanted=False)
        folder = self.reader.absolute(directory[0][0], self.folder) if directory else os.path.dirname(files[0][0])
        found = self._variables(fields.get("env_file"), folder, item)
        return Inclusion(files=files, folder=folder, variables={**found, **self.variables}, place=item.place)

    def _variables(self, node: Node | None, folder: str, item: Node) -> dict[str, str]:
        named = self._texts(node, "env_file", item, wanted=False)
        if not named:
            default = os.path.join(folder, ".env")
            files = [(default, item.place)] if self.reader.is_file(default) else []
        else:
            files = [(self.reader.absolute(text, self.folder), place) for text, place in named if text != os.devnull]
        found: dict[str, str] = {}
        for path, place in files:
            found |= read_variables([path], {**found, **self.variables}, self.reader, self.findings, place)
        return found

    def _texts(self, node: Node | None, name: str, item: Node, *, wanted: bool = True) -> list[tuple[str, Place]]:
        entries = node.items if isinstance(node, Sequence) else [] if node is None else [node]
        texts = [(entry.value, entry.place) for entry in entries if isinstance(entry, Scalar)]
        good = [(text, place) for text, place in texts if isinstance(text, str) and text]
        if len(good) != len(entries) or (wanted and not good):
            self._wrong(f"include needs a {name}: a text or a list of texts", node or item, f"write `{name}: ...`")
            return []
        return good

    def _wrong(self, message: str, node: Node, advice: str) -> None:
        self.findings.error("invalid-include", message, node.place, help=advice)


def imported(tree: Mapping, from_file: Mapping, findings: Findings) -> Mapping:
    """The tree with what an included file defines; a name defined differently in both is an error."""
    items = dict(tree.items)
    keys: dict[str, Scalar] = {}
    for section in SECTIONS:
        theirs = from_file.items.get(section)
        if not isinstance(theirs, Mapping):
            continue
        ours = items.get(section)
        if ours is None or (isinstance(ours, Scalar) and ours.value is None):
            items[section], keys[section] = theirs, from_file.keys[section]
        elif isinstance(ours, Mapping):
            items[section] = _joined(section, ours, theirs, findings)
    return with_items(tree, items, keys)


def _joined(section: str, ours: Mapping, theirs: Mapping, findings: Findings) -> Mapping:
    added: dict[str, Node] = {}
    for name, node in theirs.items.items():
        known = ours.items.get(name)
        if known is None:
            added[name] = node
        elif plain(known) != plain(node):
            message = f"{section}.{name} is also defined in the included {theirs.keys[name].source.name}"
            other = ((theirs.keys[name].place, "included definition"),)
            place = ours.keys[name].place
            findings.error("include-conflict", message, place, help=_CONFLICT_HELP, secondary=other)
    return with_items(ours, ours.items | added, {name: theirs.keys[name] for name in added})


_CONFLICT_HELP = "rename one, or change the included one in an override file: `path: [included.yaml, changes.yaml]`"
