"""Everything that can be wrong with what is loaded, in one table: a code, a place, a reason and help for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.compose.loading import codes, loaded, rejected, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

A = "services:\n  a:\n    image: x\n"

Row = tuple[str, "Mapping[str, str | bytes]", "list[tuple[str, str]]"]

BAD: tuple[Row, ...] = (
    ("no file at all", {}, [("no-compose-file", "")]),
    ("empty", {"compose.yaml": ""}, [("empty-compose-file", "")]),
    ("only a comment", {"compose.yaml": "# nothing\n"}, [("empty-compose-file", "")]),
    ("nothing defined", {"compose.yaml": "{}\n"}, [("empty-compose-file", "compose.yaml:1:1")]),
    ("a list", {"compose.yaml": "- a\n"}, [("not-a-mapping", "compose.yaml:1:1")]),
    ("a text", {"compose.yaml": "hello\n"}, [("not-a-mapping", "compose.yaml:1:1")]),
    ("not YAML", {"compose.yaml": "services: [\n"}, [("invalid-yaml", "compose.yaml:2:1")]),
    ("a tab", {"compose.yaml": "services:\n\ta:\n"}, [("tab-indentation", "compose.yaml:2:1")]),
    ("binary", {"compose.yaml": b"\x7fELF\x02\x01\x01\x00"}, [("not-text", "compose.yaml:1:1")]),
    ("not UTF-8", {"compose.yaml": b"a: 1\nb: \xff\xfe\n"}, [("not-text", "compose.yaml:2:4")]),
    ("a key twice", {"compose.yaml": A + "    image: y\n"}, [("duplicate-key", "compose.yaml:4:5")]),
    ("a number as key", {"compose.yaml": A + "    labels: {1: y}\n"}, [("key-not-text", "compose.yaml:4:14")]),
    ("a folder", {"compose.yaml/x": ""}, [("no-compose-file", "")]),
    ("an unknown version", {"compose.yaml": "version: '9'\n" + A}, [("version-unsupported", "compose.yaml:1:10")]),
    (
        "a required variable",
        {"compose.yaml": "services:\n  a:\n    image: ${TAG:?say which}\n"},
        [("variable-required", "compose.yaml:3:12")],
    ),
    (
        "a wrong expression",
        {"compose.yaml": "services:\n  a:\n    image: x:${TAG\n"},
        [("invalid-interpolation", "compose.yaml:3:14")],
    ),
    ("no env file", {"compose.yaml": A + "    env_file: a.env\n"}, [("file-not-found", "compose.yaml:4:15")]),
    (
        "an env file that is a folder",
        {"compose.yaml": A + "    env_file: d\n", "d/x": ""},
        [("file-is-a-folder", "compose.yaml:4:15")],
    ),
    (
        "a wrong env file",
        {"compose.yaml": A + "    env_file: a.env\n", "a.env": "OK=1\nA B=2\n"},
        [("invalid-env-file", "a.env:2:1")],
    ),
    ("a wrong .env", {"compose.yaml": A, ".env": "A='x\n"}, [("invalid-env-file", ".env:1:3")]),
    (
        "an unknown format",
        {"compose.yaml": A + "    env_file: [{path: a.env, format: toml}]\n", "a.env": ""},
        [("unknown-env-file-format", "compose.yaml:4:38")],
    ),
    ("no label file", {"compose.yaml": A + "    label_file: l\n"}, [("file-not-found", "compose.yaml:4:17")]),
    ("extends itself", {"compose.yaml": A + "    extends: a\n"}, [("extends-cycle", "compose.yaml:4:14")]),
    (
        "extends in a ring",
        {
            "compose.yaml": "services:\n  a:\n    extends: {file: b.yaml, service: b}\n",
            "b.yaml": "services:\n  b:\n    extends: {file: compose.yaml, service: a}\n",
        },
        [("extends-cycle", "b.yaml:3:44")],
    ),
    ("extends nobody", {"compose.yaml": A + "    extends: b\n"}, [("extends-unknown-service", "compose.yaml:4:14")]),
    (
        "extends nothing",
        {"compose.yaml": A + "    extends: {file: b.yaml}\n"},
        [("extends-without-service", "compose.yaml:4:14")],
    ),
    (
        "extends from no file",
        {"compose.yaml": A + "    extends: {file: b.yaml, service: b}\n"},
        [("file-not-found", "compose.yaml:4:21")],
    ),
    (
        "includes itself",
        {"compose.yaml": "include: [compose.yaml]\n" + A},
        [("include-cycle", "compose.yaml:1:11")],
    ),
    (
        "includes in a ring",
        {
            "compose.yaml": "include: [i.yaml]\n",
            "i.yaml": "include: [s/j.yaml]\n",
            "s/j.yaml": "include: [../i.yaml]\n",
        },
        [("include-cycle", "s/j.yaml:1:11")],
    ),
    ("includes no file", {"compose.yaml": "include: [i.yaml]\n" + A}, [("file-not-found", "compose.yaml:1:11")]),
    ("include is a text", {"compose.yaml": "include: i.yaml\n" + A}, [("invalid-include", "compose.yaml:1:10")]),
    ("include of a number", {"compose.yaml": "include: [3]\n" + A}, [("invalid-include", "compose.yaml:1:11")]),
    (
        "two of a name",
        {"compose.yaml": "include: [i.yaml]\n" + A, "i.yaml": A.replace("x", "y")},
        [("include-conflict", "compose.yaml:3:3")],
    ),
    (
        "forms that do not go together",
        {"compose.yaml": A + "    ports: [80]\n", "compose.override.yaml": "services: {a: {ports: {a: b}}}\n"},
        [("cannot-override", "compose.override.yaml:1:23")],
    ),
    (
        "everything at once",
        {"compose.yaml": "services:\n  a:\n    image: ${A\n    extends: b\n    command: ${B:?}\n"},
        [
            ("invalid-interpolation", "compose.yaml:3:12"),
            ("variable-required", "compose.yaml:5:14"),
            ("extends-unknown-service", "compose.yaml:4:14"),
        ],
    ),
)


@pytest.mark.parametrize(("files", "found"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_wrong_is_said(files: dict[str, str | bytes], found: list[tuple[str, str]], tmp_path: Path) -> None:
    errors = rejected(tmp_path, files)
    assert codes(errors) == found
    for error in errors:
        assert error.message
        assert error.help


ASKED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("a missing file", {"files": ("nope.yaml",)}, "file-not-found"),
    ("a folder", {"files": (".",)}, "file-is-a-folder"),
    ("an impossible path", {"files": ("a\0b",)}, "file-unreadable"),
    ("a missing env file", {"env_files": ("nope.env",)}, "file-not-found"),
    ("a bad name", {"project_name": "Not A Name"}, "invalid-project-name"),
    ("empty standard input", {"files": ("-",), "stdin": ""}, "empty-compose-file"),
    ("missing files of COMPOSE_FILE", {"environment": {"COMPOSE_FILE": "x.yaml:y.yaml"}}, "file-not-found"),
    ("a bad name by variable", {"environment": {"COMPOSE_PROJECT_NAME": "A"}}, "invalid-project-name"),
)


@pytest.mark.parametrize(("options", "code"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_what_was_asked_for_wrongly_is_said(options: dict[str, Any], code: str, tmp_path: Path) -> None:
    errors = rejected(tmp_path, {"compose.yaml": A}, **options)
    assert {error.code for error in errors} == {code}
    assert all(error.help for error in errors)


def test_a_folder_whose_name_makes_no_project_name_is_said(tmp_path: Path) -> None:
    folder = write(tmp_path / "---", {"compose.yaml": A})
    assert codes(rejected(folder, {})) == [("project-name-missing", "")]


def test_a_file_of_a_hundred_megabytes_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "compose.yaml").open("wb") as file:
        file.truncate(100_000_000)
    assert codes(rejected(tmp_path, {})) == [("file-too-large", "")]


def test_endless_files_are_refused(tmp_path: Path) -> None:
    assert codes(rejected(tmp_path, {}, files=("/dev/zero",))) == [("file-unreadable", "")]


def test_a_ring_shows_every_step(tmp_path: Path) -> None:
    text = "services:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: a}\n"
    (error,) = rejected(tmp_path, {"compose.yaml": text})
    assert "a -> b -> c -> a" in error.message
    assert [place.line for place, _ in error.secondary] == [2, 3]


def test_no_chain_of_extends_is_too_long_for_an_answer(tmp_path: Path) -> None:
    services = "".join(f"  s{number}: {{extends: s{number + 1}}}\n" for number in range(3000))
    text = f"services:\n{services}  s3000: {{image: x}}\n"
    errors = rejected(tmp_path, {"compose.yaml": text})
    assert [error.code for error in errors] == ["extends-too-deep"]


def test_includes_that_double_at_every_step_are_read_once(tmp_path: Path) -> None:
    files = {f"i{number}.yaml": f"include: [i{number + 1}.yaml, ./i{number + 1}.yaml]\n" for number in range(40)}
    files["i40.yaml"] = A
    files["compose.yaml"] = "include: [i0.yaml]\n"
    assert list(loaded(tmp_path, files).application.services) == ["a"]


def test_includes_that_never_end_are_refused(tmp_path: Path) -> None:
    files = {f"i{number}.yaml": f"include: [i{number + 1}.yaml]\n" for number in range(80)}
    files["compose.yaml"] = "include: [i0.yaml]\n" + A
    assert {code for code, _ in codes(rejected(tmp_path, files))} == {"too-many-includes"}


def test_includes_with_ever_new_variables_are_refused(tmp_path: Path) -> None:
    files = {}
    for number in range(30):
        entries = [f"{{path: i{number + 1}.yaml, env_file: {kind}{number}.env}}" for kind in "ab"]
        files[f"i{number}.yaml"] = f"include: [{', '.join(entries)}]\n"
        files[f"a{number}.env"] = f"V{number}=a\n"
        files[f"b{number}.env"] = f"V{number}=b\n"
    files["compose.yaml"] = "include: [i0.yaml]\n"
    files["i30.yaml"] = "services: {}\n"
    assert {code for code, _ in codes(rejected(tmp_path, files))} == {"too-many-includes"}
