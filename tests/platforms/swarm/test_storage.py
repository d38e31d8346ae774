from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.files import Grant, SharedFile
from intermodal.model.placement import Deploy, Placement
from intermodal.model.support import Consequence
from intermodal.model.volumes import BindOptions, ImageOptions, Mount, TmpfsOptions, Volume, VolumeOptions
from tests.applications import FilesInMemory, application, service
from tests.platforms.swarm.swarming import codes, outcomes, stack, translation, web

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.model.application import Application
    from intermodal.model.platform import Translation

DATA = Mount(type="volume", source="data", target="/data")
DECLARED = {"data": Volume(name="shop_data")}
SOURCE = "services.web.volumes.0.source"


def consequence(made: Application, path: str = SOURCE, **options: Any) -> Consequence | None:
    found: Consequence | None = getattr(outcomes(made, **options)[path], "consequence", None)
    return found


def test_mounts_are_written_long() -> None:
    made = web(
        volumes=(
            DATA,
            Mount(type="volume", target="/cache", volume=VolumeOptions(nocopy=True)),
            Mount(
                type="volume",
                source="data",
                target="/part",
                read_only=True,
                volume=VolumeOptions(nocopy=True, subpath="p"),
            ),
            Mount(
                type="bind",
                source="/srv",
                target="/srv",
                bind=BindOptions(propagation="rslave", selinux="z"),
                consistency="cached",
            ),
            Mount(type="tmpfs", target="/scratch", tmpfs=TmpfsOptions(size=1000, mode=0o700)),
        )
    )
    assert made["volumes"] == [
        {"type": "volume", "source": "data", "target": "/data"},
        {"type": "volume", "target": "/cache"},
        {
            "type": "volume",
            "source": "data",
            "target": "/part",
            "read_only": True,
            "volume": {"nocopy": True, "subpath": "p"},
        },
        {
            "type": "bind",
            "source": "/srv",
            "target": "/srv",
            "consistency": "cached",
            "bind": {"propagation": "rslave"},
        },
        {"type": "tmpfs", "target": "/scratch", "tmpfs": {"size": 1000}},
    ]


def test_top_level_volumes() -> None:
    volumes = {
        "plain": Volume(name="shop_plain", driver="local"),
        "named": Volume(name="mine", labels={"a": "b"}),
        "outside": Volume(name="theirs", external=True),
        "nfs": Volume(name="shop_nfs", driver="local", driver_opts={"type": "nfs", "o": "addr=10.0.0.1"}),
        "csi": Volume(name="shop_csi", driver="csi", extensions={"x-cluster-spec": {"group": "g"}}),
    }
    made = stack(application(service(), volumes=volumes))
    assert made["volumes"] == {
        "plain": {},
        "named": {"name": "mine", "labels": {"a": "b"}},
        "outside": {"name": "theirs", "external": True},
        "nfs": {"driver": "local", "driver_opts": {"type": "nfs", "o": "addr=10.0.0.1"}},
        "csi": {"driver": "csi"},
    }
    assert codes(application(service(), volumes=volumes)) == {
        "volumes.csi.x-cluster-spec.group": "swarm-cluster-volume"
    }


def test_a_volume_of_one_instance_stays_behind_and_one_of_several_splits() -> None:
    assert consequence(application(service(volumes=(DATA,)), volumes=DECLARED)) is Consequence.BEHAVIOUR
    several = application(service(volumes=(DATA,), scale=2), volumes=DECLARED)
    assert consequence(several) is Consequence.DATA
    shared = application(service(volumes=(DATA,)), service("b", volumes=(DATA,)), volumes=DECLARED)
    assert consequence(shared) is Consequence.DATA
    everywhere = application(service(volumes=(DATA,), deploy=Deploy(mode="global")), volumes=DECLARED)
    assert consequence(everywhere) is Consequence.BEHAVIOUR
    assert codes(everywhere) == {SOURCE: "swarm-volume-per-node"}


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        ("node.labels.disk == ssd", None),
        ("node.id==abc", None),
        ("node.labels.disk != ssd", "swarm-volume-stays-behind"),
        ("node.role == worker", "swarm-volume-stays-behind"),
    ],
)
def test_which_constraints_bind_a_service_to_its_data(constraint: str, code: str | None) -> None:
    deploy = Deploy(placement=Placement(constraints=(constraint,)))
    made = application(service(volumes=(DATA,), deploy=deploy), volumes=DECLARED)
    assert codes(made).get(SOURCE) == code


