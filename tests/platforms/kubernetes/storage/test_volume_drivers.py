"""Volume drivers: what the `local` driver mounts, and what is said of all others."""

from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.support import Approximate, Consequence, Exact
from intermodal.model.volumes import Volume
from intermodal.platforms.kubernetes.storage.volume_plan import Kind
from tests.applications import service
from tests.platforms.kubernetes.stored import Planned, source_of, volume


def planned(driver: str = "", *more: Any, options: dict[str, str] | None = None, **opts: str) -> Planned:
    made = service("web", image="redis", volumes=(volume("data", "/data"),))
    return Planned(made, *more, volumes={"data": Volume(driver=driver, driver_opts=opts)}, options=options or {})


def test_the_default_driver_is_the_default() -> None:
    found = planned("local")
    assert found.only.kind is Kind.CLAIM
    assert found.told("volumes", "data", "driver") == Exact(how="the default")


def test_empty_options_are_no_options() -> None:
    found = planned(type="", o="", device="")
    assert found.only.kind is Kind.CLAIM
    assert found.told("volumes", "data", "driver_opts", "o") == Exact(how="the default")


def test_nfs() -> None:
    found = planned("local", type="nfs", o="addr=10.0.0.1,rw,nfsvers=4,soft", device=":/export/data")
    (made,) = found.documents("PersistentVolume")
    assert made["spec"]["nfs"] == {"server": "10.0.0.1", "path": "/export/data"}
    assert made["spec"]["mountOptions"] == ["nfsvers=4", "soft"]
    assert made["spec"]["accessModes"] == ["ReadWriteMany"]
    assert isinstance(found.told("volumes", "data", "driver_opts", "device"), Exact)
    assert found.broken_rules() == []


def test_nfs_with_the_server_in_the_device() -> None:
    found = planned("local", type="nfs4", device="nas:/export", o="soft")
    assert (found.only.server, found.only.path) == ("nas", "/export")


def test_cifs_keeps_the_login_out_of_the_volume() -> None:
    found = planned("local", type="cifs", device="//nas/share", o="username=me,password=hidden,vers=3.0,addr=nas.local")
    (made,), (login,) = found.documents("PersistentVolume"), found.documents("Secret")
    assert made["spec"]["csi"]["volumeAttributes"] == {"source": "//nas.local/share"}
    assert made["spec"]["csi"]["nodeStageSecretRef"]["name"] == login["metadata"]["name"]
    assert made["spec"]["mountOptions"] == ["vers=3.0"]
    assert login["stringData"] == {"username": "me", "password": "hidden"}
    assert "hidden" not in found.only.describe()
    told = found.told("volumes", "data", "driver_opts", "o")
    assert isinstance(told, Approximate)
    assert told.consequence is Consequence.START
    assert found.broken_rules() == []


def test_tmpfs_is_memory_and_each_pod_has_its_own() -> None:
    found = planned("local", type="tmpfs", device="tmpfs", o="size=100m")
    assert found.storage.parts("web").volumes[0]["emptyDir"] == {"medium": "Memory", "sizeLimit": "100Mi"}
    assert found.documents("PersistentVolumeClaim") == []
    assert isinstance(found.told(*source_of()), Exact)
    shared = planned("local", service("b", volumes=(volume("data", "/b"),)), type="tmpfs", device="tmpfs")
    assert shared.code(*source_of()) == "volume-not-shared"
    more = planned("local", type="tmpfs", device="tmpfs", o="size=1m,uid=5")
    assert more.code("volumes", "data", "driver_opts", "o") == "tmpfs-options"


@pytest.mark.parametrize("options", [{"type": "none", "o": "bind"}, {"o": "rbind"}, {"type": "bind"}])
def test_a_bound_folder_stays_on_a_node(options: dict[str, str]) -> None:
    found = planned("local", device="/srv/data", options={"volume.data.node": "nas"}, **options)
    assert (found.only.kind, found.only.path, found.only.node) == (Kind.LOCAL, "/srv/data", "nas")
    assert found.code("volumes", "data", "driver_opts", "device") == "bind-content-not-copied"
    assert found.broken_rules() == []


def test_a_bound_path_of_the_node_itself() -> None:
    found = planned("local", type="none", o="bind", device="/dev/shm")  # noqa: S108 - a name
    assert found.only.kind is Kind.NODE_PATH
    assert found.code(*source_of()) == "host-path"


def test_a_device_that_kubernetes_does_not_know_is_an_error() -> None:
    found = planned("local", type="btrfs", device="/dev/sdb1")
    told = found.told("volumes", "data", "driver_opts", "device")
    assert told.consequence is Consequence.DATA  # type: ignore[union-attr]
    assert found.only.kind is Kind.CLAIM


def test_other_drivers_become_claims_and_their_size_is_kept() -> None:
    found = planned("rexray/ebs", size="50", volumetype="gp3")
    assert found.code("volumes", "data", "driver") == "volume-driver"
    assert found.code("volumes", "data", "driver_opts", "volumetype") == "volume-driver-option"
    found = planned("rexray/ebs", size="50G")
    assert found.only.size == "50G"
    assert isinstance(found.told("volumes", "data", "driver_opts", "size"), Exact)
