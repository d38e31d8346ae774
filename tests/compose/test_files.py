from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from intermodal.compose.files import MOST_BYTES, Reader, ShippedFiles, decode
from intermodal.kit.diagnostics import Findings
from intermodal.model.files import FileKind
from tests.compose.loading import codes, write

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.model.files import ProjectFiles


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with files, links inside and out, and a neighbour whose name begins alike."""
    write(tmp_path, {"app/a.txt": "a", "app/d/b.txt": "bb", "app/d/e/c": "", "app2/secret": "s", "outside": "o"})
    app = tmp_path / "app"
    (app / "in").symlink_to("a.txt")
    (app / "out").symlink_to("../outside")
    (app / "d" / "up").symlink_to("..")
    (app / "d" / "away").symlink_to("../../app2")
    (app / "nowhere").symlink_to("missing")
    (app / "a.txt").chmod(0o640)
    return app


def test_only_folders_of_the_application_are_read(project: Path) -> None:
    files: ProjectFiles = ShippedFiles([str(project)])
    assert files.read(f"{project}/a.txt") == b"a"
    assert files.read(f"{project}/in") == b"a"
    assert files.read(f"{project}/d/../a.txt") == b"a"
    assert files.mode(f"{project}/a.txt") == 0o640
    for outside in ("out", "../outside", "d/away/secret", "../app2/secret", "/etc/passwd"):
        path = os.path.join(project, outside)  # noqa: PTH118 - the path is to stay as it is written
        assert not files.ships(path)
        assert files.kind(path) is FileKind.ABSENT
        assert list(files.entries(path)) == []
        with pytest.raises(PermissionError):
            files.read(path)
        with pytest.raises(PermissionError):
            files.mode(path)


def test_every_folder_given_ships(project: Path) -> None:
    files = ShippedFiles([str(project), str(project.parent / "app2")])
    assert files.read(f"{project}/d/away/secret") == b"s"


def test_a_folder_that_is_itself_a_link_ships(project: Path) -> None:
    link = project.parent / "link"
    link.symlink_to("app")
    assert ShippedFiles([str(link)]).read(f"{project}/a.txt") == b"a"
    assert ShippedFiles([str(project)]).read(f"{link}/a.txt") == b"a"


def test_entries_are_sorted_and_follow_no_ring_of_links(project: Path) -> None:
    found = ShippedFiles([str(project)]).entries(str(project))
    assert [(entry.path, entry.size) for entry in found] == [("a.txt", 1), ("d/b.txt", 2), ("d/e/c", 0), ("in", 1)]


def test_kinds(project: Path) -> None:
    files = ShippedFiles([str(project), "/dev"])
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(project / "s"))
        assert files.kind(f"{project}/s") is FileKind.SOCKET
    os.mkfifo(project / "pipe")
    assert files.kind(f"{project}/pipe") is FileKind.OTHER
    assert files.kind(f"{project}/a.txt") is FileKind.FILE
    assert files.kind(f"{project}/d") is FileKind.FOLDER
    assert files.kind("/dev/null") is FileKind.DEVICE
    assert files.kind(f"{project}/nowhere") is FileKind.ABSENT
    assert files.kind(f"{project}/\0") is FileKind.ABSENT


def test_reading_is_bounded(project: Path) -> None:
    with (project / "large").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(OSError, match="larger"):
        ShippedFiles([str(project)]).read(f"{project}/large")


def test_files_are_named_from_the_working_directory(project: Path) -> None:
    reader = Reader(str(project))
    assert reader.name(f"{project}/d/b.txt") == "d/b.txt"
    assert reader.name(f"{project}2/x") == f"{project}2/x"
    assert reader.absolute("b", "d") == f"{project}/d/b"
    assert reader.absolute("../b") == f"{project.parent}/b"
    assert reader.absolute("/b", "d") == "/b"
    assert reader.absolute("~/b") == os.path.expanduser("~/b")  # noqa: PTH111 - as the loader does


def test_a_file_is_read_once(project: Path) -> None:
    reader, findings = Reader(str(project)), Findings()
    first = reader.text(f"{project}/a.txt", findings)
    (project / "a.txt").write_text("changed")
    assert reader.text(f"{project}/a.txt", findings) is first
    assert reader.text(f"{project}/none", findings) is None
    assert reader.text(f"{project}/none", findings) is None
    assert codes(findings.diagnostics) == [("file-not-found", "")]


@pytest.mark.parametrize(
    "content",
    [b"a: \xc3\xa9", b"\xef\xbb\xbfa: \xc3\xa9", "a: é".encode("utf-16"), b"\xfe\xff" + "a: é".encode("utf-16-be")],
    ids=["plain", "marked", "little", "big"],
)
def test_text_comes_in_utf8_and_utf16(content: bytes) -> None:
    source = decode(content, "f", Findings())
    assert source is not None
    assert source.text == "a: é"


def test_what_is_not_text_is_an_error_at_its_place_and_is_not_shown() -> None:
    findings = Findings()
    assert decode(b"a: hunter2\nb: hunter2\xff", "f", findings) is None
    assert codes(findings.diagnostics) == [("not-text", "f:2:11")]
    assert findings.diagnostics[0].place is not None
    assert "hunter2" not in findings.diagnostics[0].place.source.text


def test_standard_input_is_read_where_it_was_given() -> None:
    source = Reader("/", "a: 1\n").text("-", Findings())
    assert source is not None
    assert (source.name, source.text) == ("stdin", "a: 1\n")