@pytest.mark.parametrize(
    "volume",
    [
        Volume(name="v", driver="rexray"),
        Volume(name="v", driver_opts={"type": "nfs4"}),
    ],
)
def test_a_volume_that_all_nodes_reach_is_exact(volume: Volume) -> None:
    assert consequence(application(service(volumes=(DATA,), scale=3), volumes={"data": volume})) is None


def test_a_node_for_the_data_binds_the_service() -> None:
    constrained = Deploy(placement=Placement(constraints=("node.hostname==n1",)))
    assert consequence(application(service(volumes=(DATA,), deploy=constrained), volumes=DECLARED)) is None
    wished = application(
        service(volumes=(DATA,)),
        volumes={"data": Volume(name="shop_data", extensions={"x-intermodal": {"node": "n1", "size": "1G"}})},
    )
    assert stack(wished)["services"]["web"]["deploy"]["placement"] == {"constraints": ["node.hostname == n1"]}
    assert codes(wished) == {"volumes.data.x-intermodal.size": "swarm-extension"}


@pytest.mark.parametrize("option", ["node", "node.web", "volume.data.node"])
def test_an_option_binds_the_service_to_a_node(option: str) -> None:
    asked: dict[str, Any] = {option: "n2"}
    made = application(service(volumes=(DATA,)), service("free"), volumes=DECLARED)
    read = stack(made, **asked)["services"]
    assert read["web"]["deploy"]["placement"]["constraints"] == ["node.hostname == n2"]
    assert "deploy" not in read["free"]
    assert consequence(made, **asked) is None


def test_x_intermodal_binds_a_service_or_one_mount() -> None:
    own = application(service(extensions={"x-intermodal": {"node": "n1"}}))
    assert stack(own)["services"]["web"]["deploy"]["placement"]["constraints"] == ["node.hostname == n1"]
    assert codes(own) == {}
    mount = application(
        service(volumes=(DATA,), extensions={"x-intermodal": {"volumes": {"/data": {"node": "n3"}}}}), volumes=DECLARED
    )
    assert stack(mount)["services"]["web"]["deploy"]["placement"]["constraints"] == ["node.hostname == n3"]
    assert codes(mount) == {}


def test_data_on_two_nodes_can_run_nowhere() -> None:
    made = application(
        service(volumes=(DATA, Mount(type="volume", source="more", target="/more"))),
        volumes=DECLARED | {"more": Volume(name="shop_more")},
    )
    told = codes(made, volume__data__node="n1", volume__more__node="n2")
    assert told["services.web.volumes.1.source"] == "swarm-two-nodes"


def test_host_paths_must_be_on_the_node() -> None:
    made = application(service(volumes=(Mount(type="bind", source="/project/data", target="/data"),)))
    assert codes(made) == {SOURCE: "swarm-host-path"}
    assert consequence(made) is Consequence.START
    assert codes(made, node="n1") == {SOURCE: "swarm-host-path-on-node"}


@pytest.mark.parametrize("source", ["/var/run/docker.sock", "/proc", "/", "/etc/localtime", "/sys/fs/cgroup"])
def test_what_every_node_has_is_exact(source: str) -> None:
    assert codes(application(service(volumes=(Mount(type="bind", source=source, target="/x"),)))) == {}


