"""A service's variables. What env files say is written into the stack, which then depends on no file of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.swarm.spelling import is_template, untemplated

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.files import EnvFile
    from intermodal.model.origin import Path
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

EMPTY = Approximate(
    code="swarm-empty-variable",
    why="`docker stack deploy` fills an empty variable from its own shell, where that has one of this name",
    advice="unset the variable in the shell that deploys",
    how="environment",
)
TEMPLATE = Approximate(
    code="swarm-template",
    why="Swarm fills in its placeholders ({{.Node.Hostname}} and the like); Compose hands the text on as it stands",
    how="a Swarm template",
)
INLINED = Exact(how="environment: its variables are written into the stack file")
OUTRANKED = Missing(
    code="swarm-env-file-adds-nothing",
    why="its variables are all set by something stronger",
    consequence=Consequence.NONE,
)
EMPTY_FILE = Missing(code="swarm-env-file-adds-nothing", why="it sets no variable", consequence=Consequence.NONE)


def environment(context: Context, service: Service) -> Object:
    """Every variable with its value; None for one that nobody set, which takes it out of the image's own."""
    merged: dict[str, str | None] = {}
    for file in service.env_file:
        merged.update(file.values)
    merged.update(service.environment)
    _note_files(context, service)
    _note_variables(context, service)
    return {name: None if value is None else untemplated(value) for name, value in merged.items()}


def _note_variables(context: Context, service: Service) -> None:
    for name, value in service.environment.items():
        path = ("services", service.name, "environment", name)
        if not value:
            context.notes(path, EMPTY)
        elif is_template(value):
            context.notes(path, TEMPLATE)


def _note_files(context: Context, service: Service) -> None:
    """A file whose every variable something stronger sets leaves no trace in the stack."""
    stronger = set(service.environment)
    for index in reversed(range(len(service.env_file))):
        file = service.env_file[index]
        _note_file(context, ("services", service.name, "env_file", index), file, stronger)
        stronger.update(file.values)


def _note_file(context: Context, path: Path, file: EnvFile, stronger: set[str]) -> None:
    used = not stronger.issuperset(file.values)
    context.notes((*path, "path"), INLINED if used else OUTRANKED if file.values else EMPTY_FILE)
