from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.drawing import WIDEST, Style, concise, draw, draw_all, token
from intermodal.kit.places import Place, Source
from intermodal.kit.records import replace
from intermodal.kit.reports import github, plain, sarif
from intermodal.kit.visible import visible, width

OVERRIDE = Source("override.yaml", "services:\n  web:\n    deploy:\n      replicas: three\n")
BASE = Source("compose.yaml", "services:\n")
REPLICAS = Diagnostic(
    code="replicas-not-a-number",
    severity=Severity.ERROR,
    message="services.web.deploy.replicas must be a whole number, not 'three'",
    place=Place(OVERRIDE, 4, 17),
    help="write `replicas: 3`",
    secondary=((Place(BASE, 10, 17), "overrides this value"),),
)
PLAIN = Style()


def at(line: str, column: int, number: int = 1) -> Diagnostic:
    source = Source("a.yaml", "\n" * (number - 1) + line)
    return Diagnostic(code="c", severity=Severity.WARNING, message="m", place=Place(source, number, column))


def test_the_house_style() -> None:
    assert draw(replace(REPLICAS, secondary=((Place(BASE, 1, 2), "overrides this value"),)), PLAIN) == (
        "error[replicas-not-a-number]: services.web.deploy.replicas must be a whole number, not 'three'\n"
        "  --> override.yaml:4:17\n"
        "   |\n"
        " 4 |       replicas: three\n"
        "   |                 ^^^^^\n"
        "  ::: compose.yaml:1:2  overrides this value\n"
        "   = help: write `replicas: 3`"
    )


def test_the_margin_fits_the_longest_line_number() -> None:
    assert draw(REPLICAS, PLAIN).splitlines()[1:6] == [
        "   --> override.yaml:4:17",
        "    |",
        "  4 |       replicas: three",
        "    |                 ^^^^^",
        "   ::: compose.yaml:10:17  overrides this value",
    ]


def test_help_of_several_lines_is_aligned() -> None:
    drawn = draw(replace(REPLICAS, place=None, secondary=(), help="one\ntwo"), PLAIN)
    assert drawn.splitlines()[1:] == ["   = help: one", "           two"]


def test_long_help_is_wrapped() -> None:
    drawn = draw(replace(REPLICAS, place=None, secondary=(), help="word " * 50), PLAIN).splitlines()
    assert len(drawn) == 4
    assert all(len(line) <= WIDEST + 11 for line in drawn)


def test_without_excerpts_only_places_are_shown() -> None:
    assert "replicas: three" not in draw(REPLICAS, Style(excerpts=False))
    assert "override.yaml:4:17" in draw(REPLICAS, Style(excerpts=False))


def test_a_place_without_a_position_names_the_file() -> None:
    drawn = draw(replace(REPLICAS, place=Place(Source("gone.yaml", ""), 0, 0), secondary=(), help=""), PLAIN)
    assert drawn.splitlines()[1:] == ["  --> gone.yaml"]


def test_colours_are_asked_for() -> None:
    assert "\x1b" not in draw(REPLICAS, PLAIN)
    coloured = draw(REPLICAS, Style(colour=True))
    assert coloured.startswith("\x1b[1;31merror[replicas-not-a-number]\x1b[0m")
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == draw(REPLICAS, PLAIN)


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("a: three # no", 4, "three"),
        ("key: value", 1, "key"),
        ("key:", 1, "key"),
        ("a: 'x # y' # z", 4, "'x # y'"),
        ('a: "x', 4, '"x'),
        ("[aa, bb]", 2, "aa"),
        ("{a: bb}", 5, "bb"),
        ("- 8080:80", 3, "8080:80"),
        ("\tweb:", 1, "\t"),
        ("a: x, y", 4, "x, y"),
        ("", 1, ""),
        ("ab", 9, ""),
    ],
)
def test_the_token_under_the_carets(line: str, column: int, expected: str) -> None:
    assert token(line, column) == max(len(expected), 1)


def test_tabs_and_wide_characters_keep_the_carets_in_place() -> None:
    lines = draw(at("\t日本: x", 6), PLAIN).splitlines()
    assert lines[-2] == " 1 |     日本: x"
    assert lines[-1] == "   | " + " " * (4 + 4 + 2) + "^"
    assert draw(at("日本", 1), PLAIN).splitlines()[-1] == "   | ^^^^"
    assert width("e\u0301") == 1


def test_long_lines_are_cut_around_the_place() -> None:
    line = "a" * 500 + " wrong " + "b" * 500
    shown, carets = draw(at(line, 502), PLAIN).splitlines()[-2:]
    assert shown.startswith(" 1 | …aaa")
    assert shown.endswith("b…")
    assert len(shown) <= WIDEST + 5
    assert shown[carets.index("^") :].startswith("wrong")


