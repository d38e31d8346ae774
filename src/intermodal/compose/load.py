"""Loads an application: the phases of loading in their order, which is compose-go's. Each phase has its own file.

`assemble.py` makes one tree of all files. Then, for the whole: profiles, what is implied, env files, references,
and the model. Everything wrong is collected, and raised where no later phase could make sense of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import project
from intermodal.compose.assemble import Assembler, Part, Used
from intermodal.compose.build import build
from intermodal.compose.check import check_references
from intermodal.compose.environment import ServiceFiles
from intermodal.compose.files import Reader, ShippedFiles
from intermodal.compose.interpolate import InvalidTemplateError, MissingVariableError, substitute
from intermodal.compose.normalise import normalise
from intermodal.compose.origins import TreeOrigins, leaves_below
from intermodal.compose.profiles import active, warn_if_idle
from intermodal.compose.project import Request
from intermodal.kit.collecting import paused
from intermodal.kit.diagnostics import Findings
from intermodal.kit.nodes import Scalar
from intermodal.kit.records import record, replace
from intermodal.model.origin import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.compose.project import Start
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.kit.nodes import Mapping
    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.origin import Leaf

__all__ = ["Loaded", "Request", "load"]


@record
class Loaded:
    """An application, the resolved tree it was built from, the files that ship with it, and warnings."""

    application: Application
    tree: Mapping
    files: ProjectFiles
    diagnostics: tuple[Diagnostic, ...]


def load(request: Request) -> Loaded:
    """Load an application; raises `Rejected` with everything that is wrong with it."""
    with paused():
        return _load(request)


def _load(request: Request) -> Loaded:
    findings = Findings()
    reader = Reader(request.working_directory, request.stdin)
    start = project.start(request, reader, findings)
    findings.stop_if_errors()
    assembler = Assembler(reader, findings, interpolating=request.interpolate)
    name = project.project_name(request, _written_name(start, assembler), start, findings)
    start.variables["COMPOSE_PROJECT_NAME"] = name
    part = Part(files=tuple((path, None) for path in start.files), folder=start.folder, variables=start.variables)
    tree = assembler.project(part)
    findings.stop_if_errors()
    return _whole(tree, name, start, assembler, request)


def _whole(tree: Mapping | None, name: str, start: Start, assembler: Assembler, request: Request) -> Loaded:
    """The phases that look at the whole application at once."""
    if tree is None:
        raise AssertionError("a project without documents has errors")
    findings = assembler.findings
    tree, inactive = active(tree, project.profiles(request, start.variables))
    warn_if_idle(tree, inactive, findings)
    tree = normalise(tree, name=name, working_dir=start.folder, environment=start.variables, findings=findings)
    files = ShippedFiles(assembler.folders)
    service_files = ServiceFiles(start.variables, assembler.reader, files, findings)
    env_values = service_files.env_values(tree)
    tree = service_files.with_labels(tree)
    check_references(tree, findings, inactive=inactive)
    findings.stop_if_errors()
    out_of_force = [
        Used(path=("services", service), node=node, standing=Standing.INACTIVE) for service, node in inactive.items()
    ]
    application = build(
        tree,
        name=name,
        working_dir=start.folder,
        compose_files=start.files,
        origins=TreeOrigins(tree, tuple(_leaves([*assembler.used, *out_of_force]))),
        env_values=env_values,
        environment=start.variables,
    )
    application = replace(application, inactive=tuple(inactive))
    return Loaded(application=application, tree=tree, files=files, diagnostics=tuple(findings.diagnostics))


def _leaves(used: Iterable[Used]) -> Iterator[Leaf]:
    for one in used:
        yield from leaves_below(one.node, one.path, one.standing)


def _written_name(start: Start, assembler: Assembler) -> str:
    """What `name:` says in the last file that has it; expressions in it are judged later, with all others."""
    written = ""
    for path in start.files:
        for document in assembler.documents(path):
            node = document.items.get("name")
            if isinstance(node, Scalar) and isinstance(node.value, str) and node.value:
                written = node.value
    try:
        return substitute(written, start.variables.get, lambda _: None)
    except (InvalidTemplateError, MissingVariableError):
        return ""