def test_a_shipped_file_becomes_a_config_of_its_content(accepted: Callable[[Translation], Any]) -> None:
    mount = Mount(type="bind", source="/project/conf/nginx.conf", target="/etc/nginx/nginx.conf", read_only=True)
    files = FilesInMemory({mount.source: b"events {}"}, {mount.source: 0o640})
    made = application(service("a", volumes=(mount,)), service("b", volumes=(mount,)))
    read = accepted(translation(made, files))
    grant = {"source": "conf-nginx.conf", "target": "/etc/nginx/nginx.conf", "mode": 0o640}
    assert read["services"]["a"]["configs"] == read["services"]["b"]["configs"] == [grant]
    assert "volumes" not in read["services"]["a"]
    assert read["configs"]["conf-nginx.conf"]["file"] == "/project/conf/nginx.conf"
    changed = stack(made, FilesInMemory({mount.source: b"events { }"}))["configs"]["conf-nginx.conf"]["name"]
    assert changed != read["configs"]["conf-nginx.conf"]["name"]
    assert changed.startswith("shop_conf-nginx.conf-")
    assert set(codes(made, files).values()) == {"swarm-file-as-config"}


def test_a_shipped_file_mounted_writable_is_told_to_be_read_only_now() -> None:
    mount = Mount(type="bind", source="/project/app.conf", target="/app.conf")
    made, files = application(service(volumes=(mount,))), FilesInMemory({mount.source: b""})
    assert codes(made, files)[SOURCE] == "swarm-file-read-only"
    assert codes(made, files, binds="keep") == {SOURCE: "swarm-host-path"}


def test_a_shipped_secret_becomes_a_secret_without_a_hash() -> None:
    mount = Mount(type="bind", source="/project/tls.key", target="/etc/tls.key", read_only=True)
    made = stack(application(service(volumes=(mount,))), FilesInMemory({mount.source: b"k"}))
    assert made["secrets"] == {"tls.key": {"file": "/project/tls.key"}}
    assert made["services"]["web"]["secrets"][0]["target"] == "/etc/tls.key"


@pytest.mark.parametrize(
    ("mount", "files", "becomes"),
    [
        (
            Mount(type="bind", source="/project/c", target="/c", read_only=True),
            {"/project/c/a": 1, "/project/c/b/d": 1},
            2,
        ),
        (Mount(type="bind", source="/project/c", target="/etc/app"), {"/project/c/a": 1}, 1),
        (Mount(type="bind", source="/project/c", target="/data"), {"/project/c/a": 1}, 0),
        (Mount(type="bind", source="/project/c", target="/c", read_only=True), {"/project/c/a": 600_000}, 0),
        (
            Mount(type="bind", source="/project/c", target="/c", read_only=True),
            {f"/project/c/{number}": 1 for number in range(41)},
            0,
        ),
        (Mount(type="bind", source="/project/x.db", target="/x.db"), {"/project/x.db": 1}, 0),
        (Mount(type="bind", source="/project/big", target="/big", read_only=True), {"/project/big": 600_000}, 0),
    ],
)
def test_which_shipped_files_become_configs(mount: Mount, files: dict[str, int], becomes: int) -> None:
    made = web(FilesInMemory({path: b"x" * size for path, size in files.items()}), volumes=(mount,))
    assert len(made.get("configs", [])) == becomes
    assert ("volumes" in made) is (becomes == 0)


def test_x_intermodal_decides_about_a_bind_mount() -> None:
    mount = Mount(type="bind", source="/project/c", target="/data")
    files = FilesInMemory({"/project/c/a": b""})
    asked = {"x-intermodal": {"volumes": {"/data": {"policy": "configmap"}}}}
    made = application(service(volumes=(mount,), extensions=asked))
    assert stack(made, files)["services"]["web"]["configs"][0]["target"] == "/data/a"
    assert "services.web.x-intermodal.volumes./data.policy" not in codes(made, files)


def test_anonymous_volumes_and_image_mounts() -> None:
    made = application(
        service(
            volumes=(
                Mount(type="volume", target="/cache", volume=VolumeOptions(nocopy=True, labels={"a": "b"})),
                Mount(type="image", source="busybox", target="/bin2", image=ImageOptions(subpath="bin")),
            )
        )
    )
    assert stack(made)["services"]["web"]["volumes"] == [{"type": "volume", "target": "/cache"}]
    assert codes(made) == {
        "services.web.volumes.0.target": "swarm-anonymous-volume",
        "services.web.volumes.0.volume.nocopy": "swarm-anonymous-volume",
        "services.web.volumes.0.volume.labels.a": "swarm-volume-labels",
        "services.web.volumes.1.type": "swarm-image-mount",
        "services.web.volumes.1.target": "swarm-image-mount",
        "services.web.volumes.1.source": "swarm-image-mount",
        "services.web.volumes.1.image.subpath": "swarm-image-mount",
    }


