"""Application -> one Compose file: everything resolved, in long form, in the specification's own order of keys.

Variables are filled in, files merged, env files and label files written out; profiles that are not active are gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.objects import variables
from intermodal.kit.records import defaults
from intermodal.model.platform import Document, Translation
from intermodal.model.support import Exact, Notes
from intermodal.platforms.compose.options import check_options
from intermodal.platforms.compose.spelling import escaped, spelled

if TYPE_CHECKING:
    from intermodal.model.application import Application, Service
    from intermodal.model.files import ProjectFiles
    from intermodal.model.origin import Path
    from intermodal.model.platform import Settings

DEFAULT = Exact(how="the default")
SECTIONS = ("networks", "volumes", "configs", "secrets", "models")


def translate(application: Application, settings: Settings, files: ProjectFiles) -> Translation:
    """One document, "compose". Raises `Rejected` for options that make no sense."""
    del files
    check_options(settings.options)
    content: dict[str, Any] = {
        "name": application.name,
        "services": {name: _service(said) for name, said in application.services.items()},
    }
    content |= {section: spelled(getattr(application, section)) for section in SECTIONS}
    content |= spelled(application.extensions)
    notes = Notes()
    _note_defaults(application, notes)
    document = Document(
        stem="compose", content={key: part for key, part in content.items() if part or key == "services"}
    )
    return Translation(documents=(document,), notes=notes)


def _service(said: Service) -> dict[str, Any]:
    """A service; what its environment files say is written below `environment`, which outranks them."""
    made: dict[str, Any] = spelled(said)
    if "networks" in made:
        made["networks"] = {name: attachment or None for name, attachment in made["networks"].items()}
    if said.env_file:
        found = variables(said)
        environment = {name: value if value is None else escaped(value) for name, value in found.items()}
        made |= {"environment": environment} if environment else {}
    return made


def _note_defaults(application: Application, notes: Notes) -> None:
    """Tell the ledger of every written value that is the default: the file does not say it."""
    for leaf in application.origins.leaves():
        if _is_default(application, leaf.path):
            notes(leaf.path, DEFAULT)


def _is_default(application: Application, path: Path) -> bool:
    record: Any = None
    name, value = "", application
    for key in path:
        record, name, value = value, str(key), _below(value, key)
        if value is _NOWHERE:
            return False
    return hasattr(record, "__fields__") and value == defaults(record).get(name, _NOWHERE)


_NOWHERE: Any = object()


def _below(value: Any, key: str | int) -> Any:  # noqa: ANN401 - any piece of the model
    if hasattr(value, "__fields__"):
        return getattr(value, str(key), _NOWHERE)
    if hasattr(value, "items"):
        return value.get(key, _NOWHERE)
    return value[key] if isinstance(value, tuple) and isinstance(key, int) and key < len(value) else _NOWHERE
