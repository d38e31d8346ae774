from __future__ import annotations

import pytest

from intermodal.compose.mounts import ShortMount, is_path, parse


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("/data", ShortMount(target="/data")),
        ("data:/data", ShortMount(source="data", target="/data")),
        ("./a:/b:ro,z", ShortMount(source="./a", target="/b", options=("ro", "z"))),
        ("C:\\a:/b", ShortMount(source="C:\\a", target="/b")),
        ("c:/x:d:\\y:ro", ShortMount(source="c:/x", target="d:\\y", options=("ro",))),
        ("\\\\.\\pipe\\a:\\\\.\\pipe\\b", ShortMount(source="\\\\.\\pipe\\a", target="\\\\.\\pipe\\b")),
        ("a", ShortMount(target="a")),
        ("a:", ShortMount(target="a:")),
    ],
)
def test_short_mounts(text: str, mount: ShortMount) -> None:
    assert parse(text) == mount


def test_a_name_of_one_letter_is_taken_for_a_drive_as_docker_compose_takes_it() -> None:
    assert parse("a:/b:ro") == ShortMount(source="a:/b", target="ro")
    assert parse("a:/b:ro").is_path


def test_options_that_mean_nothing_are_named() -> None:
    assert parse("./a:/b:ro,cached,nope").unknown == ("cached", "nope")


@pytest.mark.parametrize(
    ("text", "reason"), [("", "empty"), ("/a::ro", "nothing stands"), ("/a:/b:ro:x", "too many"), ("::::", "nothing")]
)
def test_what_is_no_mount_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(text)


@pytest.mark.parametrize(
    ("source", "path"),
    [("./a", True), ("~", True), ("/a", True), ("C:/a", True), ("data", False), ("", False), ("a/b", False)],
)
def test_what_counts_as_a_path(source: str, path: bool) -> None:
    assert is_path(source) is path
