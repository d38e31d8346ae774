from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.clients.docker.references import InvalidReference, Reference, parse

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "full", "familiar"),
    [
        ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27", "nginx:1.27"),
        ("me/app", "docker.io/me/app:latest", "me/app:latest"),
        ("library/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
        ("docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("index.docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("ghcr.io/me/app:1", "ghcr.io/me/app:1", "ghcr.io/me/app:1"),
        ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
        ("localhost:5000/app", "localhost:5000/app:latest", "localhost:5000/app:latest"),
        ("box:5000/a/b/c:x", "box:5000/a/b/c:x", "box:5000/a/b/c:x"),
        ("[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest"),
        ("10.0.0.1:5050/a__b.c-d", "10.0.0.1:5050/a__b.c-d:latest", "10.0.0.1:5050/a__b.c-d:latest"),
        ("Registry/app", "Registry/app:latest", "Registry/app:latest"),
        (f"nginx@{DIGEST}", f"docker.io/library/nginx@{DIGEST}", f"nginx@{DIGEST}"),
        (f"nginx:1@{DIGEST}", f"docker.io/library/nginx:1@{DIGEST}", f"nginx:1@{DIGEST}"),
    ],
)
def test_names_are_read_as_the_engine_reads_them(text: str, full: str, familiar: str) -> None:
    found = parse(text)
    assert (str(found), found.familiar) == (full, familiar)
    assert parse(full) == parse(familiar) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nginx",
        "a b",
        "nginx:",
        "nginx:a b",
        "/nginx",
        "nginx/",
        "a//b",
        "nginx@sha256:12",
        "-a",
        "a..b",
        "a___b",
        "http://x/y",
        "0" * 64,
        "x" * 600,
        "nginx:" + "t" * 129,
        "nginx\n",
    ],
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidReference):
        parse(text)


@settings(deadline=None)
@given(st.text(alphabet="aZ0.:/@-_[]", max_size=40))
def test_a_full_name_stands_for_itself(text: str) -> None:
    try:
        found = parse(text)
    except InvalidReference:
        return
    assert parse(str(found)) == parse(found.familiar) == found
    assert isinstance(found, Reference)
