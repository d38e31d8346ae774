from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.compose.interpolate import InvalidTemplateError, MissingVariableError, interpolate, substitute
from intermodal.kit.diagnostics import Findings
from intermodal.kit.nodes import Mapping, plain
from intermodal.kit.places import Source
from intermodal.kit.yamlfiles import read

SET = {"A": "1", "E": "", "LONG": "x y", "_u": "under"}

# What docker compose 2.40.3 makes of each, with A=1 and E empty.
FILLED = {
    "": "", "none": "none", "$A": "1", "${A}": "1", "$A$A": "11", "$Ab": "", "${A}b": "1b", "$A.b": "1.b",
    "$A-$E": "1-", "$$A": "$A", "$$$A": "$1", "$$$$": "$$", "$": "$", "a$": "a$", "$5": "$5", "$ {A}": "$ {A}",
    "$é": "$é", "$-": "$-", "${U:-x}": "x", "${U-x}": "x", "${E:-x}": "x", "${E-x}": "", "${A:-x}": "1",
    "${A-x}": "1", "${A-}": "1", "${U-}": "", "${A:+y}": "y", "${U:+y}": "", "${E:+y}": "", "${E+y}": "y",
    "${U+y}": "", "${E?m}": "", "${A:?m}": "1", "${U:-${A}}": "1", "${U:-${V:-${A}}}": "1", "${U:-a}b}": "ab}",
    "${U:-{x}}": "{x}", "${U:-$${A}": "${A", "${U:-$${x}}": "${x}", "${U:-$}": "$", "${A+$$}": "$",
    "${U-a:-b}": "a:-b", "${U:-a-b?c}": "a-b?c", "${U:--x}": "-x", "${U:-'a b'}": "'a b'", "${A}\n${A:-b}": "1\n1",
    "x${U:-}y": "xy", "${_u}": "under", "${LONG}": "x y",
}  # fmt: skip


@pytest.mark.parametrize("text", FILLED)
def test_every_operator(text: str) -> None:
    assert substitute(text, SET.get, lambda _: None) == FILLED[text]


WRONG = ["${", "${}", "${1}", "${A", "${A.b}", "${A:b}", "${é}", "${U:=x}", "${A!}", "${U:-", "${U:-a\nb}", "${U:-${}}"]


@pytest.mark.parametrize("text", WRONG)
def test_wrong_expressions_are_refused(text: str) -> None:
    with pytest.raises(InvalidTemplateError):
        substitute(text, SET.get, lambda _: None)


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("${U:?}", "U", ""),
        ("${U:?need $A}", "U", "need 1"),
        ("${U?m}", "U", "m"),
        ("${E:?m}", "E", "m"),
        ("${A:-${U:?m}}", "U", "m"),
    ],
)
def test_required_variables_without_a_value_are_refused(text: str, name: str, reason: str) -> None:
    with pytest.raises(MissingVariableError) as caught:
        substitute(text, SET.get, lambda _: None)
    assert (caught.value.name, caught.value.reason) == (name, reason)


def test_a_variable_without_value_and_default_is_told() -> None:
    unset: list[str] = []
    assert substitute("$U ${V} ${W:-} ${X:+} $A $E", SET.get, unset.append) == "    1 "
    assert unset == ["U", "V"]


@given(st.lists(st.sampled_from(["${", "}", "$", "A", "U", ":-", "-", ":?", "?", ":+", "+", "{", " ", "\n", "x"])))
def test_any_text_is_filled_in_or_refused(parts: list[str]) -> None:
    try:
        substitute("".join(parts), SET.get, lambda _: None)
    except (InvalidTemplateError, MissingVariableError) as error:
        assert str(error)  # noqa: PT017 - both outcomes are good


@given(st.text())
def test_texts_without_dollars_stay_as_they_are(text: str) -> None:
    text = text.replace("$", "")
    assert substitute(text, SET.get, lambda _: None) == text


@given(st.text())
def test_doubled_dollars_give_the_text_back(text: str) -> None:
    assert substitute(text.replace("$", "$$"), SET.get, lambda _: None) == text


@pytest.mark.parametrize("text", ["${A:-" * 20_000, "${A:-" * 99 + "}" * 99, "${A" * 50_000, "$" * 1_000_001])
def test_hostile_texts_are_done_in_no_time(text: str) -> None:
    begin = time.perf_counter()
    try:
        substitute(text, SET.get, lambda _: None)
    except InvalidTemplateError as error:
        assert len(error.snippet) <= 60  # noqa: PT017 - being refused is as good
    assert time.perf_counter() - begin < 1


def tree_of(text: str) -> Mapping:
    (tree,) = read(Source("compose.yaml", text))
    assert isinstance(tree, Mapping)
    return tree


def test_only_values_are_filled_in_and_keep_their_places() -> None:
    findings = Findings()
    tree = tree_of("$A: $A\nlist:\n  - x\n  - ${A}\nnumber: 3\n")
    filled = interpolate(tree, SET, findings)
    assert plain(filled) == {"$A": "1", "list": ["x", "1"], "number": 3}
    assert str(filled.items["list"].items[1].place) == "compose.yaml:4:5"  # type: ignore[index, union-attr]
    assert not findings.diagnostics


def test_what_is_filled_in_is_text() -> None:
    assert plain(interpolate(tree_of("a: ${N}\n"), {"N": "10"}, Findings())) == {"a": "10"}


def test_a_tree_without_expressions_is_the_same_tree() -> None:
    tree = tree_of("a: [b, {c: d}]\n")
    assert interpolate(tree, SET, Findings()) is tree
    other = tree_of("a: [b, {c: d}]\ne: $A\n")
    assert interpolate(other, SET, Findings()).items["a"] is other.items["a"]


def test_shared_values_are_filled_in_once() -> None:
    findings = Findings()
    filled = interpolate(tree_of("a: &a [$U]\nb: *a\n"), SET, findings)
    assert filled.items["a"] is filled.items["b"]
    assert len(findings.diagnostics) == 1


def test_a_warning_for_each_name_at_the_place_of_the_expression() -> None:
    findings = Findings()
    interpolate(tree_of("a: x $U y\nb: ${U}\nc: |\n  one\n  two ${V}\n"), SET, findings)
    found = [(diagnostic.code, str(diagnostic.place)) for diagnostic in findings.diagnostics]
    assert found == [("variable-not-set", "compose.yaml:1:6"), ("variable-not-set", "compose.yaml:5:7")]


def test_errors_point_at_the_expression_and_are_all_found() -> None:
    findings = Findings()
    interpolate(tree_of('a: "see ${A!}"\nb: ["${U:?tell me}"]\n'), SET, findings)
    found = [(diagnostic.code, str(diagnostic.place)) for diagnostic in findings.diagnostics]
    assert found == [("invalid-interpolation", "compose.yaml:1:9"), ("variable-required", "compose.yaml:2:6")]
    assert "tell me" in findings.diagnostics[1].message
