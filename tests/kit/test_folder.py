from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from intermodal.kit import placing
from intermodal.kit.folder import MANIFEST, Decision, carry_out, decide, look

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

WANTED = {"web.yaml": b"web: 1\n", "db.yaml": b"db: 1\n", "files/motd": b"\x00hello"}


def write(folder: Path, wanted: Mapping[str, bytes]) -> tuple[Decision, tuple[str, ...]]:
    seen = look(str(folder), wanted)
    decision = decide(seen, wanted)
    return decision, carry_out(str(folder), seen, decision)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder but the manifest."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "out"


@pytest.fixture
def written(folder: Path) -> Path:
    write(folder, WANTED)
    return folder


def test_a_folder_is_created(folder: Path) -> None:
    decision, kept = write(folder, WANTED)
    assert contents(folder) == WANTED
    assert kept == ()
    assert not decision.needs_force


def test_an_empty_folder_needs_no_force(folder: Path) -> None:
    folder.mkdir(parents=True)
    assert not decide(look(str(folder), WANTED), WANTED).needs_force


def test_writing_the_same_again_changes_nothing_and_needs_no_force(written: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in written.rglob("*")}
    decision, _ = write(written, WANTED)
    assert not decision.needs_force
    assert decision.write == {}
    assert {file: file.stat().st_mtime_ns for file in written.rglob("*")} == before


@pytest.mark.parametrize("name", ["web.yaml", "other", ".git"])
def test_a_folder_with_anything_in_it_needs_force(folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    (folder / name).write_text("mine")
    assert decide(look(str(folder), WANTED), WANTED).needs_force


def test_a_changed_translation_needs_force(written: Path) -> None:
    wanted = WANTED | {"web.yaml": b"web: 2\n"}
    assert decide(look(str(written), wanted), wanted).needs_force


def test_stale_files_of_ours_are_removed_with_the_folders_they_leave_empty(written: Path) -> None:
    decision, _ = write(written, {"web.yaml": b"web: 2\n"})
    assert decision.needs_force
    assert contents(written) == {"web.yaml": b"web: 2\n"}
    assert not (written / "files").exists()


def test_files_not_ours_are_never_deleted(written: Path) -> None:
    (written / "mine.yaml").write_text("mine")
    (written / "files" / "mine").write_text("mine")
    write(written, {"web.yaml": b"web: 2\n"})
    assert contents(written) == {"web.yaml": b"web: 2\n", "mine.yaml": b"mine", "files/mine": b"mine"}


def test_a_file_not_ours_whose_name_is_needed_is_kept_aside(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "web.yaml").write_text("mine")
    (folder / "web.yaml.kept").write_text("older")
    _, kept = write(folder, WANTED)
    assert kept == ("web.yaml.kept.2",)
    assert contents(folder) == WANTED | {"web.yaml.kept": b"older", "web.yaml.kept.2": b"mine"}


def test_an_edited_file_of_ours_is_kept_aside(written: Path) -> None:
    (written / "web.yaml").write_text("edited")
    _, kept = write(written, WANTED)
    assert kept == ("web.yaml.kept",)
    assert contents(written) == WANTED | {"web.yaml.kept": b"edited"}


def test_an_edited_file_of_ours_that_is_stale_stays_and_is_named_each_time(written: Path) -> None:
    (written / "db.yaml").write_text("edited")
    rest = {"web.yaml": b"web: 1\n"}
    for _ in range(2):
        decision, _ = write(written, rest)
        assert decision.left == ("db.yaml",)
    assert contents(written) == rest | {"db.yaml": b"edited"}


def test_a_file_that_was_there_with_the_same_content_does_not_become_ours(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "web.yaml").write_bytes(WANTED["web.yaml"])
    write(folder, WANTED)
    write(folder, {"db.yaml": b"db: 1\n"})
    assert contents(folder) == {"web.yaml": WANTED["web.yaml"], "db.yaml": WANTED["db.yaml"]}


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


CALLS = ("open", "write", "replace", "rename", "unlink", "mkdir", "rmdir", "makedirs")


def killed_at(number: int, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> bool:
    """Run `act`, killing it before the system call of that number; whether it was killed."""
    left = [number]

    def mortal(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def call(*arguments: object, **options: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patched:
        for name in CALLS:
            patched.setattr(os, name, mortal(name))
        try:
            act()
        except Killed:
            return True
    return False


@pytest.mark.parametrize("fresh", [True, False], ids=["first run", "later run"])
def test_killed_at_any_moment_each_file_is_old_or_new_and_a_rerun_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    old = {} if fresh else WANTED
    new = {"web.yaml": b"web: 2\n", "db.yaml": b"db: 1\n", "files/new": b"x"}
    for number in range(1000):
        folder = tmp_path / str(number)
        if old:
            write(folder, old)
        was_killed = killed_at(number, monkeypatch, lambda folder=folder: write(folder, new))  # type: ignore[misc]
        found = {name: text for name, text in contents(folder).items() if not name.endswith(placing.FRESH)}
        assert all(text in {old.get(name), new.get(name)} for name, text in found.items())
        assert {name for name in old if name in new} <= set(found)
        decision, kept = write(folder, new)
        assert kept == ()
        if fresh:
            assert not decision.needs_force
        assert contents(folder) == new
        assert json.loads((folder / MANIFEST).read_text())["state"] == "complete"
        if not was_killed:
            assert number > 10
            return
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize("name", ["../out", "/etc/x", "a/../../b", "a//b", ".", "", "a\0b", "a\\b", MANIFEST])
def test_names_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a file"):
        look(str(tmp_path), {name: b""})


def test_a_hostile_manifest_cannot_make_us_delete_elsewhere(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "a").write_bytes(b"")
    (folder / "link").symlink_to(elsewhere)
    (folder / "plain").symlink_to(elsewhere / "a")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for name in ("../elsewhere/a", "link/a", "plain"):
        listed = {"schema": 1, "state": "complete", "files": {name: [empty, ""]}}
        (folder / MANIFEST).write_text(json.dumps(listed))
        write(folder, WANTED)
        assert (elsewhere / "a").exists()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "files").symlink_to(elsewhere)
    with pytest.raises(placing.Obstructed, match="files"):
        write(folder, WANTED)
    assert list(elsewhere.iterdir()) == []
    (elsewhere / "a").write_text("theirs")
    (folder / "files").unlink()
    (folder / "web.yaml").symlink_to(elsewhere / "a")
    write(folder, WANTED)
    assert (elsewhere / "a").read_text() == "theirs"
    assert (folder / "web.yaml").read_bytes() == WANTED["web.yaml"]


def test_a_folder_where_a_file_must_go_is_in_the_way(folder: Path) -> None:
    (folder / "web.yaml").mkdir(parents=True)
    with pytest.raises(placing.Obstructed, match=r"web\.yaml is a folder"):
        write(folder, WANTED)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, '{"state": 1, "files": [1]}', '{"files": {"a": 1}}'])
def test_a_damaged_manifest_says_nothing(folder: Path, text: str) -> None:
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(text)
    assert look(str(folder), WANTED).ours == {}