def test_memory_mounts_that_the_client_would_drop() -> None:
    made = application(service(tmpfs=("/run:size=64m,noexec,ro", "/scratch:mode=700"), shm_size=1 << 30))
    assert stack(made)["services"]["web"]["volumes"] == [
        {"type": "tmpfs", "target": "/run", "read_only": True, "tmpfs": {"size": 64 << 20}},
        {"type": "tmpfs", "target": "/scratch"},
        {"type": "tmpfs", "target": "/dev/shm", "tmpfs": {"size": 1 << 30}},  # noqa: S108
    ]
    assert codes(made) == {"services.web.tmpfs.1": "swarm-tmpfs-options"}


def test_volumes_from_repeats_the_mounts() -> None:
    made = application(
        service("web", volumes_from=("store:ro", "container:old"), volumes=(DATA,)),
        service("store", volumes=(DATA, Mount(type="volume", source="more", target="/more"))),
        volumes=DECLARED | {"more": Volume(name="shop_more")},
    )
    assert stack(made)["services"]["web"]["volumes"] == [
        {"type": "volume", "source": "data", "target": "/data"},
        {"type": "volume", "source": "more", "target": "/more", "read_only": True},
    ]
    assert codes(made)["services.web.volumes_from.1"] == "swarm-volumes-from"
    assert "services.web.volumes_from.0" not in codes(made)


def test_configs_and_secrets(accepted: Callable[[Translation], Any]) -> None:
    made = application(
        service(
            configs=(Grant(source="motd", target="/etc/motd", uid="33", gid="33", mode=0o440), Grant(source="file")),
            secrets=(Grant(source="token"), Grant(source="password"), Grant(source="outside")),
        ),
        configs={
            "motd": SharedFile(name="shop_motd", content="costs $5"),
            "file": SharedFile(name="shop_file", file="/project/file.conf", labels={"a": "b"}),
            "elsewhere": SharedFile(name="shop_elsewhere", file="/srv/x"),
            "mine": SharedFile(name="mine", file="/project/file.conf", template_driver="golang"),
        },
        secrets={
            "token": SharedFile(name="shop_token", file="/project/token"),
            "password": SharedFile(name="shop_password", environment="PASSWORD", value="hunter2"),
            "outside": SharedFile(name="there", external=True),
        },
    )
    result = translation(made, FilesInMemory({"/project/file.conf": b"x", "/project/token": b"y"}))
    assert [(one.path, one.content) for one in result.attached] == [("files/motd", b"costs $5")]
    assert "hunter2" not in repr(result)
    read = accepted(result)
    assert read["services"]["web"]["configs"] == [
        {"source": "motd", "target": "/etc/motd", "uid": "33", "gid": "33", "mode": 0o440},
        {"source": "file"},
    ]
    assert read["secrets"] == {
        "token": {"file": "/project/token"},
        "password": {"name": "shop_password", "external": True},
        "outside": {"name": "there", "external": True},
    }
    written = stack(made, FilesInMemory({"/project/file.conf": b"x"}))["configs"]
    assert written["motd"]["file"] == "./files/motd"
    assert written["file"]["name"].startswith("shop_file-")
    assert written["elsewhere"] == {"file": "/srv/x"}
    assert written["mine"] == {"name": "mine", "file": "/project/file.conf", "template_driver": "golang"}


def test_content_that_is_not_there_or_too_large_is_told() -> None:
    made = application(
        service(),
        configs={"a": SharedFile(environment="UNSET"), "b": SharedFile(file="/project/big")},
        secrets={"c": SharedFile(environment="P", value="x")},
    )
    assert codes(made, FilesInMemory({"/project/big": b"x" * 600_000})) == {
        "configs.a.environment": "swarm-config-unset",
        "configs.b.file": "swarm-file-too-large",
        "secrets.c.environment": "swarm-secret-by-hand",
    }
