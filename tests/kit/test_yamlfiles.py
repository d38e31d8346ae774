from __future__ import annotations

import time
import tracemalloc
from itertools import pairwise
from string import ascii_lowercase

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.kit.diagnostics import Findings, Rejected
from intermodal.kit.nodes import Mapping, Node, Scalar, Sequence, plain
from intermodal.kit.places import Source
from intermodal.kit.yamlfiles import Limits, read


def one(text: str, **limits: int) -> Node:
    documents = read(Source("compose.yaml", text), limits=Limits(**limits) if limits else Limits())
    assert len(documents) == 1
    return documents[0]


def mapping(text: str) -> Mapping:
    node = one(text)
    assert isinstance(node, Mapping)
    return node


def refused(text: str) -> list[tuple[str, int, int]]:
    """The codes, lines and columns of what is wrong with a text."""
    with pytest.raises(Rejected) as caught:
        read(Source("compose.yaml", text))
    found = []
    for diagnostic in caught.value.diagnostics:
        assert diagnostic.place is not None
        assert diagnostic.message
        assert diagnostic.help
        found.append((diagnostic.code, diagnostic.place.line, diagnostic.place.column))
    return found


def test_every_value_and_every_key_knows_its_place() -> None:
    tree = mapping("a: 1\nb:\n  - x\n  - {c: 'é', d: }\n")
    assert str(tree.keys["b"].place) == "compose.yaml:2:1"
    listed = tree.items["b"]
    assert isinstance(listed, Sequence)
    assert [(item.line, item.column) for item in listed.items] == [(3, 5), (4, 5)]
    record = listed.items[1]
    assert isinstance(record, Mapping)
    assert (record.items["c"].line, record.items["c"].column) == (4, 9)
    assert (record.items["d"].line, record.items["d"].column) == (4, 17)
    assert plain(tree) == {"a": 1, "b": ["x", {"c": "é", "d": None}]}


def test_every_document_of_a_text_is_read() -> None:
    documents = read(Source("compose.yaml", "---\na: 1\n---\n---\nb: 2\n...\n"))
    assert [plain(document) for document in documents] == [{"a": 1}, None, {"b": 2}]
    assert read(Source("compose.yaml", "# nothing\n")) == []


def test_quoted_scalars_are_text() -> None:
    assert plain(one("['010', \"true\", '', \"~\", !!str 7, !override 12]")) == ["010", "true", "", "~", "7", "12"]


def test_aliases_share_their_node_and_keep_its_place() -> None:
    tree = mapping("a: &x\n  k: v\nb: *x\nc: [*x, *x]\n")
    assert tree.items["a"] is tree.items["b"]
    assert (tree.items["b"].line, tree.items["b"].column) == (1, 4)
    assert plain(tree)["c"] == [{"k": "v"}, {"k": "v"}]  # type: ignore[index]


def test_an_anchor_written_twice_means_the_later_one() -> None:
    assert plain(one("a: &x 1\nb: &x 2\nc: *x\n")) == {"a": 1, "b": 2, "c": 2}


def test_anchors_end_with_their_document() -> None:
    assert refused("a: &x 1\n---\nb: *x\n") == [("unknown-anchor", 3, 4)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n", {"a": 1, "b": 3}),
        ("x: &x {a: 1, b: 2}\ny: {b: 3, <<: *x}\n", {"a": 1, "b": 3}),
        ("x: [&x {a: 1}, &z {a: 2, c: 3}]\ny: {<<: [*x, *z]}\n", {"a": 1, "c": 3}),
        ("x: &x {<<: {a: 1}, b: 2}\ny: {<<: *x}\n", {"a": 1, "b": 2}),
        ("x: 0\ny: {<<: {a: 1}}\n", {"a": 1}),
        ("x: 0\ny: {'<<': {a: 1}}\n", {"<<": {"a": 1}}),
        ("x: &x <<\ny: {*x : {a: 1}}\n", {"<<": {"a": 1}}),
    ],
)
def test_merge_keys(text: str, value: object) -> None:
    assert plain(mapping(text).items["y"]) == value


