"""Compose files that are nearly right: what a generator of inputs makes of the grammar's keys and of odd values."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from intermodal.compose import grammar
from intermodal.compose.kinds import ListOf, MapOf, OneOrMany, Record

NAMES = st.sampled_from(["a", "b", "c", "default", "x-mine", "A", "", "a b", "0", "<<"])
TEXTS = st.sampled_from(
    [
        "", "a", "b", ".", "./x", "../x", "/x", "~", "a=b", "=", "a:b", "a:b:ro", ":", "80", "80:81", "1-2:3-4",
        "8-7", "::1:80:80", "${A}", "${B:-c}", "${B:?d}", "${", "$$", "${B:-80}:80", "1g", "1.5", "-1", "10s",
        "1m30s", "1x", "all", "none", "host", "service:a", "service:zz", "container:c", "CMD", "NONE",
        "service_healthy", "on-failure:3", "always", "a'b", '"', "a\nb", "\u2028", "1.1.1.1", "10.0.0.0/24", "true",
        "no", "0644", "missing", "raw", "bind", "volume", "tmpfs", "udp", "80/udp", "999999999999999999999",
    ]
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.text(max_size=6)
)
ODD = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES | TEXTS, below, max_size=3), max_leaves=6
)


@cache
def near(kind: object, depth: int = 5) -> st.SearchStrategy[Any]:
    """Values that are often of a kind, and sometimes anything."""
    if depth == 0:
        return SCALARS
    if isinstance(kind, Record):
        fields = {key: near(field, depth - 1) for key, field in kind.fields.items()}
        return st.one_of(chosen(fields), chosen(fields), ODD)
    if isinstance(kind, MapOf):
        return st.dictionaries(NAMES, near(kind.value, depth - 1), max_size=3) | ODD
    if isinstance(kind, ListOf):
        return st.lists(near(kind.item, depth - 1), max_size=3) | ODD
    if isinstance(kind, OneOrMany):
        return SCALARS | st.lists(SCALARS, max_size=3)
    return st.one_of(SCALARS, SCALARS, ODD)


def chosen(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the fields, with values."""
    names = st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True)
    return names.flatmap(lambda some: st.fixed_dictionaries({name: fields[name] for name in some}))


def services() -> st.SearchStrategy[dict[str, Any]]:
    """A service that has an image and some more."""
    record = grammar.APPLICATION.fields["services"]
    assert isinstance(record, MapOf)
    return near(record.value).map(lambda found: {"image": "x", **found} if isinstance(found, dict) else found)


def files() -> st.SearchStrategy[dict[str, Any]]:
    """A compose file with some services and some more."""
    several = st.dictionaries(st.sampled_from(["a", "b", "c"]), services(), max_size=3)
    rest = near(grammar.APPLICATION).map(lambda found: found if isinstance(found, dict) else {})
    return st.builds(lambda more, some: {**more, "services": some}, rest, several)
