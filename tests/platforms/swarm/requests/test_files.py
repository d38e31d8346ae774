"""Configs and secrets: objects that cannot change, named by what is in them."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.kit.diagnostics import Rejected
from intermodal.model.files import Grant, SharedFile
from intermodal.model.labels import REVISION
from intermodal.model.volumes import Mount
from intermodal.platforms.swarm.requests.files import seal, sealed_name
from tests.applications import FilesInMemory, application, service
from tests.platforms.swarm.sending import wanted

FILES = FilesInMemory({"/project/motd": b"hello", "/project/token": b"s3cret", "/project/nginx.conf": b"{}"})


def made(files: FilesInMemory = FILES, **sections: Any) -> Any:
    grants = {section: tuple(Grant(source=key) for key in declared) for section, declared in sections.items()}
    return wanted(application(service("web", **grants), **sections), files)


def test_a_config_has_its_content_and_a_name_of_it() -> None:
    (one,) = made(configs={"motd": SharedFile(name="shop_motd", file="/project/motd", labels={"a": "b"})}).configs
    assert one.name == "shop_motd-2cf24dba5f"
    assert b64decode(one.body["Data"]) == b"hello"
    assert one.body["Labels"] == {"a": "b", "com.docker.stack.namespace": "shop", REVISION: one.revision}
    assert not one.named


def test_content_and_variables_are_sent_as_they_are() -> None:
    configs = {
        "inline": SharedFile(name="shop_inline", content="a $b {{c}}"),
        "variable": SharedFile(name="shop_variable", environment="X", value="y"),
    }
    secrets = {"token": SharedFile(name="shop_token", environment="TOKEN", value="t")}
    result = made(configs=configs, secrets=secrets)
    assert [b64decode(one.body["Data"]) for one in result.configs] == [b"a $b {{c}}", b"y"]
    assert b64decode(result.secrets[0].body["Data"]) == b"t"


def test_a_secret_s_name_and_revision_do_not_give_a_short_secret_away() -> None:
    from hashlib import sha256  # noqa: PLC0415 - what must not be found

    (one,) = made(secrets={"pin": SharedFile(name="shop_pin", environment="PIN", value="1234")}).secrets
    plain = sha256(b"1234").hexdigest()
    assert plain[:10] not in one.name
    assert plain[:16] != one.revision
    assert seal("shop/pin", b"1234") != seal("shop/other", b"1234")


def test_the_same_content_is_the_same_object_and_other_content_another() -> None:
    names = [
        made(secrets={"pin": SharedFile(name="shop_pin", environment="PIN", value=value)}).secrets[0].name
        for value in ("1", "1", "2")
    ]
    assert names[0] == names[1] != names[2]


def test_names_of_the_user_s_are_kept() -> None:
    (one,) = made(configs={"motd": SharedFile(name="chosen", file="/project/motd")}).configs
    (other,) = made(configs={"motd": SharedFile(name="chosen", content="other")}).configs
    assert (one.name, one.named, other.name) == ("chosen", True, "chosen")
    assert one.revision != other.revision


def test_external_ones_are_named_and_not_made() -> None:
    result = made(
        configs={"a": SharedFile(external=True), "b": SharedFile(name="theirs", external=True)},
        secrets={"c": SharedFile(external=True)},
    )
    assert [(one.name, one.external, dict(one.body)) for one in (*result.configs, *result.secrets)] == [
        ("a", True, {}),
        ("theirs", True, {}),
        ("c", True, {}),
    ]


def test_a_secret_of_a_driver_has_no_content() -> None:
    declared = SharedFile(name="shop_s", driver="vault", driver_opts={"a": "b"}, template_driver="golang")
    (one,) = made(secrets={"s": declared}).secrets
    assert one.body["Driver"] == {"Name": "vault", "Options": {"a": "b"}}
    assert one.body["Templating"] == {"Name": "golang"}
    assert "Data" not in one.body


def test_what_nobody_is_granted_is_not_made() -> None:
    unread = SharedFile(name="shop_motd", file="/elsewhere")
    result = wanted(application(service("web"), configs={"motd": unread}), FILES)
    assert result.configs == ()
    assert result.notes.notes["configs", "motd"].code == "swarm-unused"  # type: ignore[union-attr]


@pytest.mark.parametrize("file", ["/etc/passwd", "/project/absent", "/project"])
def test_only_files_of_the_application_are_read(file: str) -> None:
    with pytest.raises(Rejected) as refused:
        made(configs={"motd": SharedFile(name="shop_motd", file=file)})
    (found,) = refused.value.diagnostics
    assert (found.code, found.place is not None) == ("swarm-file-not-shipped", True)


def test_mounted_files_are_configs_and_secrets_by_content() -> None:
    mounts = (
        Mount(type="bind", source="/project/nginx.conf", target="/etc/nginx.conf", read_only=True),
        Mount(type="bind", source="/project/token", target="/etc/token", read_only=True),
    )
    result = wanted(application(service("web", volumes=mounts)), FILES)
    assert [one.name.rpartition("-")[0] for one in (*result.configs, *result.secrets)] == [
        "shop_nginx.conf",
        "shop_token",
    ]
    grants = result.services[0].spec["TaskTemplate"]["ContainerSpec"]
    assert [one["File"]["Name"] for one in (*grants["Configs"], *grants["Secrets"])] == [
        "/etc/nginx.conf",
        "/etc/token",
    ]


@given(st.text(min_size=1, max_size=80))
def test_names_fit_into_what_swarm_allows(key: str) -> None:
    assert len(sealed_name("a-long-name-of-an-application", key, "0123456789")) <= 64
