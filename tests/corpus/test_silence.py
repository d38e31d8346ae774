"""Nothing is lost in silence: of everything written in the corpus, what is said to be carried over is.

A value is deleted from the long form of its file, or changed where the file cannot be without it, and the whole is
loaded and translated again. If the ledger calls the value exact or approximate, the documents must then differ,
unless the value is the one that holds anyway. If it calls the value missing, that was said and is enough.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from intermodal.compose.load import Request, load
from intermodal.kit.diagnostics import Rejected
from intermodal.kit.emitter import emit
from intermodal.kit.nodes import plain
from intermodal.model.ledger import UNCLASSIFIED, ledger
from intermodal.model.origin import Standing
from intermodal.model.platform import Settings
from intermodal.model.support import Missing
from intermodal.platforms import find
from tests.corpus.accepted import ENVIRONMENT, PARTS, index, loaded, part, reports, write_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intermodal.compose.load import Loaded
    from intermodal.model.origin import Path as Field
    from intermodal.model.support import Outcome

pytestmark = pytest.mark.corpus

PLATFORMS = ("compose", "kubernetes", "swarm")
SILENT = "silent"
CRASHED = "crashed"
LOST = "missing, and said so"
SHOWN = "shows when deleted"
ALTERED = "shows when changed"
DEFAULTS = "what holds anyway"
NEEDED = "cannot be otherwise"
DEFAULT_WORDS = frozenset(("the default", "empty"))


class Probe(NamedTuple):
    """What came of one value on one platform."""

    path: str
    platform: str
    field: str
    finding: str


class Seen(NamedTuple):
    """A loaded text with what each platform made of it."""

    found: Loaded
    documents: dict[str, Any]


@pytest.mark.parametrize("number", range(PARTS))
def test_nothing_said_to_be_carried_over_is_lost(corpus: Path, number: int) -> None:
    probes = list(_of_part(corpus, number))
    report(probes, number)
    assert [probe for probe in probes if probe.finding.startswith((SILENT, CRASHED))] == []


def test_the_corpus_has_much_to_lose(corpus: Path) -> None:
    """A corpus of empty files would pass the test above."""
    files = [found for path in index(corpus) if (found := loaded(corpus, path))]
    assert sum(len(_leaves(found)) for found in files) > 10_000
    assert all(map(_leaves, files))


def _of_part(corpus: Path, number: int) -> Iterator[Probe]:
    for path in part(corpus, number):
        found = loaded(corpus, path)
        if found is not None:
            yield from _of_file(path, found)


def _of_file(path: str, found: Loaded) -> Iterator[Probe]:
    base = plain(found.tree)
    before = _again(base, found)
    assert before is not None, f"{path}: its own long form cannot be loaded"
    outcomes = {name: _outcomes(found, name) for name in PLATFORMS}
    for field in _leaves(found):
        for name, finding in _probe(base, before, field, outcomes).items():
            yield Probe(path, name, ".".join(map(str, field)), finding)


def _leaves(found: Loaded) -> list[Field]:
    return [leaf.path for leaf in found.application.origins.leaves() if leaf.standing is Standing.IN_FORCE]


def _outcomes(found: Loaded, name: str) -> dict[Field, Outcome]:
    platform = find(name)
    translation = platform.translate(found.application, Settings(), found.files)
    entries = ledger(found.application, platform.support, translation.notes)
    return {entry.leaf.path: entry.outcome for entry in entries if entry.leaf.standing is Standing.IN_FORCE}


def _probe(base: Any, before: Seen, field: Field, outcomes: dict[str, dict[Field, Outcome]]) -> dict[str, str]:
    """What each platform shows of one value."""
    settled = {name: _settled(outcomes[name].get(field, UNCLASSIFIED)) for name in PLATFORMS}
    open_ = [name for name in PLATFORMS if not settled[name]]
    if not open_:
        return settled
    try:
        after = _again(_without(base, field), before.found)
        for name in open_:
            settled[name] = SHOWN if _differs(name, before, after) else ""
        if not all(settled[name] for name in open_):
            changed = [_again(text, before.found) for text in _altered(base, field)]
            for name in open_:
                settled[name] = settled[name] or _finding(name, before, after, changed)
    except Exception as crash:  # noqa: BLE001 - whatever it is, it is a finding of its own
        settled |= dict.fromkeys(open_, f"{CRASHED}: {type(crash).__name__}: {crash}")
    return settled


def _settled(outcome: Outcome) -> str:
    if outcome is UNCLASSIFIED:
        return SILENT
    if isinstance(outcome, Missing):
        return LOST
    return DEFAULTS if outcome.how in DEFAULT_WORDS else ""


def _finding(name: str, before: Seen, after: Seen | None, changed: list[Seen | None]) -> str:
    """What to say of a value that could be deleted without a trace, or not at all."""
    if any(_differs(name, before, seen) for seen in changed):
        return ALTERED
    if after is None:
        return NEEDED
    return DEFAULTS if _same(after, before) else SILENT


def _differs(name: str, before: Seen, after: Seen | None) -> bool:
    return after is not None and after.documents[name] != before.documents[name]


def _same(after: Seen, before: Seen) -> bool:
    """Whether the application is what it was: then the value is the specification's default."""
    from intermodal.kit.records import replace  # noqa: PLC0415 - only here

    nowhere = before.found.application.origins
    return replace(after.found.application, origins=nowhere) == before.found.application


def _again(base: Any, like: Loaded) -> Seen | None:
    """Load and translate a long form; None where it is refused."""
    folder = like.application.working_dir
    request = Request(
        files=("-",),
        project_directory=folder,
        project_name=like.application.name,
        environment=ENVIRONMENT,
        working_directory=folder,
        stdin=emit(base),
        interpolate=False,
    )
    try:
        found = load(request)
        documents = {
            name: find(name).translate(found.application, Settings(), found.files).documents for name in PLATFORMS
        }
    except Rejected:
        return None
    return Seen(found, documents)


def _without(base: Any, field: Field) -> Any:
    """The tree without one value; what is on the way is copied, the rest shared."""
    key, *rest = field
    copy: Any = list(base) if isinstance(base, list) else dict(base)
    if rest:
        copy[key] = _without(base[key], tuple(rest))
    else:
        del copy[key]
    return copy


def _with(base: Any, field: Field, value: Any) -> Any:
    key, *rest = field
    copy: Any = list(base) if isinstance(base, list) else dict(base)
    copy[key] = _with(base[key], tuple(rest), value) if rest else value
    return copy


def _altered(base: Any, field: Field) -> Iterator[Any]:
    """The tree with another value in its place, in a few ways of which a loader may refuse most."""
    value = base
    for key in field:
        value = value[key]
    for other in _others(value):
        yield _with(base, field, other)


def _others(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, (int, float)):
        return (value + 1,)
    return (f"{value}x", f"{value}1", "other") if isinstance(value, str) else ()


def report(probes: list[Probe], number: int) -> None:
    """Counts by platform and finding, and every silent loss."""
    lines = [f"{probe.platform}\t{probe.finding}\t{probe.path}\t{probe.field}" for probe in probes]
    with reports() as folder:
        rows = [line.split("\t") for line in write_part(folder, "silence", number, lines)]
        counts = Counter((row[0], row[1]) for row in rows)
        text = "".join(f"{platform}\t{finding}\t{count}\n" for (platform, finding), count in sorted(counts.items()))
        lost = [row for row in rows if row[1].startswith((SILENT, CRASHED))]
        text += "".join(f"{row[1]}: {row[0]} {row[2]} {row[3]}\n" for row in lost)
        (folder / "silence.txt").write_text(text, encoding="utf-8")
