"""Nothing is lost in silence: every field of the grammar has a verdict, and what is promised shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.grammar import leaves
from intermodal.kit.diagnostics import Rejected
from intermodal.kit.emitter import emit
from intermodal.kit.nodes import plain
from intermodal.kit.records import as_dict, replace
from intermodal.model.ledger import UNCLASSIFIED, ledger
from intermodal.model.origin import Standing
from intermodal.model.patterns import compiled
from intermodal.model.platform import Settings
from intermodal.model.support import Approximate, Exact
from intermodal.platforms.compose.support import OPERATED, SUPPORT
from intermodal.platforms.compose.translate import translate
from tests.applications import FilesInMemory
from tests.corpus.test_silence import _altered, _without
from tests.platforms.compose.samples import FILES, asked, file_of, load_text, names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intermodal.compose.load import Loaded
    from intermodal.model.support import Outcome, Support

TABLES = {"written": SUPPORT, "operated": OPERATED}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_field_of_the_grammar_has_a_verdict(table: Support) -> None:
    root = compiled(table)
    silent = []
    for leaf in leaves():
        position = root
        for key in leaf:
            position = position.step(key)
        if position.row is None and not list(position.below()):
            silent.append(".".join(leaf))
    assert silent == []


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_row_is_of_a_field_that_exists(table: Support) -> None:
    """A misspelt pattern would classify nothing."""
    fields = [tuple(leaf) for leaf in leaves()]
    stray = [pattern for pattern in table if not any(_fits(tuple(pattern.split(".")), field) for field in fields)]
    assert [pattern for pattern in stray if not pattern.endswith("x-*.**")] == []


def _fits(pattern: tuple[str, ...], field: tuple[str, ...]) -> bool:
    if pattern[-1] == "**":
        pattern = pattern[:-1]
        field = field[: len(pattern)]
    return pattern == field


def test_extensions_are_told_apart_from_fields() -> None:
    for path in ("services.web.x-a", "services.web.healthcheck.x-a", "services.web.volumes.0.bind.x-a.b", "x-a.b"):
        assert getattr(_row(OPERATED, path), "code", "") == "compose-extension", path
    assert isinstance(_row(OPERATED, "services.web.labels.x-a"), Exact)
    assert isinstance(_row(SUPPORT, "services.web.x-a"), Exact)


def _row(table: Support, path: str) -> Outcome | None:
    position = compiled(table)
    for key in path.split("."):
        position = position.step(key)
    return position.row


@pytest.mark.parametrize("name", names())
def test_what_is_promised_shows(name: str, tmp_path: Path) -> None:
    """A value that is said to be carried over changes the file and the engine's objects when it goes or changes."""
    found = load_text(emit(file_of(name)), tmp_path)
    outcomes = {kind: dict(_outcomes(kind, found)) for kind in TABLES}
    ours = {("services", name), *_used(found, name)}
    paths = [leaf.path for leaf in found.application.origins.leaves() if leaf.standing is Standing.IN_FORCE]
    broken = [
        (kind, path)
        for path in paths
        if path[:2] in ours and path[2:3] != ("label_file",)  # loading has put its labels beside the others
        for kind in TABLES
        if _promises(outcomes[kind][path]) and not _shows(kind, found, path, tmp_path)
    ]
    assert broken == []


def _used(found: Loaded, name: str) -> Iterator[tuple[str, str]]:
    """The parts that only this service uses, roughly: those it names."""
    service = found.application.services[name]
    yield from (("networks", key) for key in service.networks if key != "default")
    yield from (("volumes", mount.source) for mount in service.volumes if mount.type == "volume")
    yield from (("configs", grant.source) for grant in service.configs)
    yield from (("secrets", grant.source) for grant in service.secrets)


def _outcomes(kind: str, found: Loaded) -> Iterator[tuple[Any, Outcome]]:
    notes = (
        translate(found.application, Settings(), FilesInMemory(FILES)).notes
        if kind == "written"
        else asked(found).notes
    )
    for entry in ledger(found.application, TABLES[kind], notes):
        if entry.leaf.standing is Standing.IN_FORCE:
            assert entry.outcome is not UNCLASSIFIED, entry.leaf.path
            yield entry.leaf.path, entry.outcome


def _promises(outcome: Outcome) -> bool:
    return isinstance(outcome, (Exact, Approximate)) and outcome.how not in {"the default", "empty"}


def _shows(kind: str, found: Loaded, path: Any, folder: Path) -> bool:
    before = _fingerprint(kind, found)
    base = plain(found.tree)
    without = _again(_without(base, path), folder)
    if without is not None and (_fingerprint(kind, without) != before or _same(without, found)):
        return True
    altered = [other for text in _altered(base, path) if (other := _again(text, folder)) is not None]
    refused = without is None and not altered
    return refused or any(_fingerprint(kind, other) != before for other in altered) or _empty(kind, base, path)


def _same(one: Loaded, other: Loaded) -> bool:
    """Whether the application is what it was: then the value is what holds anyway."""
    nowhere = other.application.origins
    return replace(one.application, origins=nowhere) == other.application


def _empty(kind: str, base: Any, path: Any) -> bool:
    """What says that there is nothing shows nowhere on the engine."""
    value = base
    for key in path:
        value = value[key]
    return kind == "operated" and value in (None, False, "", 0)


def _again(tree: Any, folder: Path) -> Loaded | None:
    try:
        return load_text(emit(tree), folder)
    except Rejected:
        return None


def _fingerprint(kind: str, found: Loaded) -> Any:
    if kind == "written":
        return translate(found.application, Settings(), FilesInMemory(FILES)).documents
    try:
        made = asked(found)
    except Rejected:
        return "refused"
    services = {
        name: {
            key: value
            for key, value in as_dict(request).items()
            if key not in {"application", "service", "host_files", "uploads"}
        }
        for name, request in made.services.items()
    }
    updates = {name: one.service.deploy and one.service.deploy.update_config for name, one in made.services.items()}
    return services, updates, dict(made.networks), dict(made.volumes)