def test_a_merged_value_keeps_the_place_of_its_anchor() -> None:
    tree = mapping("x: &x\n  a: 1\ny:\n  <<: *x\n")
    merged = tree.items["y"]
    assert isinstance(merged, Mapping)
    assert (merged.items["a"].line, merged.keys["a"].line) == (2, 2)


def test_the_tags_of_compose_stay_on_their_nodes() -> None:
    tree = mapping("a: !reset []\nb: !override {c: 1}\nc: !reset\nd: !!str 1\n")
    assert [node.tag for node in tree.items.values()] == ["!reset", "!override", "!reset", ""]
    assert plain(tree) == {"a": [], "b": {"c": 1}, "c": None, "d": "1"}


def test_an_unknown_tag_is_a_warning() -> None:
    findings = Findings()
    assert plain(read(Source("compose.yaml", "a: !vault x\n"), findings)[0]) == {"a": "x"}
    assert [(found.code, str(found.place)) for found in findings.diagnostics] == [("unknown-tag", "compose.yaml:1:4")]


REFUSED = {
    "a: 1\nb: 2\na: 3\n": [("duplicate-key", 3, 1)],
    "a: {x: 1, 'x': 2}\na: 1\n": [("duplicate-key", 1, 11), ("duplicate-key", 2, 1)],
    "<<: {a: 1}\n<<: {b: 1}\n": [("duplicate-key", 2, 1)],
    "1: a\ntrue: b\n~: c\n[x]: d\n": [("key-not-text", 1, 1), ("key-not-text", 2, 1), ("key-not-text", 3, 1),
                                      ("key-not-text", 4, 1)],
    "a:\n\tb: c\n": [("tab-indentation", 2, 1)],
    "a: [1\nb: 2\n": [("invalid-yaml", 2, 2)],
    "a: 'x\n": [("invalid-yaml", 2, 1)],
    "a: b: c\n": [("invalid-yaml", 1, 5)],
    "a: *b\n": [("unknown-anchor", 1, 4)],
    "a: &x [*x]\n": [("alias-inside-itself", 1, 8)],
    "a: {<<: 1}\n": [("merge-key-value", 1, 9)],
    "a: {<<: [{}, 1]}\n": [("merge-key-value", 1, 14)],
    "a: !!int x\n": [("tag-mismatch", 1, 4)],
    "a: b\x00c\n": [("not-text", 1, 5)],
    "a: b\nc: \x01\n": [("not-text", 2, 4)],
    "a: \ud800\n": [("not-text", 1, 4)],
    "%YAML 3.0\n---\na: 1\n": [("invalid-yaml", 1, 1)],
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_wrong_is_said_with_its_place(text: str) -> None:
    assert refused(text) == REFUSED[text]


def test_a_duplicate_key_shows_both_places() -> None:
    with pytest.raises(Rejected) as caught:
        one("a: 1\nb: 2\na: 3\n")
    ((place, _),) = caught.value.diagnostics[0].secondary
    assert (place.line, place.column) == (1, 1)


def test_thousands_of_duplicate_keys_do_not_make_thousands_of_messages() -> None:
    assert len(refused("a: 1\n" * 5000)) == 20


def bomb(levels: int, width: int) -> str:
    lines = ["a: &a [x]\n"]
    for before, name in pairwise(ascii_lowercase[:levels]):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * width)}]\n")
    return "".join(lines)


@pytest.mark.parametrize("text", [bomb(9, 9), bomb(26, 2), bomb(20, 60)], ids=["nine", "doubling", "wide"])
def test_an_alias_bomb_gets_one_diagnostic_at_once(text: str) -> None:
    tracemalloc.start()
    begin = time.perf_counter()
    found = refused(text)
    seconds = time.perf_counter() - begin
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [code for code, _, _ in found] == ["too-many-aliases"]
    assert seconds < 0.2
    assert peak < 20_000_000


