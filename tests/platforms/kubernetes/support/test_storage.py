"""Every field of volumes and mounts: set to something, it shows in the documents or the ledger says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from intermodal.kit.records import replace
from intermodal.model.ledger import UNCLASSIFIED, ledger
from intermodal.model.support import Exact, Missing
from intermodal.model.volumes import BindOptions, ImageOptions, Mount, TmpfsOptions, Volume, VolumeOptions
from intermodal.platforms.kubernetes.rules import check
from intermodal.platforms.kubernetes.support import SUPPORT
from intermodal.platforms.kubernetes.translate import translate
from tests.applications import FilesInMemory, application, service, settings

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.platform import Translation

NAMED = Mount(type="volume", source="data", target="/data")
BOUND = Mount(type="bind", source="/srv/x", target="/x")
MOUNTS: dict[str, tuple[Mount, Mount]] = {
    "read_only": (NAMED, replace(NAMED, read_only=True)),
    "consistency": (NAMED, replace(NAMED, consistency="cached")),
    "bind.selinux": (BOUND, replace(BOUND, bind=BindOptions(selinux="z"))),
    "bind.propagation": (BOUND, replace(BOUND, bind=BindOptions(propagation="rslave"))),
    "bind.create_host_path": (BOUND, replace(BOUND, bind=BindOptions(create_host_path=False))),
    "bind.recursive": (
        replace(BOUND, read_only=True),
        replace(BOUND, read_only=True, bind=BindOptions(recursive="readonly")),
    ),
    "volume.nocopy": (NAMED, replace(NAMED, volume=VolumeOptions(nocopy=True))),
    "volume.subpath": (NAMED, replace(NAMED, volume=VolumeOptions(subpath="a"))),
    "volume.labels": (NAMED, replace(NAMED, volume=VolumeOptions(labels={"a": "b"}))),
    "tmpfs.size": (Mount(type="tmpfs", target="/t"), Mount(type="tmpfs", target="/t", tmpfs=TmpfsOptions(size=5))),
    "tmpfs.mode": (Mount(type="tmpfs", target="/t"), Mount(type="tmpfs", target="/t", tmpfs=TmpfsOptions(mode=0o700))),
    "image.subpath": (
        Mount(type="image", source="i", target="/i"),
        Mount(type="image", source="i", target="/i", image=ImageOptions(subpath="s")),
    ),
}
"""Field -> a mount without and with it."""
VOLUMES: dict[str, Volume] = {
    "name": Volume(name="other"),
    "driver": Volume(driver="rexray"),
    "driver_opts": Volume(driver_opts={"type": "nfs", "o": "addr=a", "device": ":/d"}),
    "external": Volume(external=True),
    "labels": Volume(labels={"a": "b"}),
}


def translated(made: Application) -> Translation:
    return translate(made, settings(version="1.35"), FilesInMemory())


def with_mount(mount: Mount) -> Application:
    return application(service("web", volumes=(mount,)), volumes={"data": Volume()})


def verdicts(made: Application, field: str) -> list[Any]:
    found = ledger(made, SUPPORT, translated(made).notes)
    return [entry.outcome for entry in found if field in ".".join(map(str, entry.leaf.path))]


@pytest.mark.parametrize("field", MOUNTS)
def test_every_option_of_a_mount_shows_or_is_told_missing(field: str) -> None:
    without, given_ = MOUNTS[field]
    made = with_mount(given_)
    said = verdicts(made, field)
    assert said
    assert UNCLASSIFIED not in said
    same = translated(made).documents == translated(with_mount(without)).documents
    assert same is all(isinstance(outcome, Missing) for outcome in said)


@pytest.mark.parametrize("field", VOLUMES)
def test_every_field_of_a_volume_shows_or_is_told_missing(field: str) -> None:
    made = application(service("web", volumes=(NAMED,)), volumes={"data": VOLUMES[field]})
    plain = application(service("web", volumes=(NAMED,)), volumes={"data": Volume()})
    said = verdicts(made, f"volumes.data.{field}")
    assert said
    assert UNCLASSIFIED not in said
    same = translated(made).documents == translated(plain).documents
    assert same is all(isinstance(outcome, Missing) for outcome in said)


PATHS = st.sampled_from(("/srv/x", "/project/x", "/etc/localtime", "/project/x.key", "/", "/var/run/docker.sock"))
TARGETS = st.sampled_from(("/a", "/a/b", "/data", "/var/lib/mysql", "/etc/x.conf"))
MOUNT = st.builds(
    Mount,
    type=st.sampled_from(("bind", "volume", "tmpfs", "image", "cluster")),
    source=st.one_of(PATHS, st.sampled_from(("data", "Other_Data", ""))),
    target=TARGETS,
    read_only=st.booleans(),
    bind=st.none()
    | st.builds(
        BindOptions,
        propagation=st.sampled_from(("", "rshared", "slave", "private")),
        selinux=st.sampled_from(("", "z")),
        create_host_path=st.booleans(),
        recursive=st.sampled_from(("", "readonly", "disabled")),
    ),
    volume=st.none() | st.builds(VolumeOptions, nocopy=st.booleans(), subpath=st.sampled_from(("", "a", "../a"))),
    tmpfs=st.none() | st.builds(TmpfsOptions, size=st.none() | st.just(5), mode=st.none() | st.just(0o700)),
)
DRIVERS = st.sampled_from(
    (
        Volume(),
        Volume(external=True, name="x"),
        Volume(driver_opts={"type": "nfs", "o": "addr=a", "device": ":/d"}),
        Volume(driver_opts={"type": "cifs", "o": "username=a,password=b", "device": "//n/s"}),
        Volume(driver_opts={"type": "none", "o": "bind", "device": "/srv"}),
        Volume(driver_opts={"type": "tmpfs", "device": "tmpfs"}),
        Volume(driver="x", labels={"a b": "c"}),
    )
)
OPTIONS = st.dictionaries(
    st.sampled_from(("node", "data-binds", "writable-binds", "copy-image-content", "storage-class")),
    st.sampled_from(("copy", "claim", "no", "yes")),
)


@hypothesis_settings(deadline=None)
@given(
    mounts=st.lists(MOUNT, max_size=4),
    others=st.lists(MOUNT, max_size=3),
    data=DRIVERS,
    options=OPTIONS,
    replicas=st.sampled_from((None, 3)),
)
def test_whatever_is_mounted_the_objects_are_valid_and_every_value_has_a_verdict(
    mounts: list[Mount], others: list[Mount], data: Volume, options: dict[str, str], replicas: int | None
) -> None:
    made = application(
        service("web", volumes=tuple(mounts), scale=replicas, tmpfs=("/run:mode=700,size=1m",)),
        service("db", volumes=tuple(others), volumes_from=("web:ro",)),
        volumes={"data": data, "Other_Data": Volume()},
    )
    chosen = {
        name: value for name, value in options.items() if name in {"node", "storage-class"} or value in _FITS[name]
    }
    files = FilesInMemory({"/project/x/a.txt": b"a", "/project/x.key": b"k"})
    translation = translate(made, settings(options=chosen), files)
    broken = [str(found) for found in check(translation.documents) if found.rule != "missing-reference"]
    assert broken == []
    for entry in ledger(made, SUPPORT, translation.notes):
        assert entry.outcome is not UNCLASSIFIED, entry.leaf.path
        assert isinstance(entry.outcome, Exact) or entry.outcome.code


_FITS = {"data-binds": {"claim"}, "writable-binds": {"copy"}, "copy-image-content": {"yes", "no"}}
