"""What becomes of every field of an application on Kubernetes. Data only.

Outcomes that hang on a value are told by the translation's notes; the rows here hold for all other values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.support.network import NETWORK
from intermodal.platforms.kubernetes.support.storage import STORAGE
from intermodal.platforms.kubernetes.support.workload import WORKLOAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.support import Support

_EXTENSION = Missing(
    code="extension-unclaimed",
    why="nothing on Kubernetes reads this extension",
    advice="what this translation reads is `x-intermodal`",
    consequence=Consequence.NONE,
)
_LOADING = Missing(
    code="loading-only",
    why="it decides what is loaded and has no meaning afterwards",
    consequence=Consequence.NONE,
)
_TOP: Support = {
    "name": Exact(how="the label app.kubernetes.io/part-of"),
    "version": _LOADING,
    "include.**": _LOADING,
}


def _records(table: Support) -> Iterator[str]:
    """The records that the patterns name: whatever has keys that are not chosen."""
    for pattern in table:
        keys = pattern.split(".")
        yield from (".".join(keys[:end]) for end in range(1, len(keys)) if "*" not in keys[end])


_FIELDS: Support = {**_TOP, **WORKLOAD, **NETWORK, **STORAGE}
SUPPORT: Support = {
    "x-*.**": _EXTENSION,
    **{f"{record}.x-*.**": _EXTENSION for record in sorted(set(_records(_FIELDS)))},
    **_FIELDS,
}
