"""tmpfs, images as volumes, and pipes."""

from __future__ import annotations

from intermodal.model.support import Approximate, Consequence, Exact
from intermodal.model.volumes import ImageOptions, Mount, TmpfsOptions
from tests.applications import service
from tests.platforms.kubernetes.stored import Planned, source_of

IMAGE = Mount(type="image", source="example.org/site:1", target="/site", image=ImageOptions(subpath="html"))


def tmpfs(text: str) -> Planned:
    return Planned(service("web", tmpfs=(text,)))


def test_a_tmpfs_is_memory_with_its_size() -> None:
    planned = tmpfs("/run:size=64m")
    assert planned.storage.parts("web").volumes[0]["emptyDir"] == {"medium": "Memory", "sizeLimit": "64Mi"}
    assert planned.script() == ""
    assert isinstance(planned.told("services", "web", "tmpfs", 0), Exact)
    assert planned.broken_rules() == []


def test_mode_and_owner_are_set_before_the_service_starts() -> None:
    planned = tmpfs("/run:mode=1770,uid=1000,gid=50")
    inside = "/intermodal/web-run"
    assert planned.script().splitlines() == [f"chown 1000:50 {inside}", f"chmod 1770 {inside}"]
    assert planned.broken_rules() == []
    assert tmpfs("/run:gid=5").script() == f"chown :5 {inside}\n"
    assert tmpfs("/run:mode=1777").script() == ""


def test_hardening_that_is_lost_is_an_error_and_the_rest_a_warning() -> None:
    told = tmpfs("/run:noexec,nosuid").told("services", "web", "tmpfs", 0)
    assert isinstance(told, Approximate)
    assert told.consequence is Consequence.SECURITY
    assert "noexec" in told.why
    told = tmpfs("/run:nr_inodes=5").told("services", "web", "tmpfs", 0)
    assert isinstance(told, Approximate)
    assert told.consequence is Consequence.BEHAVIOUR
    assert isinstance(tmpfs("/run:exec,rw").told("services", "web", "tmpfs", 0), Exact)


def test_the_long_form_of_a_tmpfs() -> None:
    long = Mount(type="tmpfs", target="/run", tmpfs=TmpfsOptions(size=1 << 20, mode=0o700), read_only=True)
    planned = Planned(service("web", volumes=(long,)))
    assert planned.storage.parts("web").volumes[0]["emptyDir"]["sizeLimit"] == "1Mi"
    assert "chmod 0700" in planned.script()
    assert planned.mounts()[0]["readOnly"] is True
    usual = Mount(type="tmpfs", target="/run", tmpfs=TmpfsOptions(mode=0o1777))
    told = Planned(service("web", volumes=(usual,))).told("services", "web", "volumes", 0, "tmpfs", "mode")
    assert told == Exact(how="the default")


def test_two_services_have_a_tmpfs_each() -> None:
    planned = Planned(service("a", tmpfs=("/run",)), service("b", tmpfs=("/run",)))
    assert len({plan.name for plan in planned.storage.plans}) == 2


def test_images_as_volumes_by_version() -> None:
    made = service("web", volumes=(IMAGE,))
    new = Planned(made, version="1.35")
    assert new.storage.parts("web").volumes[0]["image"] == {"reference": "example.org/site:1"}
    assert new.mounts()[0]["subPath"] == "html"
    assert isinstance(new.told(*source_of()), Exact)
    assert new.broken_rules() == []
    gated = Planned(made, version="1.31")
    assert gated.code(*source_of()) == "image-volume"
    assert "subPath" not in gated.mounts()[0]
    assert gated.code("services", "web", "volumes", 0, "image", "subpath") == "image-volume-subpath"
    old = Planned(made, version="1.30")
    assert old.mounts() == []
    assert old.code(*source_of()) == "image-volume"


def test_a_named_pipe_is_the_nodes() -> None:
    pipe = Mount(type="npipe", source=r"\\.\pipe\docker_engine", target=r"\\.\pipe\docker_engine")
    planned = Planned(service("web", volumes=(pipe,)))
    assert planned.storage.parts("web").volumes[0]["hostPath"]["path"] == r"\\.\pipe\docker_engine"
    assert planned.code(*source_of()) == "named-pipe"
