"""Files that ship with the application, cut to what a ConfigMap may hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intermodal.platforms.kubernetes.names import is_config_key
from intermodal.platforms.kubernetes.payload import LIMIT
from intermodal.platforms.kubernetes.storage.shipped_files import MOST_FILES, FileSet, Refusal, gather
from tests.applications import FilesInMemory

NAMES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="/\x00"), min_size=1, max_size=30)


def gathered(files: dict[str, bytes], path: str = "/p/d", modes: dict[str, int] | None = None) -> FileSet:
    found = gather(FilesInMemory(files, modes or {}), path)
    assert isinstance(found, FileSet)
    return found


def test_a_single_file() -> None:
    found = gathered({"/p/d/nginx.conf": b"x"}, "/p/d/nginx.conf")
    assert found.single
    assert [(file.key, file.path, file.content) for file in found.files] == [("nginx.conf", "nginx.conf", b"x")]


def test_a_nested_folder_gets_flat_keys_and_keeps_its_paths() -> None:
    found = gathered({"/p/d/a/x.conf": b"1", "/p/d/a-x.conf": b"2", "/p/d/y.conf": b"3"})
    assert {file.path for file in found.files} == {"a/x.conf", "a-x.conf", "y.conf"}
    assert len({file.key for file in found.files}) == 3
    assert not found.flat


def test_modes_keep_who_may_read_and_run_and_forget_who_may_write() -> None:
    files = {"/p/d/a": b"", "/p/d/b": b"x", "/p/d/c": b"x"}
    found = gathered(files, modes={"/p/d/a": 0o444, "/p/d/b": 0o664, "/p/d/c": 0o775})
    assert [file.mode for file in found.files] == [0o644, 0o644, 0o755]
    assert found.common_mode is None
    assert gathered({"/p/d/a": b"x"}, modes={"/p/d/a": 0o666}).common_mode == 0o644


def test_placeholders_are_nothing() -> None:
    assert gather(FilesInMemory({"/p/d/.gitkeep": b""}), "/p/d") == Refusal("")


def test_what_is_too_large_or_too_many_is_refused_with_a_reason() -> None:
    assert isinstance(gathered({"/p/d/a": b"x" * LIMIT}), FileSet)
    for files in ({"/p/d/a": b"x" * (LIMIT + 1)}, {f"/p/d/{i}": b"x" for i in range(MOST_FILES + 1)}):
        found = gather(FilesInMemory(files), "/p/d")
        assert isinstance(found, Refusal)
        assert found
    single = gather(FilesInMemory({"/p/big.bin": b"x" * (LIMIT + 1)}), "/p/big.bin")
    assert single == Refusal(f"it has {LIMIT + 1} bytes")


def test_one_credential_makes_the_whole_secret() -> None:
    assert gathered({"/p/d/site.conf": b"", "/p/d/site.key": b""}).secret
    assert not gathered({"/p/d/site.conf": b"a"}).secret


@given(st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=20), min_size=1))
def test_every_file_is_there_under_a_valid_key_of_its_own(tree: dict[str, bytes]) -> None:
    files = {f"/p/d/{name}": content for name, content in tree.items()}
    found = gather(FilesInMemory(files), "/p/d")
    if isinstance(found, Refusal):
        assert found == ""
        return
    keys = [file.key for file in found.files]
    assert all(map(is_config_key, keys))
    assert len(set(keys)) == len(keys)
    assert {file.path: file.content for file in found.files} == tree
