"""Bind mounts: what ships goes along, what is the node's stays there, and data is never lost without a word."""

from __future__ import annotations

import pytest

from intermodal.kit.records import replace
from intermodal.model.building import Build
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.model.volumes import BindOptions, Mount
from intermodal.platforms.kubernetes.payload import LIMIT
from intermodal.platforms.kubernetes.storage.volume_plan import Kind
from tests.applications import service
from tests.platforms.kubernetes.stored import Planned, bind, source_of, volume

CONF = bind("/project/nginx.conf", "/etc/nginx/nginx.conf", read_only=True)


def test_a_file_that_ships_is_a_config_map_mounted_by_itself() -> None:
    planned = Planned(service("web", volumes=(CONF,)), files={"/project/nginx.conf": b"events {}\n"})
    (made,) = planned.documents("ConfigMap")
    assert made["data"] == {"nginx.conf": "events {}\n"}
    assert planned.mounts() == [
        {
            "name": "nginx-conf",
            "mountPath": "/etc/nginx/nginx.conf",
            "subPath": "nginx.conf",
            "readOnly": True,
        }
    ]
    assert isinstance(planned.told(*source_of()), Exact)
    assert planned.broken_rules() == []


def test_a_changed_file_replaces_the_pod_that_mounts_it_by_itself() -> None:
    def annotations(content: bytes) -> tuple[tuple[str, str], ...]:
        return (
            Planned(service("web", volumes=(CONF,)), files={"/project/nginx.conf": content})
            .storage.parts("web")
            .annotations
        )

    assert annotations(b"a") != annotations(b"b")
    assert annotations(b"a") == annotations(b"a")


def test_binary_content_and_modes_survive() -> None:
    files = {"/project/bin/tool": b"\x00\xff", "/project/bin/sub/run.sh": b"#!/bin/sh\n"}
    modes = {"/project/bin/tool": 0o755, "/project/bin/sub/run.sh": 0o755}
    planned = Planned(service("web", volumes=(bind("/project/bin", "/opt"),)), files=files, modes=modes)
    (made,) = planned.documents("ConfigMap")
    assert made["binaryData"] == {"tool": "AP8="}
    source = planned.storage.parts("web").volumes[0]["configMap"]
    assert source["defaultMode"] == 0o755
    assert {item["path"] for item in source["items"]} == {"tool", "sub/run.sh"}
    assert planned.broken_rules() == []


def test_files_of_different_modes_say_so_each() -> None:
    files = {"/project/d/a.sh": b"x", "/project/d/b.txt": b"y"}
    planned = Planned(
        service("web", volumes=(bind("/project/d", "/d"),)), files=files, modes={"/project/d/a.sh": 0o755}
    )
    items = planned.storage.parts("web").volumes[0]["configMap"]["items"]
    assert {item["path"]: item["mode"] for item in items} == {"a.sh": 0o755, "b.txt": 0o644}


def test_a_key_is_a_secret_unless_told_otherwise() -> None:
    mounted = (bind("/project/certs", "/certs", read_only=True),)
    files = {"/project/certs/site.crt": b"c", "/project/certs/site.key": b"k"}
    planned = Planned(service("web", volumes=mounted), files=files)
    (made,) = planned.documents("Secret")
    assert made["stringData"] == {"site.crt": "c", "site.key": "k"}
    assert planned.documents("ConfigMap") == []
    told = Planned(service("web", volumes=mounted), files=files, options={"volume.web:/certs.policy": "configmap"})
    assert told.only.kind is Kind.CONFIG_MAP


def test_one_folder_of_two_services_is_one_object() -> None:
    planned = Planned(
        service("a", volumes=(bind("/project/conf", "/x"),)),
        service("b", volumes=(bind("/project/conf/", "/y"),)),
        files={"/project/conf/a.yml": b"a: 1"},
    )
    assert len(planned.documents("ConfigMap")) == 1
    assert [mount.target for mount in planned.only.mounts] == ["/x", "/y"]


