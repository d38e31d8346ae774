"""Makes one tree, in long form, out of the compose files of a project, those they include and those they extend.

For each file: interpolate, extends, include, merge over the files before, check the shape, write out short forms.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from intermodal.compose.bounds import check_port_ranges
from intermodal.compose.check import check_shape
from intermodal.compose.environment import with_values
from intermodal.compose.extend import Extender
from intermodal.compose.include import SECTIONS, Inclusions, imported
from intermodal.compose.interpolate import interpolate
from intermodal.compose.legacy import modern
from intermodal.compose.longhand import expand
from intermodal.compose.merge import Merger
from intermodal.compose.normalise import resolve_paths
from intermodal.compose.tags import RESET, settled
from intermodal.compose.unicity import unique_entries, unique_texts
from intermodal.kit.diagnostics import Findings, Rejected
from intermodal.kit.nodes import Mapping, with_items
from intermodal.kit.records import record
from intermodal.kit.yamlfiles import read
from intermodal.model.origin import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping as Dictionary

    from intermodal.compose.files import Reader
    from intermodal.compose.include import Inclusion
    from intermodal.kit.nodes import Node
    from intermodal.kit.places import Place
    from intermodal.model.origin import Path

    Files: TypeAlias = "tuple[tuple[str, Place | None], ...]"

_MOST_PROJECTS = 1000
_DEEPEST = 50


@record
class Part:
    """Files to be put over each other: absolute paths with the places that name them, and what they start from.

    `above` is the files that led here by `include`.
    """

    files: Files
    folder: str
    variables: Dictionary[str, str]
    above: tuple[str, ...] = ()


@record
class Used:
    """A subtree that loading used up, so that it is not in the tree any more."""

    path: Path
    node: Node
    standing: Standing


class Assembler:
    """Assembles projects. `folders` are those of all of them; `used` is what loading took out of their trees."""

    def __init__(self, reader: Reader, findings: Findings, *, interpolating: bool = True) -> None:
        self.reader = reader
        self.findings = findings
        self.interpolating = interpolating
        self.folders: list[str] = []
        self.used: list[Used] = []
        self._documents: dict[str, list[Mapping]] = {}
        self._projects: dict[tuple[Files, str], list[tuple[Part, Mapping | None]]] = {}

    def documents(self, path: str, at: Place | None = None) -> list[Mapping]:
        """The documents of a file, read once; what is wrong with it is an error, and it then has none."""
        if path not in self._documents:
            self._documents[path] = self._read(path, at)
        return self._documents[path]

    def project(self, part: Part) -> Mapping | None:
        """The files of a project as one tree in long form, `None` after errors; raises `Rejected` for wrong shapes."""
        self.folders.append(part.folder)
        tree: Mapping | None = None
        for path, at in part.files:
            for document in self.documents(path, at):
                tree = self._over(tree, document, path, part)
        if tree is not None and not tree.items:
            self.findings.error("empty-compose-file", "nothing is defined here", tree.place, help=_EMPTY_HELP)
        return None if tree is None else with_values(tree, part.variables)

    def _read(self, path: str, at: Place | None) -> list[Mapping]:
        source = self.reader.text(path, self.findings, at, "compose file")
        if source is None:
            return []
        try:
            documents = read(source, self.findings)
        except Rejected as rejected:
            self.findings.include(rejected)
            return []
        if not documents:
            self.findings.error("empty-compose-file", f"{source.name} is empty", at, help=_EMPTY_HELP)
        for document in documents:
            if not isinstance(document, Mapping):
                message = f"{source.name} does not hold a mapping"
                self.findings.error("not-a-mapping", message, document.place, help=_EMPTY_HELP)
        return [modern(document, self.findings) for document in documents if isinstance(document, Mapping)]

    def _over(self, tree: Mapping | None, document: Mapping, path: str, part: Part) -> Mapping:
        """A document over what the project's documents before it made."""
        document = self._filled(document, part)
        extender = Extender(path, part.folder, lambda file, at: self._extended(file, at, part), self.findings)
        document = extender.apply(document)
        self.used += [Used(path=at, node=node, standing=Standing.LOADING) for at, node in extender.taken]
        document = self._with_included(document, path, part)
        merged = document if tree is None else Merger(self.findings).trees(tree, document)
        check_port_ranges(merged, self.findings)
        self.findings.stop_if_errors()
        merged = unique_texts(self._settled(merged, document))
        check_shape(merged, self.findings)
        self.findings.stop_if_errors()
        return unique_entries(expand(merged, self.findings))

    def _filled(self, document: Mapping, part: Part) -> Mapping:
        return interpolate(document, part.variables, self.findings) if self.interpolating else document

    def _settled(self, tree: Mapping, document: Mapping) -> Mapping:
        if RESET not in document.source.text:
            return tree
        reset: list[tuple[Path, Node]] = []
        tree = settled(tree, reset)
        self.used += [Used(path=path, node=node, standing=Standing.LOADING) for path, node in reset]
        return tree

    def _extended(self, path: str, at: Place, part: Part) -> Mapping | None:
        """The tree of a file that a service extends: in long form, its paths resolved, `extends` not carried out."""
        tree: Mapping | None = None
        for document in self.documents(path, at):
            filled = self._filled(document, part)
            tree = filled if tree is None else Merger(self.findings).trees(tree, filled)
            tree = unique_texts(self._settled(tree, filled))
            check_port_ranges(tree, self.findings)
            self.findings.stop_if_errors()
            tree = unique_entries(expand(tree, self.findings))
        return None if tree is None else resolve_paths(tree, os.path.dirname(path))

    def _with_included(self, document: Mapping, path: str, part: Part) -> Mapping:
        section = document.items.get("include")
        if section is None:
            return document
        rest = {key: node for key, node in document.items.items() if key != "include"}
        document = with_items(document, rest)
        self.used.append(Used(path=("include",), node=section, standing=Standing.LOADING))
        for inclusion in Inclusions(part.folder, part.variables, self.reader, self.findings).read(section):
            tree = self._included(inclusion, (*part.above, path))
            if tree is not None:
                document = imported(document, tree, self.findings)
        return document

    def _included(self, inclusion: Inclusion, above: tuple[str, ...]) -> Mapping | None:
        if not self._may_include(inclusion, above):
            return None
        part = Part(files=inclusion.files, folder=inclusion.folder, variables=inclusion.variables, above=above)
        known = self._projects.setdefault((inclusion.files, inclusion.folder), [])
        for other, tree in known:
            if other.variables == part.variables:
                return tree
        tree = self.project(part)
        if tree is not None:
            tree = resolve_paths(tree, part.folder)
            rest = ((key, node) for key, node in tree.items.items() if key not in SECTIONS)
            self.used += [Used(path=(key,), node=node, standing=Standing.LOADING) for key, node in rest]
        known.append((part, tree))
        return tree

    def _may_include(self, inclusion: Inclusion, above: tuple[str, ...]) -> bool:
        names = [self.reader.name(path) for path in above]
        for path, _ in inclusion.files:
            if path in above:
                loop = " -> ".join([*names[above.index(path) :], self.reader.name(path)])
                message = f"files include each other: {loop}"
                self.findings.error("include-cycle", message, inclusion.place, help="take one of these includes away")
                return False
        if len(above) > _DEEPEST or len(self.folders) > _MOST_PROJECTS:
            message = "this includes too many files"
            advice = f"at most {_MOST_PROJECTS} projects are included, at most {_DEEPEST} deep"
            self.findings.error("too-many-includes", message, inclusion.place, help=advice)
            return False
        return True


_EMPTY_HELP = "a compose file is a mapping with `services:` at its top"