def test_very_long_lines_cost_little() -> None:
    drawn = draw(at("\t" * 10_000_000, 9_999_999), PLAIN)
    assert max(map(len, drawn.splitlines())) < 2 * WIDEST


HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\u202etxt\u200b\x9b31m\x7f"


@pytest.mark.parametrize("colour", [False, True])
def test_escapes_in_hostile_files_never_reach_the_terminal(colour: bool) -> None:
    hostile = Diagnostic(
        code=HOSTILE,
        severity=Severity.ERROR,
        message=HOSTILE + "\nsecond",
        place=Place(Source(HOSTILE, "a: " + HOSTILE.replace("\r", "")), 1, 4),
        help=HOSTILE,
        secondary=((Place(Source(HOSTILE, ""), 1, 1), HOSTILE),),
    )
    style = Style(colour=colour)
    for drawn in (draw(hostile, style), concise(hostile, style), github(hostile)):
        rest = re.sub(r"\x1b\[[0-9;]+m", "", drawn) if colour else drawn
        assert all(line.isprintable() for line in rest.split("\n")), rest


@given(st.text(), st.integers(0, 300), st.integers(0, 5))
def test_anything_can_be_drawn(text: str, column: int, number: int) -> None:
    place = Place(Source("a", text), number, column)
    drawn = draw(Diagnostic(code="c", severity=Severity.NOTE, message=text, place=place, help=text), PLAIN)
    assert all(line.isprintable() for line in drawn.split("\n"))


@given(st.text())
def test_visible_text_is_printable_and_printable_text_stays(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


def test_a_veil_keeps_values_from_view() -> None:
    secret = replace(REPLICAS, place=Place(Source("a.yaml", "  PASSWORD: hunter2"), 1, 13), secondary=())
    drawn = draw(secret, Style(veil=lambda _source, _number, line: line[:12] + "***"))
    assert "hunter2" not in drawn
    assert drawn.splitlines()[4] == "   |             ^^^"


def test_carets_stay_on_what_a_veil_shows() -> None:
    for column in (13, 17, 40):
        secret = replace(REPLICAS, place=Place(Source("a.yaml", "  PASSWORD: hunter2"), 1, column), secondary=())
        drawn = draw(secret, Style(veil=lambda _source, _number, line: line[:12] + "***"))
        assert drawn.splitlines()[4] == "   |             ^^^"


def test_several_diagnostics_are_parted_by_an_empty_line() -> None:
    assert draw_all([], PLAIN) == ""
    assert draw_all([REPLICAS, REPLICAS], PLAIN) == draw(REPLICAS, PLAIN) + "\n\n" + draw(REPLICAS, PLAIN) + "\n"


def test_concise() -> None:
    assert concise(REPLICAS, PLAIN) == (
        "override.yaml:4:17: error[replicas-not-a-number]: "
        "services.web.deploy.replicas must be a whole number, not 'three'"
    )
    assert concise(replace(REPLICAS, place=None), PLAIN).startswith("error[replicas-not-a-number]: ")


def test_json() -> None:
    assert json.loads(json.dumps(plain(REPLICAS))) == {
        "code": "replicas-not-a-number",
        "severity": "error",
        "message": "services.web.deploy.replicas must be a whole number, not 'three'",
        "file": "override.yaml",
        "line": 4,
        "column": 17,
        "help": "write `replicas: 3`",
        "secondary": [{"file": "compose.yaml", "line": 10, "column": 17, "message": "overrides this value"}],
    }
    assert plain(replace(REPLICAS, place=None))["file"] is None


def test_sarif() -> None:
    other = Diagnostic(code="b", severity=Severity.NOTE, message="m", place=Place(Source("a b.yaml", ""), 0, 0))
    log = sarif([REPLICAS, other, REPLICAS, replace(other, place=None)], "intermodal", "1.0")
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"] == [
        {"id": "replicas-not-a-number", "name": "ReplicasNotANumber"},
        {"id": "b", "name": "B"},
    ]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0, 1]
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "override.yaml"},
        "region": {"startLine": 4, "startColumn": 17},
    }
    assert run["results"][0]["relatedLocations"][0]["message"] == {"text": "overrides this value"}
    assert run["results"][1]["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "a%20b.yaml"}}}]
    assert "locations" not in run["results"][3]


def test_github_annotations() -> None:
    odd = replace(REPLICAS, message="100%\nlost", place=Place(Source("a,b:c.yaml", ""), 4, 17), help="")
    assert github(odd) == "::error file=a%2Cb%3Ac.yaml,line=4,col=17,title=replicas-not-a-number::100%25%0Alost"
    assert github(replace(odd, place=None, severity=Severity.NOTE)).startswith("::notice title=")