def test_writing_to_what_ships_is_warned_of_or_copied() -> None:
    mounted = (bind("/project/conf", "/etc/app"),)
    files = {"/project/conf/a.yml": b"a: 1"}
    planned = Planned(service("web", volumes=mounted), files=files)
    assert planned.code(*source_of()) == "bind-read-only"
    copied = Planned(service("web", volumes=mounted), files=files, options={"writable-binds": "copy"})
    assert copied.code(*source_of()) == "bind-copied"
    assert "copy /intermodal/conf /intermodal/conf-copy" in copied.script()
    assert copied.mounts() == [{"name": "conf-copy", "mountPath": "/etc/app"}]
    assert copied.broken_rules() == []


def test_a_single_file_can_be_copied_too() -> None:
    planned = Planned(
        service("web", volumes=(bind("/project/a.yml", "/a.yml"),)),
        files={"/project/a.yml": b"a: 1"},
        options={"volume.web:/a.yml.policy": "ephemeral"},
    )
    assert planned.mounts() == [{"name": "a-yml-copy", "mountPath": "/a.yml", "subPath": "a.yml"}]
    assert planned.broken_rules() == []


def test_a_folder_that_others_are_mounted_in_is_copied_since_a_config_map_has_no_room() -> None:
    planned = Planned(
        service("web", volumes=(bind("/project/html", "/html", read_only=True), volume("", "/html/cache"))),
        files={"/project/html/index.html": b"x"},
    )
    assert planned.code(*source_of()) == "bind-copied"
    assert planned.mounts()[0]["name"] == "html-copy"
    assert planned.broken_rules() == []


@pytest.mark.parametrize(
    ("path", "code", "consequence"),
    [
        ("/etc/localtime", "host-path", Consequence.BEHAVIOUR),
        ("/var/run/docker.sock", "docker-engine-path", Consequence.START),
        ("/dev", "host-path", Consequence.BEHAVIOUR),
    ],
)
def test_the_nodes_own_paths_stay_the_nodes(path: str, code: str, consequence: Consequence) -> None:
    planned = Planned(service("web", volumes=(bind(path, path),)))
    assert planned.only.kind is Kind.NODE_PATH
    assert planned.storage.parts("web").volumes[0]["hostPath"]["path"] == path
    told = planned.told(*source_of())
    assert isinstance(told, Approximate)
    assert (told.code, told.consequence) == (code, consequence)
    assert not planned.storage.owns("web")
    assert planned.broken_rules() == []


def test_data_outside_the_project_keeps_its_path_and_is_an_error_until_copied() -> None:
    planned = Planned(service("web", volumes=(bind("/srv/media", "/media"),)), options={"node": "nas"})
    (made,) = planned.documents("PersistentVolume")
    assert made["spec"]["hostPath"] == {"path": "/srv/media", "type": "DirectoryOrCreate"}
    assert made["spec"]["nodeAffinity"]
    told = planned.told(*source_of())
    assert isinstance(told, Approximate)
    assert (told.code, told.consequence) == ("bind-content-not-copied", Consequence.DATA)
    assert "nas:/srv/media" in told.advice
    assert planned.broken_rules() == []


def test_a_folder_of_the_project_that_is_not_there_yet() -> None:
    mounted = (bind("/project/data", "/var/lib/mysql"),)
    planned = Planned(service("db", volumes=mounted))
    assert planned.only.path == "/var/lib/intermodal/shop/data"
    assert planned.code(*source_of(service="db")) == "bind-without-node"
    chosen = Planned(service("db", volumes=mounted), options={"volume.db:/var/lib/mysql.node": "worker-1"})
    assert chosen.code(*source_of(service="db")) == "bind-elsewhere"
    assert chosen.storage.owns("db")
    claim = Planned(service("db", volumes=mounted), options={"data-binds": "claim"})
    assert claim.only.kind is Kind.CLAIM
    assert claim.code(*source_of(service="db")) == "bind-elsewhere"
    elsewhere = Planned(service("db", volumes=mounted), options={"data-path": "/mnt/disk/", "node": "a"})
    assert elsewhere.only.path == "/mnt/disk/shop/data"


def test_data_that_is_there_is_not_put_into_a_config_map() -> None:
    planned = Planned(
        service("db", volumes=(bind("/project/data", "/var/lib/mysql"),)),
        files={"/project/data/ibdata1": b"x"},
        options={"node": "a"},
    )
    assert planned.only.kind is Kind.LOCAL
    assert planned.only.path_type == "Directory"
    assert planned.code(*source_of(service="db")) == "bind-content-not-copied"


