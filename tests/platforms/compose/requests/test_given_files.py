from __future__ import annotations

from typing import Any

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.model.files import Grant, SharedFile
from intermodal.model.platform import Settings
from intermodal.platforms.compose.requests import Around, ServiceRequest, container, wanted
from tests.applications import FilesInMemory, application, service

FILES = {"/project/motd": b"hello", "/project/conf/a": b"1", "/project/conf/deep/b": b"2"}


def requested(
    declared: SharedFile, *, section: str = "configs", local: bool = True, files: str = "mount", **grant: Any
) -> ServiceRequest:
    said: dict[str, Any] = {section: (Grant(source="it", **grant),)}
    parts: dict[str, Any] = {section: {"it": declared}}
    whole = application(service(**said), **parts)
    return wanted(whole, Settings(options={"files": files}), FilesInMemory(FILES), local=local).services["web"]


@pytest.mark.parametrize(("section", "target"), [("configs", "/it"), ("secrets", "/run/secrets/it")])
def test_a_file_of_this_machine_is_mounted_where_the_engine_is_here(section: str, target: str) -> None:
    request = requested(SharedFile(file="/project/motd"), section=section)
    assert container(request, 1, Around()).body["HostConfig"]["Mounts"] == [
        {"Type": "bind", "Source": "/project/motd", "Target": target, "ReadOnly": True}
    ]
    assert request.uploads == ()


@pytest.mark.parametrize(("local", "files"), [(False, "mount"), (True, "copy")])
def test_elsewhere_or_on_demand_it_is_put_in(local: bool, files: str) -> None:
    request = requested(SharedFile(file="/project/motd"), local=local, files=files, target="sub/x", uid="5", mode=0o400)
    (upload,) = request.uploads
    assert (upload.path, upload.content, upload.uid, upload.gid, upload.mode) == ("/sub/x", b"hello", 5, 0, 0o400)
    assert request.host_files == ()


def test_a_folder_is_put_in_file_by_file() -> None:
    request = requested(SharedFile(file="/project/conf"), local=False)
    assert {upload.path: upload.content for upload in request.uploads} == {"/it/a": b"1", "/it/deep/b": b"2"}


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        (SharedFile(content="text"), b"text"),
        (SharedFile(content=""), b""),
        (SharedFile(environment="X", value="of variable"), b"of variable"),
        (SharedFile(environment="X", value=""), b""),
    ],
)
def test_content_is_always_put_in(declared: SharedFile, content: bytes) -> None:
    (upload,) = requested(declared).uploads
    assert (upload.content, upload.mode) == (content, 0o444)


@pytest.mark.parametrize(
    ("declared", "local", "code"),
    [
        (SharedFile(environment="X"), True, "shared-file-not-set"),
        (SharedFile(file="/elsewhere/x"), False, "shared-file-absent"),
        (SharedFile(file="/project/absent"), False, "shared-file-absent"),
    ],
)
def test_what_cannot_be_had_is_told_before_anything_is_done(declared: SharedFile, local: bool, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        requested(declared, local=local)
    assert [found.code for found in refused.value.diagnostics] == [code]
    assert refused.value.diagnostics[0].help


def test_only_the_engine_knows_of_files_outside_the_application() -> None:
    assert requested(SharedFile(file="/elsewhere/x")).host_files[0].source == "/elsewhere/x"


def test_a_shipped_file_that_is_not_there() -> None:
    class Shipping(FilesInMemory):
        def ships(self, path: str) -> bool:
            return path.startswith("/project/")

    whole = application(service(configs=(Grant(source="it"),)), configs={"it": SharedFile(file="/project/absent")})
    with pytest.raises(Rejected, match="does not exist"):
        wanted(whole, Settings(), Shipping(FILES))


@pytest.mark.parametrize("declared", [SharedFile(external=True), SharedFile(driver="d", file="/project/motd")])
def test_what_a_swarm_keeps_is_told_to_the_ledger(declared: SharedFile) -> None:
    whole = application(service(secrets=(Grant(source="it"),)), secrets={"it": declared})
    made = wanted(whole, Settings(), FilesInMemory(FILES))
    assert made.services["web"].uploads == ()
    assert made.services["web"].host_files == ()
    assert getattr(made.notes.notes["secrets", "it"], "code", "") == "compose-external-file"


def test_owners_that_cannot_be_kept_are_told_to_the_ledger() -> None:
    whole = application(
        service(configs=(Grant(source="file", uid="5", mode=0o400), Grant(source="text", gid="www"))),
        configs={"file": SharedFile(file="/project/motd"), "text": SharedFile(content="x")},
    )
    made = wanted(whole, Settings(), FilesInMemory(FILES))
    told = {
        path[2:] for path, outcome in made.notes.notes.items() if getattr(outcome, "code", "") == "compose-file-owner"
    }
    assert told == {("configs", 0, "uid"), ("configs", 0, "mode"), ("configs", 1, "gid")}


def test_a_profile_that_is_not_there_or_no_profile() -> None:
    for option in ("seccomp=absent.json", "seccomp=motd"):
        with pytest.raises(Rejected) as refused:
            wanted(application(service(security_opt=(option,))), Settings(), FilesInMemory(FILES))
        assert [found.code for found in refused.value.diagnostics] == ["shared-file-absent"]


def test_an_option_with_another_value_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        requested(SharedFile(content="x"), files="move")
    assert refused.value.diagnostics[0].code == "option-value"
