from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from intermodal.platforms.kubernetes.escape import escaped, quoted

SHELLISH = st.text(alphabet="$()ab \\'\"{}", max_size=30)


def expand(text: str) -> str:
    """Kubernetes' own expansion with no variable defined (third_party/forked/golang/expansion/expand.go)."""
    made, position = "", 0
    while position < len(text):
        if text[position] == "$" and position + 1 < len(text):
            following = text[position + 1]
            closing = text.find(")", position + 2)
            if following == "$":
                made, position = made + "$", position + 2
                continue
            if following == "(" and closing >= 0:
                made, position = made + "?", closing + 1
                continue
        made, position = made + text[position], position + 1
    return made


@given(SHELLISH)
def test_what_is_escaped_reaches_the_process_unchanged(text: str) -> None:
    assert expand(escaped(text)) == text


def test_ordinary_dollars_stay_readable() -> None:
    assert escaped("echo $HOME ${A} 5$") == "echo $HOME ${A} 5$"
    assert escaped("echo $(date) $$") == "echo $$(date) $$$$"


@given(st.text(alphabet="ab '\"$`\\\n;&|<>()*?~#!é", max_size=30))
def test_a_quoted_word_is_one_word_of_a_shell(text: str) -> None:
    assert shlex.split(quoted(text)) == [text]
