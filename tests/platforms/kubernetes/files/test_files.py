from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.files import Grant, SharedFile
from intermodal.model.support import Exact
from intermodal.platforms.kubernetes.files.files import file_documents, file_parts
from tests.applications import FilesInMemory, application, kubernetes_context, service

if TYPE_CHECKING:
    from intermodal.platforms.kubernetes.context import Context

FILES = FilesInMemory(
    {"/project/nginx.conf": b"events {}\n", "/project/cert.der": b"\x00\xff", "/project/big": b"x" * 2**21}
)
CONFIG = SharedFile(name="shop_web", file="/project/nginx.conf")
TOKEN = SharedFile(name="shop_token", environment="TOKEN", value="t0p")


def context_of(*grants: Grant, secrets: tuple[Grant, ...] = (), user: str = "", **shared: SharedFile) -> Context:
    """A service with these configs and secrets; all of `shared` is declared as both."""
    web = service("web", configs=grants, secrets=secrets, user=user)
    return kubernetes_context(application(web, configs=shared, secrets=shared), files=FILES)


def objects(context: Context) -> list[Any]:
    return [document.content for document in file_documents(context)]


def mounts(context: Context) -> dict[str, str]:
    return {mount["mountPath"]: mount["subPath"] for mount in file_parts("web", context).mounts}


def noted(context: Context, *path: str | int) -> Any:
    file_parts("web", context)
    file_documents(context)
    return context.notes.notes.get(path)


def test_a_config_is_one_file_where_docker_puts_it() -> None:
    context = context_of(Grant(source="web"), web=CONFIG)
    (held,) = objects(context)
    assert held["kind"] == "ConfigMap"
    assert held["immutable"] is True
    assert held["data"] == {"nginx.conf": "events {}\n"}
    parts = file_parts("web", context)
    assert parts.volumes == (
        {"name": "config-web", "configMap": {"name": held["metadata"]["name"], "defaultMode": 0o444}},
    )
    assert parts.mounts == ({"name": "config-web", "mountPath": "/web", "subPath": "nginx.conf", "readOnly": True},)


@pytest.mark.parametrize(
    ("target", "config_path", "secret_path"),
    [("", "/web", "/run/secrets/web"), ("a.conf", "/a.conf", "/run/secrets/a.conf"), ("/etc/a/", "/etc/a", "/etc/a")],
)
def test_where_files_stand(target: str, config_path: str, secret_path: str) -> None:
    grant = Grant(source="web", target=target)
    assert list(mounts(context_of(grant, web=CONFIG))) == [config_path]
    assert list(mounts(context_of(secrets=(grant,), web=CONFIG))) == [secret_path]


def test_several_secrets_do_not_hide_each_other() -> None:
    context = context_of(secrets=(Grant(source="web"), Grant(source="token")), web=CONFIG, token=TOKEN)
    assert mounts(context) == {"/run/secrets/web": "nginx.conf", "/run/secrets/token": "token"}
    assert len(file_parts("web", context).volumes) == 2


def test_other_content_is_another_name() -> None:
    names = {
        objects(context_of(Grant(source="c"), c=SharedFile(content=content)))[0]["metadata"]["name"]
        for content in ("one", "two")
    }
    assert len(names) == 2
    assert all(name.startswith("c-") for name in names)


def test_bytes_that_are_no_text() -> None:
    grants = {"grants": (Grant(source="c"),), "secrets": (Grant(source="c"),)}
    context = context_of(*grants["grants"], secrets=grants["secrets"], c=SharedFile(file="/project/cert.der"))
    config, secret = objects(context)
    assert b64decode(config["binaryData"]["cert.der"]) == b64decode(secret["data"]["cert.der"]) == b"\x00\xff"


def test_one_object_for_many_services() -> None:
    made = application(*(service(name, configs=(Grant(source="c"),)) for name in "ab"), configs={"c": CONFIG})
    assert len(file_documents(kubernetes_context(made, files=FILES))) == 1


def test_modes_make_volumes_of_their_own() -> None:
    context = context_of(Grant(source="web"), Grant(source="web", target="/x", mode=0o400), web=CONFIG)
    parts = file_parts("web", context)
    assert [(volume["name"], volume["configMap"]["defaultMode"]) for volume in parts.volumes] == [
        ("config-web", 0o444),
        ("config-web-0400", 0o400),
    ]
    assert len(objects(context)) == 1


@pytest.mark.parametrize(
    ("mode", "user", "consequence"),
    [(None, "1000", "NONE"), (0o400, "1000", "START"), (0o400, "", "BEHAVIOUR"), (0o440, "0:0", "BEHAVIOUR")],
)
def test_files_belong_to_root(mode: int | None, user: str, consequence: str) -> None:
    context = context_of(Grant(source="web", uid="1000", gid="0", mode=mode), user=user, web=CONFIG)
    outcome = noted(context, "services", "web", "configs", 0, "uid")
    assert (outcome.code, outcome.consequence.name) == ("file-owner", consequence)
    assert isinstance(noted(context, "services", "web", "configs", 0, "gid"), Exact)


@pytest.mark.parametrize(
    ("shared", "field", "code"),
    [
        (SharedFile(name="theirs", external=True), "external", "external-object"),
        (SharedFile(environment="TOKEN"), "environment", "secret-value-not-set"),
        (SharedFile(file="/etc/passwd"), "file", "shared-file-unreadable"),
    ],
)
def test_what_somebody_must_make_is_named(shared: SharedFile, field: str, code: str) -> None:
    context = context_of(secrets=(Grant(source="mine"),), mine=shared)
    assert objects(context) == []
    (volume,) = file_parts("web", context).volumes
    outcome = noted(context, "secrets", "mine", field)
    assert outcome.code == code
    name, (path,) = volume["secret"]["secretName"], mounts(context).values()
    assert f"kubectl create secret generic {name} --from-file={path}=" in outcome.advice
    assert name == ("theirs" if field == "external" else "mine")


def test_too_large_for_an_object() -> None:
    context = context_of(Grant(source="c"), c=SharedFile(file="/project/big"))
    assert noted(context, "configs", "c", "file").code == "object-too-large"
    assert objects(context) == []
    assert file_parts("web", context).volumes == ()


def test_two_at_one_path() -> None:
    context = context_of(Grant(source="a", target="/x"), Grant(source="b", target="/x"), a=CONFIG, b=CONFIG)
    assert list(mounts(context)) == ["/x"]
    assert noted(context, "services", "web", "configs", 1).code == "target-repeated"


def test_what_nobody_uses_is_not_made() -> None:
    context = context_of(a=CONFIG)
    assert objects(context) == []
    assert noted(context, "configs", "a").code == "not-used"


def test_labels_of_a_config() -> None:
    labelled = SharedFile(content="x", labels={"team": "shop"})
    assert objects(context_of(Grant(source="c"), c=labelled))[0]["metadata"]["labels"]["team"] == "shop"


def test_secrets_never_show_in_notes() -> None:
    context = context_of(secrets=(Grant(source="token", uid="1", mode=0o4400),), token=TOKEN)
    noted(context)
    assert context.notes.notes
    assert "t0p" not in str(context.notes.notes)