def test_a_bomb_of_merge_keys_is_one_too() -> None:
    lines = ["a: &a {x: 1}\n"]
    for before, name in pairwise(ascii_lowercase):
        lines.append(f"{name}: &{name} {{<<: *{before}, l{name}: *{before}, r{name}: *{before}}}\n")
    assert [code for code, _, _ in refused("".join(lines))] == ["too-many-aliases"]


def test_ten_thousand_services_may_share_a_large_block() -> None:
    block = "x-common: &common\n" + "".join(f"  k{number}: v\n" for number in range(40))
    services = "".join(f"  s{number}:\n    <<: *common\n    image: x\n    tty: true\n" for number in range(10_000))
    tree = mapping(f"{block}services:\n{services}")
    assert len(plain(tree.items["services"])) == 10_000  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "- " * 5000, "".join(f"{' ' * level}a:\n" for level in range(500)), "{a: " * 5000],
    ids=["flow lists", "block lists", "block mappings", "flow mappings"],
)
def test_deep_nesting_is_refused_at_the_limit(text: str) -> None:
    begin = time.perf_counter()
    assert [code for code, _, _ in refused(text)] == ["nesting-too-deep"]
    assert time.perf_counter() - begin < 0.2


def test_aliases_cannot_nest_deeper_than_brackets_can() -> None:
    lines = ["a0: &a0 [[[[[[[[[[x]]]]]]]]]]\n"] + [f"a{n}: &a{n} [[[[[*a{n - 1}]]]]]\n" for n in range(1, 60)]
    ((code, line, _),) = refused("".join(lines))
    assert (code, line) == ("nesting-too-deep", 19)


def test_the_limits_are_what_they_say() -> None:
    assert plain(one("[[[x]]]", depth=3)) == [[["x"]]]
    with pytest.raises(Rejected):
        one("[[[x]]]", depth=2)
    text = "- &a [1, 2, 3]\n" + "- *a\n" * 5
    assert len(plain(one(text, borrowed=20, borrowed_per_node=0))) == 6  # type: ignore[arg-type]
    with pytest.raises(Rejected):
        one(text, borrowed=19, borrowed_per_node=0)


KEYS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=12) | st.floats(allow_nan=False)
TREES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=4), max_leaves=20
)


@given(st.dictionaries(KEYS, TREES, max_size=5))
def test_what_a_yaml_writer_writes_is_read_back(value: dict[str, object]) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_style='"')
    assert plain(one(text)) == _as_tagged(value)


def _as_tagged(value: object) -> object:
    """PyYAML quotes every scalar and tags those that are not text, so nothing but an infinity's spelling differs."""
    if isinstance(value, dict):
        return {key: _as_tagged(item) for key, item in value.items()}
    return [_as_tagged(item) for item in value] if isinstance(value, list) else value


def _read_or_rejected(text: str) -> None:
    source = Source("compose.yaml", text)
    try:
        documents = read(source)
    except Rejected as rejected:
        found = rejected.diagnostics
        documents = []
    else:
        found = ()
    for diagnostic in found:
        assert diagnostic.place is not None
        assert diagnostic.place.line >= 1
        assert diagnostic.place.column >= 1
    for document in documents:
        _has_places(document, source)


def _has_places(node: Node, source: Source) -> None:
    assert node.source is source
    assert node.line >= 1
    assert node.column >= 1
    if isinstance(node, Mapping):
        assert list(node.items) == list(node.keys)
    if not isinstance(node, Scalar):
        for child in node.items.values() if isinstance(node, Mapping) else node.items:
            _has_places(child, source)


@given(st.text())
def test_any_text_is_read_or_rejected(text: str) -> None:
    _read_or_rejected(text)


@settings(max_examples=300)
@given(st.lists(st.sampled_from([*"ab:-[]{},&*!|>'\"#%@`?~<\n\t 1", "<<: ", "*a", "&a ", "!reset ", "---\n", "  "])))
def test_texts_made_of_the_signs_of_yaml_are_read_or_rejected(parts: list[str]) -> None:
    _read_or_rejected("".join(parts))
