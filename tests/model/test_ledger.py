from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.places import Place, Source
from intermodal.model.application import Application
from intermodal.model.ledger import EMPTY, UNCLASSIFIED, ledger, word
from intermodal.model.origin import Leaf, Path, Standing
from intermodal.model.support import Approximate, Consequence, Exact, Missing, Notes, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Source("compose.yaml", "")
IMAGE = Exact(how="the container's image")
LOST = Missing(code="field-lost", why="there is no such thing")
NEAR = Approximate(code="nearly", why="not quite")
SUPPORT: dict[str, Outcome] = {
    "services.*.image": IMAGE,
    "services.*.labels.*": NEAR,
    "services.*.ports.*.target": IMAGE,
    "services.*.develop.watch.*.path": LOST,
    "services.*.x-*.**": LOST,
}


class Written:
    """Origins of these leaves."""

    def __init__(self, *leaves: Leaf) -> None:
        self.written = leaves

    def place(self, _path: Path) -> Place | None:
        return None

    def leaves(self) -> Iterator[Leaf]:
        return iter(self.written)


def leaf(*path: str | int, line: int = 1, **rest: Any) -> Leaf:
    return Leaf(path=path, place=Place(SOURCE, line, 1), **rest)


def application(*leaves: Leaf) -> Application:
    return Application(name="a", working_dir="/", origins=Written(*leaves))


def outcome(found: Leaf, notes: Notes | None = None) -> Any:
    (entry,) = ledger(application(found), SUPPORT, notes or Notes())
    return entry.outcome


def test_the_table_has_the_say() -> None:
    assert outcome(leaf("services", "web", "image")) is IMAGE
    assert outcome(leaf("services", "web", "ports", 3, "target")) is IMAGE
    assert outcome(leaf("services", "web", "x-a", "b", 0)) is LOST


def test_every_leaf_appears_once_and_in_order() -> None:
    written = [leaf("services", str(number), "image") for number in range(5)]
    assert [entry.leaf for entry in ledger(application(*written), SUPPORT, Notes())] == written


def test_the_longest_note_outranks_the_table_and_shorter_notes() -> None:
    notes = Notes()
    notes(("services", "web"), LOST)
    notes(("services", "web", "labels"), NEAR)
    notes(("services", "web", "labels", "a"), IMAGE)
    assert outcome(leaf("services", "web", "image"), notes) is LOST
    assert outcome(leaf("services", "web", "nothing", "knows", "this"), notes) is LOST
    assert outcome(leaf("services", "web", "labels", "b"), notes) is NEAR
    assert outcome(leaf("services", "web", "labels", "a"), notes) is IMAGE
    assert outcome(leaf("services", "web", "labels", "a", "b"), notes) is IMAGE
    assert outcome(leaf("services", "db", "image"), notes) is IMAGE


def test_a_note_on_everything() -> None:
    notes = Notes()
    notes((), LOST)
    assert outcome(leaf("services", "web", "image"), notes) is LOST


@pytest.mark.parametrize(
    ("standing", "expected"),
    [(Standing.LOADING, "loading"), (Standing.OVERRIDDEN, "overridden"), (Standing.INACTIVE, "inactive")],
)
def test_values_that_never_reached_the_platform_have_words_of_their_own(standing: Standing, expected: str) -> None:
    notes = Notes()
    notes(("services", "web", "image"), LOST)
    (entry,) = ledger(application(leaf("services", "web", "image", standing=standing)), SUPPORT, notes)
    assert entry.outcome == Exact(how=standing.value)
    assert word(entry) == expected


def test_values_in_force_have_the_word_of_their_outcome() -> None:
    written = (leaf("services", "a", "image"), leaf("services", "a", "labels", "x"), leaf("services", "a", "x-y"))
    found = ledger(application(*written), SUPPORT, Notes())
    assert [word(entry) for entry in found] == ["exact", "approximate", "missing"]


def test_what_no_pattern_knows_is_a_bug_that_stops() -> None:
    assert outcome(leaf("services", "web", "unheard")) is UNCLASSIFIED
    assert UNCLASSIFIED.consequence is Consequence.START


def test_an_empty_container_fares_as_its_contents_would() -> None:
    assert outcome(leaf("services", "web", "labels")) == EMPTY
    assert outcome(leaf("services", "web", "develop")) is LOST


def test_seventy_thousand_values_take_little_time() -> None:
    names = ("image", "labels", "ports")
    tails: dict[str, tuple[str | int, ...]] = {"image": (), "labels": ("app",), "ports": (0, "target")}
    leaves = [
        leaf("services", f"s{number // 10}", names[number % 3], *tails[names[number % 3]]) for number in range(70_000)
    ]
    made = application(*leaves)
    best = min(_seconds(made) for _ in range(3))
    assert best < 0.6  # 0.12 on a quiet machine


def _seconds(made: Application) -> float:
    start = time.perf_counter()
    ledger(made, SUPPORT, Notes())
    return time.perf_counter() - start
