"""What is declared and used by no service: nothing is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Missing

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.support import Notes
    from intermodal.platforms.swarm.requests.names import Names
    from intermodal.platforms.swarm.requests.wanted import Wanted

UNUSED = Missing(
    code="swarm-unused",
    why="no active service uses it, so nothing is made of it",
    consequence=Consequence.NONE,
)


def note_unused(application: Application, made: Wanted, names: Names, notes: Notes) -> None:
    """Tell the ledger of everything declared that no service uses, in place of what was said of its parts."""
    files = {"configs": made.configs, "secrets": made.secrets}
    used = {section: {one.key for one in found} for section, found in files.items()}
    used["networks"] = {one.key for one in made.networks}
    used["volumes"] = {key for key in application.volumes if names.of("volumes", key) in made.volumes}
    unused = {(section, key) for section, keys in used.items() for key in getattr(application, section)} - {
        (section, key) for section, keys in used.items() for key in keys
    }
    for path in [path for path in notes.notes if path[:2] in unused]:
        del notes.notes[path]
    for path in sorted(unused):
        notes(path, UNUSED)
