from __future__ import annotations

import pytest

from intermodal.kit.diagnostics import Severity
from intermodal.kit.places import Place, Source
from intermodal.model.losses import MOST_PLACES, Allowance, dotted, grouped, losses, single, totals
from intermodal.model.origin import Leaf, Path, Standing
from intermodal.model.support import Approximate, Consequence, Entry, Exact, Missing, Outcome

SOURCE = Source("compose.yaml", "")


def entry(path: Path, outcome: Outcome, line: int = 1, standing: Standing = Standing.IN_FORCE) -> Entry:
    return Entry(leaf=Leaf(path=path, place=Place(SOURCE, line, 3), standing=standing), outcome=outcome)


def lost(code: str, consequence: Consequence, why: str = "it cannot be", advice: str = "") -> Missing:
    return Missing(code=code, why=why, advice=advice, consequence=consequence)


def volumes(service: str, line: int = 1, why: str = "it cannot be") -> Entry:
    return entry(("services", service, "volumes", 0, "source"), lost("content-lost", Consequence.DATA, why), line)


LABEL = entry(
    ("services", "web", "labels", "a.b"),
    Approximate(code="label-moved", why="is an annotation", consequence=Consequence.BEHAVIOUR),
)
DEVELOP = entry(("services", "web", "develop"), lost("develop-unused", Consequence.NONE))
IMAGE = entry(("services", "web", "image"), Exact())


def test_the_gravest_come_first_and_exact_values_are_no_losses() -> None:
    found = losses([DEVELOP, IMAGE, LABEL, volumes("web")], Allowance())
    assert [loss.code for loss in found] == ["content-lost", "label-moved", "develop-unused"]
    assert [loss.severity for loss in found] == [Severity.ERROR, Severity.WARNING, Severity.NOTE]


@pytest.mark.parametrize("consequence", [Consequence.DATA, Consequence.SECURITY, Consequence.START])
def test_data_security_and_start_are_errors_until_accepted(consequence: Consequence) -> None:
    one = entry(("services", "web", "privileged"), lost("c", consequence))
    assert losses([one], Allowance())[0].severity is Severity.ERROR
    assert losses([one], Allowance(["c"]))[0].severity is Severity.NOTE


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("all", True),
        ("content-lost", True),
        ("volumes", True),
        ("web", True),
        ("services.web.volumes", True),
        ("services.*.volumes", True),
        ("volumes.0.source", True),
        ("services.web.volumes.0.source", True),
        ("services.web.volumes.0.source.more", False),
        ("services.db", False),
        ("services.volumes", False),
        ("content", False),
        ("vol", False),
    ],
)
def test_losses_are_accepted_by_code_field_or_path(name: str, accepted: bool) -> None:
    allowance = Allowance([name])
    assert allowance.accepts(volumes("web")) is accepted
    assert allowance.unused == (() if accepted else (name,))


def test_an_accepted_and_an_unaccepted_loss_of_one_code_stay_apart() -> None:
    found = losses([volumes("web"), volumes("db")], Allowance(["services.db"]))
    assert [(loss.severity, len(loss.entries)) for loss in found] == [(Severity.ERROR, 1), (Severity.NOTE, 1)]


def test_names_that_accept_nothing_are_known() -> None:
    allowance = Allowance(["contnt-lost", "all"])
    losses([volumes("web")], allowance)
    assert allowance.unused == ("contnt-lost",)


def test_one_place_is_named_in_full() -> None:
    (loss,) = losses([volumes("web", 7)], Allowance())
    drawn = grouped(loss)
    assert drawn.message == "services.web.volumes.0.source: it cannot be"
    assert str(drawn.place) == "compose.yaml:7:3"
    assert drawn.help == "to accept the loss: --allow-loss content-lost"


def test_several_places_become_one_diagnostic() -> None:
    (loss,) = losses([volumes("web", 7), volumes("db", 9, "another reason")], Allowance())
    drawn = grouped(loss)
    assert drawn.message == "services.*.volumes.0.source (2 values): it cannot be"
    assert [(str(place), label) for place, label in drawn.secondary] == [
        ("compose.yaml:9:3", "services.db.volumes.0.source: another reason")
    ]


def test_many_places_are_counted() -> None:
    (loss,) = losses([volumes(f"s{number}", number) for number in range(1, 31)], Allowance())
    drawn = grouped(loss)
    assert len(drawn.secondary) == MOST_PLACES
    assert drawn.secondary[-1][1] == f"and {30 - MOST_PLACES - 1} more places"


def test_two_values_of_one_line_are_named_once() -> None:
    (loss,) = losses([volumes("web", 7), volumes("web", 7), volumes("db", 9)], Allowance())
    drawn = grouped(loss)
    assert "(3 values)" in drawn.message
    assert [str(place) for place, _ in drawn.secondary] == ["compose.yaml:9:3"]


def test_every_place_is_accounted_for_whatever_their_number() -> None:
    for number in range(1, 12):
        (loss,) = losses([volumes(f"s{line}", line) for line in range(number)], Allowance())
        labels = [label for _, label in grouped(loss).secondary]
        counted = int(labels.pop().split()[1]) + 1 if labels and labels[-1].startswith("and ") else 0
        assert 1 + len(labels) + counted == number


def test_machines_get_one_diagnostic_for_each_place() -> None:
    (loss,) = losses([volumes("web", 7), volumes("db", 9)], Allowance())
    assert [found.message for found in single(loss)] == [
        "services.web.volumes.0.source: it cannot be (data is lost)",
        "services.db.volumes.0.source: it cannot be (data is lost)",
    ]


def test_advice_comes_before_the_way_to_accept() -> None:
    one = entry(("services", "web", "a"), lost("c", Consequence.START, advice="do that"))
    assert grouped(losses([one], Allowance())[0]).help == "do that\nto accept the loss: --allow-loss c"


def test_totals() -> None:
    unread = entry(("name",), Exact(), standing=Standing.LOADING)
    assert totals([IMAGE, IMAGE, LABEL, DEVELOP, volumes("web"), unread]) == {
        "exact": 2,
        "approximate-behaviour": 1,
        "missing-none": 1,
        "missing-data": 1,
        "loading": 1,
    }


def test_paths_as_people_write_them() -> None:
    assert dotted(("services", "my-web_1", "ports", 0)) == "services.my-web_1.ports.0"
    assert dotted(("services", "web", "labels", "a.b/c")) == 'services.web.labels."a.b/c"'
