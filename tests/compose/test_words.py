from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.compose.words import split, taken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("a b  c\td\ne", ["a", "b", "c", "d", "e"]),
        ("nginx -g 'daemon off;'", ["nginx", "-g", "daemon off;"]),
        ('a "b c" d\\ e \\"f\\"', ["a", "b c", "d e", '"f"']),
        ("a '' \"\" b", ["a", "", "", "b"]),
        ("it''s", ["its"]),
        ('"x\\ny"', ["xny"]),
        ("'\\n'", ["\\n"]),
        ("`a b` c", ["`a b`", "c"]),
        ("$(a b) c", ["$(a b)", "c"]),
        ("a=1 b", ["a=1", "b"]),
        ("a #b", ["a", "#b"]),
        ("sh -c 'a && b'", ["sh", "-c", "a && b"]),
    ],
)
def test_a_command_is_split_as_docker_compose_splits_it(text: str, words: list[str]) -> None:
    assert taken(text) == (words, "")


@pytest.mark.parametrize(
    ("text", "words", "lost"),
    [
        ("a && b", ["a"], "&& b"),
        ("a; b", ["a"], "; b"),
        ("a | b", ["a"], "| b"),
        ("a > b", ["a"], "> b"),
        ("a 2>b", ["a"], ">b"),
        ("a b< c", ["a", "b"], "< c"),
    ],
)
def test_what_docker_compose_drops_is_dropped_and_told(text: str, words: list[str], lost: str) -> None:
    assert taken(text) == (words, lost)


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a\\", "(a)", "a (b)", "`a", "$(a", "a)"])
def test_what_is_left_open_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"open|quoted"):
        split(text)


def test_long_words_take_no_longer_than_their_length() -> None:
    assert [len(word) for word in split("a" * 500_000 + " " + "b" * 500_000)] == [500_000, 500_000]


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="'", exclude_categories=["Cs"])), max_size=5))
def test_quoted_words_come_back(words: list[str]) -> None:
    assert split(" ".join(f"'{word}'" for word in words)) == words
