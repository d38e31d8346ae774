"""Every mount is found once, wherever it is written."""

from __future__ import annotations

from intermodal.model.support import Notes
from intermodal.platforms.kubernetes.storage.mounts import tmpfs_use, uses
from tests.applications import application, service
from tests.platforms.kubernetes.stored import bind, volume


def test_a_tmpfs_string_is_read_like_docker_run_does() -> None:
    use = tmpfs_use("web", "/run:size=16M,mode=1770,uid=1000,gid=50,noexec,rw", ("services", "web", "tmpfs", 0))
    assert use.target == "/run"
    assert use.mount.tmpfs is not None
    assert (use.mount.tmpfs.size, use.mount.tmpfs.mode) == (16 << 20, 0o1770)
    assert (use.uid, use.gid, use.flags, use.mount.read_only) == (1000, 50, ("noexec",), False)


def test_a_tmpfs_without_options_and_one_with_nonsense() -> None:
    plain = tmpfs_use("web", "/run", ())
    assert (plain.mount.tmpfs.size, plain.mount.tmpfs.mode, plain.flags) == (None, None, ())  # type: ignore[union-attr]
    odd = tmpfs_use("web", "/run:mode=abc,size=x,uid=me,,ro", ())
    assert (odd.mount.tmpfs.size, odd.mount.tmpfs.mode, odd.uid) == (None, None, None)  # type: ignore[union-attr]
    assert odd.mount.read_only


def test_one_place_is_mounted_once_and_the_second_is_told() -> None:
    notes = Notes()
    made = application(service("web", volumes=(volume("a", "/x"), volume("b", "/x/")), tmpfs=("/x:size=1m", "/y")))
    found = uses(made, notes)
    assert [(use.mount.source, use.target) for use in found] == [("a", "/x"), ("", "/y")]
    assert set(notes.notes) == {("services", "web", "volumes", 1), ("services", "web", "tmpfs", 0)}


def test_volumes_from_follows_services_and_stops_in_circles() -> None:
    made = application(
        service("web", volumes_from=("app:ro",)),
        service("app", volumes=(volume("data", "/data"), volume("", "/cache")), volumes_from=("base", "web")),
        service("base", volumes=(bind("/srv", "/srv"),), volumes_from=("app",)),
    )
    found = {use.target: use for use in uses(made, Notes()) if use.service == "web"}
    assert set(found) == {"/data", "/cache", "/srv"}
    assert found["/cache"].owner == "app"
    assert all(use.mount.read_only for use in found.values())
    assert found["/srv"].path == ("services", "web", "volumes_from", 0)


def test_own_mounts_outrank_inherited_ones() -> None:
    notes = Notes()
    made = application(
        service("web", volumes=(volume("mine", "/data"),), volumes_from=("app",)),
        service("app", volumes=(volume("theirs", "/data"),)),
    )
    assert [use.mount.source for use in uses(made, notes) if use.service == "web"] == ["mine"]
    assert notes.notes == {}


def test_volumes_from_a_container_elsewhere_is_told() -> None:
    notes = Notes()
    assert uses(application(service("web", volumes_from=("container:old",))), notes) == ()
    assert [getattr(told, "code", "") for told in notes.notes.values()] == ["volumes-from-nothing"]