def test_what_is_too_large_is_data_and_the_reason_is_given() -> None:
    planned = Planned(
        service("web", volumes=(bind("/project/model.bin", "/model.bin"),)),
        files={"/project/model.bin": b"x" * (LIMIT + 1)},
    )
    assert planned.only.kind is Kind.LOCAL
    assert str(LIMIT + 1) in planned.only.why
    assert planned.code(*source_of()) == "bind-content-not-copied"


def test_large_objects_need_another_way_to_apply() -> None:
    planned = Planned(service("web", volumes=(CONF,)), files={"/project/nginx.conf": b"x" * 300_000})
    assert planned.code(*source_of()) == "config-map-large"


def test_a_file_that_is_not_here_is_waited_for_by_name() -> None:
    planned = Planned(service("web", volumes=(CONF, bind("/root/.ssh/id_rsa", "/key", read_only=True))))
    assert planned.storage.documents() == ()
    conf, key = planned.storage.plans
    assert (conf.kind, key.kind) == (Kind.CONFIG_MAP, Kind.SECRET)
    told = planned.told(*source_of())
    assert isinstance(told, Approximate)
    assert told.consequence is Consequence.START
    assert f"kubectl create configmap {conf.object_name} --from-file=nginx.conf=./nginx.conf" in told.advice
    assert "secret generic" in planned.told(*source_of(1)).advice  # type: ignore[union-attr]
    assert [found for found in planned.broken_rules() if "missing-reference" not in found] == []


def test_create_host_path_decides_whether_the_node_makes_the_folder() -> None:
    strict = Mount(type="bind", source="/srv/a", target="/a", bind=BindOptions(create_host_path=False))
    planned = Planned(service("web", volumes=(strict,)))
    assert planned.only.path_type == "Directory"
    assert isinstance(planned.told("services", "web", "volumes", 0, "bind", "create_host_path"), Exact)
    local = Planned(service("web", volumes=(replace(CONF, bind=BindOptions(create_host_path=False)),)))
    assert local.code("services", "web", "volumes", 0, "bind", "create_host_path") == "host-path-not-created"


def test_a_development_mount_can_be_kept() -> None:
    made = service("web", build=Build(context="/project"), volumes=(bind("/project", "/code"),))
    files = {"/project/app.py": b"print()"}
    assert isinstance(Planned(made, files=files).told(*source_of()), Missing)
    kept = Planned(made, files=files, options={"volume.web:/code.policy": "configmap"})
    assert kept.only.kind is Kind.CONFIG_MAP
    assert kept.mounts() == [{"name": kept.only.name, "mountPath": "/code"}]


def test_single_files_of_the_build_context_are_configuration_not_development() -> None:
    made = service("web", build=Build(context="/project"), volumes=(CONF,))
    assert Planned(made, files={"/project/nginx.conf": b"x"}).only.kind is Kind.CONFIG_MAP


@pytest.mark.parametrize("policy", ["claim", "local", "hostpath", "ephemeral", "memory", "nfs", "configmap", "secret"])
@pytest.mark.parametrize("source", ["/project/data", "/srv/data", "/project/conf", "/var/run/docker.sock"])
def test_every_policy_gives_something_valid(policy: str, source: str) -> None:
    options = {"volume.web:/x.policy": policy, "volume.web:/x.server": "nfs.example.org"}
    planned = Planned(service("web", volumes=(bind(source, "/x"),)), files={"/project/conf/a": b"1"}, options=options)
    assert [found for found in planned.broken_rules() if "missing-reference" not in found] == []
    assert len(planned.mounts()) == 1


def test_names_do_not_hang_on_where_the_project_lies() -> None:
    def names(root: str) -> list[str]:
        mounted = (
            bind(f"{root}/app/conf", "/a"),
            bind(f"{root}/files/x.yml", "/x.yml"),
            bind(f"{root}/app/data", "/d"),
        )
        planned = Planned(
            service("web", volumes=mounted), files={f"{root}/app/conf/a": b"1"}, working_dir=f"{root}/app"
        )
        return [f"{plan.name} {plan.object_name}" for plan in planned.storage.plans]

    assert names("/home/me/shop") == names("/build/work/42")
