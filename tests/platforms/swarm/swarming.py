"""Short ways to translate hand-made applications to Swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.ledger import ledger
from intermodal.platforms.swarm.support import SUPPORT
from intermodal.platforms.swarm.translate import translate
from tests.applications import FilesInMemory, application, service, settings

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.platform import Translation
    from intermodal.model.support import Outcome


def translation(made: Application, files: FilesInMemory | None = None, **options: str) -> Translation:
    """The application on Swarm; options by name, with `__` for a dot."""
    asked = settings(options={name.replace("__", "."): value for name, value in options.items()})
    return translate(made, asked, files or FilesInMemory())


def stack(made: Application, files: FilesInMemory | None = None, **options: str) -> dict[str, Any]:
    """The content of the stack file."""
    (document,) = translation(made, files, **options).documents
    return dict(document.content)


def web(files: FilesInMemory | None = None, **fields: Any) -> dict[str, Any]:
    """The one service `web` of an application with these fields."""
    return dict(stack(application(service("web", **fields)), files)["services"]["web"])


def outcomes(made: Application, files: FilesInMemory | None = None, **options: str) -> dict[str, Outcome]:
    """What became of every written value, by dotted path."""
    notes = translation(made, files, **options).notes
    return {".".join(map(str, entry.leaf.path)): entry.outcome for entry in ledger(made, SUPPORT, notes)}


def codes(made: Application, files: FilesInMemory | None = None, **options: str) -> dict[str, str]:
    """The code of everything that was not carried over exactly, by dotted path."""
    found = outcomes(made, files, **options).items()
    return {path: outcome.code for path, outcome in found if hasattr(outcome, "code")}
