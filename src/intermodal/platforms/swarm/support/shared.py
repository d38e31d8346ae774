"""Rows for extensions, language models and what stands at the top of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.support.words import NONE, START

if TYPE_CHECKING:
    from intermodal.model.support import Support

_LOADED = Missing(
    code="swarm-loading-only",
    why="it only steers how the application is read, and has done so",
    consequence=NONE,
)
_EXTENSION = Missing(code="swarm-extension", why="nothing on Swarm reads this extension", consequence=NONE)
_MODEL = Missing(
    code="swarm-models",
    why="Swarm serves no language models",
    advice="run a model server as a service and name it in `environment`",
    consequence=START,
)

SHARED: Support = {
    "name": Exact(how="the stack's name, which `docker stack deploy` is given"),
    "version": _LOADED,
    "include.**": _LOADED,
    "services.*.extends.**": _LOADED,
    "models.**": _MODEL,
}


def extensions(table: Support) -> Support:
    """Rows for the extensions of every record that the table's patterns name: those with keys that are not chosen."""
    records = {""}
    for pattern in table:
        keys = pattern.split(".")
        records.update(".".join(keys[:end]) for end in range(1, len(keys)) if "*" not in keys[end])
    return {f"{record}.x-*.**".removeprefix("."): _EXTENSION for record in sorted(records)}
