"""The Compose Specification as one table: record -> key -> kind. What checks, converts, builds and prints is elsewhere.

Source: the Compose Specification's JSON schema as docker compose 2.40.3 carries it (a test compares the two), and
docker compose's own behaviour where it differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import values as v
from intermodal.compose.grammar.service import SERVICE
from intermodal.compose.grammar.shared import CONFIG, EXTERNAL, INCLUDE, MODEL, NETWORK, SECRET, VOLUME
from intermodal.compose.kinds import Anything, Limit, ListOf, MapOf, OneOrMany, Record, Test, Value, Words

__all__ = ["APPLICATION", "EXTERNAL", "SERVICE", "leaves"]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.compose.kinds import Kind

APPLICATION = Record(
    "application",
    {
        "version": v.TEXT,
        "name": v.TEXT,
        "include": ListOf(INCLUDE),
        "services": MapOf(SERVICE, named=True),
        "networks": MapOf(NETWORK, named=True, nullable=True),
        "volumes": MapOf(VOLUME, named=True, nullable=True),
        "secrets": MapOf(SECRET, named=True),
        "configs": MapOf(CONFIG, named=True),
        "models": MapOf(MODEL, named=True),
    },
)


def leaves(kind: Kind = APPLICATION, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every leaf the long form can have, `*` for chosen keys and places in lists; empty containers are not listed."""
    if isinstance(kind, Value | Limit | Anything) or kind is EXTERNAL or (isinstance(kind, Record) and kind.nullable):
        yield path
    for key, child in _below(kind):
        yield from leaves(child, (*path, key))


def _below(kind: Kind) -> Iterable[tuple[str, Kind]]:
    match kind:
        case Record() if kind is not EXTERNAL:
            return [*kind.fields.items(), ("x-*", Anything())] if kind.open else kind.fields.items()
        case ListOf() | OneOrMany():
            return [("*", kind.item)]
        case MapOf():
            return [("*", kind.value)]
        case Limit():
            return kind.record.fields.items()
        case Words() | Test():
            return [("*", v.TEXT)]
        case _:
            return ()
