"""Propagation, recursion, SELinux, and options in the wrong place."""

from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.support import Consequence, Exact, Missing
from intermodal.model.volumes import BindOptions, Mount, TmpfsOptions, Volume, VolumeOptions
from tests.applications import service
from tests.platforms.kubernetes.stored import Planned, volume


def bound(options: BindOptions, *, version: str = "", read_only: bool = True, **rest: Any) -> Planned:
    mount = Mount(type="bind", source="/srv/x", target="/x", bind=options, read_only=read_only)
    return Planned(service("web", volumes=(mount,), **rest), version=version)


def told(planned: Planned, option: str, section: str = "bind") -> Any:
    return planned.told("services", "web", "volumes", 0, section, option)


@pytest.mark.parametrize(("said", "shown"), [("rslave", "HostToContainer"), ("slave", "HostToContainer")])
def test_propagation_into_the_container(said: str, shown: str) -> None:
    planned = bound(BindOptions(propagation=said))
    assert planned.mounts()[0]["mountPropagation"] == shown
    assert isinstance(told(planned, "propagation"), Exact)


def test_propagation_both_ways_needs_privileges() -> None:
    plain = bound(BindOptions(propagation="rshared"))
    assert plain.mounts()[0]["mountPropagation"] == "HostToContainer"
    assert told(plain, "propagation").code == "mount-propagation"
    assert plain.broken_rules() == []
    privileged = bound(BindOptions(propagation="shared"), privileged=True)
    assert privileged.mounts()[0]["mountPropagation"] == "Bidirectional"
    assert privileged.broken_rules() == []


def test_private_propagation_is_the_default() -> None:
    planned = bound(BindOptions(propagation="rprivate"))
    assert "mountPropagation" not in planned.mounts()[0]
    assert told(planned, "propagation") == Exact(how="the default")


def test_propagation_on_a_volume_that_is_no_folder_of_a_node() -> None:
    mount = Mount(type="bind", source="/project/a.conf", target="/a", bind=BindOptions(propagation="rslave"))
    planned = Planned(service("web", volumes=(mount,)), files={"/project/a.conf": b"x"})
    assert told(planned, "propagation").consequence is Consequence.NONE


def test_recursive_read_only_by_version() -> None:
    asked = BindOptions(recursive="readonly")
    assert bound(asked, version="1.31").mounts()[0]["recursiveReadOnly"] == "Enabled"
    old = bound(asked, version="1.30")
    assert "recursiveReadOnly" not in old.mounts()[0]
    assert told(old, "recursive").code == "mount-recursion"
    writable = bound(asked, read_only=False)
    assert "recursiveReadOnly" not in writable.mounts()[0]


@pytest.mark.parametrize(("said", "expected"), [("enabled", Exact), ("writable", Exact), ("disabled", Missing)])
def test_other_recursion(said: str, expected: type) -> None:
    assert isinstance(told(bound(BindOptions(recursive=said)), "recursive"), expected)


def test_selinux_labels_matter_on_nodes_only() -> None:
    assert told(bound(BindOptions(selinux="Z")), "selinux").code == "selinux-label"
    named = volume("data", "/data", bind=BindOptions(selinux="z"))
    planned = Planned(service("web", volumes=(named,)), volumes={"data": Volume()})
    assert told(planned, "selinux").code == "selinux-relabelled"


def test_options_of_other_types_have_no_effect() -> None:
    mount = Mount(
        type="bind",
        source="/srv/x",
        target="/x",
        volume=VolumeOptions(nocopy=True, subpath="a"),
        tmpfs=TmpfsOptions(size=5),
    )
    planned = Planned(service("web", volumes=(mount,)))
    assert told(planned, "nocopy", "volume").code == "mount-option-elsewhere"
    assert told(planned, "size", "tmpfs").code == "mount-option-elsewhere"
    assert "subPath" not in planned.mounts()[0]
