from __future__ import annotations

from typing import Any

import pytest

from intermodal.clients.docker import objects
from intermodal.model.application import Logging
from intermodal.model.files import EnvFile, Grant
from intermodal.model.health import Healthcheck
from intermodal.model.resources import BlkioConfig, DeviceRate, DeviceRequest, DeviceWeight, HostDevice, Ulimit
from intermodal.model.volumes import BindOptions, ImageOptions, Mount, TmpfsOptions, VolumeOptions
from tests.applications import service

OLD, NEW = (1, 41), (1, 48)


def test_what_says_nothing_is_left_out_but_zero_and_false_speak() -> None:
    assert objects.filled(a=None, b="", c=[], d={}, e=0, f=False, g=()) == {"e": 0, "f": False}


def test_durations_and_cores_are_billionths() -> None:
    assert objects.nanoseconds(1.5) == 1_500_000_000
    assert objects.nano_cpus(0.1) == 100_000_000


def test_the_environment_outranks_its_files_and_later_files_earlier_ones() -> None:
    files = (EnvFile(path="/a", values={"A": "1", "B": "1"}), EnvFile(path="/b", values={"B": "2", "C": "2"}))
    said = objects.variables(service(env_file=files, environment={"C": "3", "D": None, "E": ""}))
    assert objects.environment(said) == ["A=1", "B=2", "C=3", "D", "E="]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (None, None),
        (Healthcheck(disable=True, test=("CMD", "x")), {"Test": ["NONE"]}),
        (Healthcheck(test=("NONE",), interval=3), {"Test": ["NONE"]}),
        (Healthcheck(test=("CMD-SHELL", "true"), retries=0), {"Test": ["CMD-SHELL", "true"], "Retries": 0}),
        (Healthcheck(interval=0.5), {"Interval": 500_000_000}),
        (
            Healthcheck(test=("CMD", "x"), timeout=1, start_period=2, start_interval=3),
            {"Test": ["CMD", "x"], "Timeout": 10**9, "StartPeriod": 2 * 10**9, "StartInterval": 3 * 10**9},
        ),
    ],
)
def test_health_checks(said: Healthcheck | None, wanted: Any) -> None:
    assert objects.healthcheck(said, NEW) == wanted


def test_an_old_engine_is_not_told_of_a_start_interval() -> None:
    assert objects.healthcheck(Healthcheck(test=("CMD", "x"), start_interval=3), OLD) == {"Test": ["CMD", "x"]}


def test_kernel_limits() -> None:
    said = {"nproc": Ulimit(soft=1, hard=2), "core": Ulimit(soft=0, hard=0)}
    assert objects.ulimits(said) == [
        {"Name": "core", "Soft": 0, "Hard": 0},
        {"Name": "nproc", "Soft": 1, "Hard": 2},
    ]


def test_host_names_of_containers_and_of_swarm() -> None:
    said = {"db": ("10.0.0.1", "::1")}
    assert objects.extra_hosts(said) == ["db:10.0.0.1", "db:::1"]
    assert objects.host_lines(said) == ["10.0.0.1 db", "::1 db"]


def test_logging_of_containers_and_of_swarm() -> None:
    said = Logging(driver="local", options={"max-size": "1m"})
    assert objects.log_config(said) == {"Type": "local", "Config": {"max-size": "1m"}}
    assert objects.log_driver(said) == {"Name": "local", "Options": {"max-size": "1m"}}
    assert objects.log_config(None) is objects.log_driver(None) is None


@pytest.mark.parametrize(
    ("said", "options"),
    [
        (Mount(type="volume", target="/t"), {}),
        (
            Mount(type="volume", target="/t", volume=VolumeOptions(nocopy=True, subpath="a", labels={"l": "1"})),
            {"VolumeOptions": {"NoCopy": True, "Subpath": "a", "Labels": {"l": "1"}}},
        ),
        (
            Mount(type="bind", target="/t", bind=BindOptions(propagation="rshared", recursive="disabled")),
            {"BindOptions": {"Propagation": "rshared", "NonRecursive": True, "CreateMountpoint": True}},
        ),
        (
            Mount(type="bind", target="/t", bind=BindOptions(recursive="readonly", create_host_path=False)),
            {"BindOptions": {"ReadOnlyForceRecursive": True}},
        ),
        (
            Mount(type="bind", target="/t", bind=BindOptions(recursive="writable", create_host_path=False)),
            {"BindOptions": {"ReadOnlyNonRecursive": True}},
        ),
        (
            Mount(type="tmpfs", target="/t", tmpfs=TmpfsOptions(size=1024, mode=0o1770)),
            {"TmpfsOptions": {"SizeBytes": 1024, "Mode": 0o1770}},
        ),
        (Mount(type="image", target="/t", image=ImageOptions(subpath="a")), {"ImageOptions": {"Subpath": "a"}}),
        (Mount(type="npipe", target="/t", read_only=True, consistency="cached"), {}),
    ],
)
def test_mounts(said: Mount, options: Any) -> None:
    made = objects.mount(said, "from", NEW)
    assert (made.pop("Type"), made.pop("Source"), made.pop("Target")) == (said.type, "from", "/t")
    assert (made.pop("ReadOnly", False), made.pop("Consistency", "")) == (said.read_only, said.consistency)
    assert made == options


def test_an_old_engine_is_not_asked_to_make_a_host_path() -> None:
    assert "BindOptions" not in objects.mount(Mount(type="bind", target="/t", bind=BindOptions()), "/h", OLD)


def test_a_mount_can_bring_up_its_volume() -> None:
    said = Mount(type="volume", target="/t", volume=VolumeOptions(labels={"own": "1"}))
    made = objects.mount(said, "v", OLD, driver="nfs", driver_opts={"o": "1"}, labels={"more": "2"})
    assert made["VolumeOptions"] == {
        "Labels": {"more": "2", "own": "1"},
        "DriverConfig": {"Name": "nfs", "Options": {"o": "1"}},
    }


def test_short_memory_mounts() -> None:
    assert objects.memory_mount("/run") == {"Type": "tmpfs", "Target": "/run"}
    assert objects.memory_mount("/run:ro,noexec,size=64m,mode=755") == {
        "Type": "tmpfs",
        "Target": "/run",
        "ReadOnly": True,
        "TmpfsOptions": {"SizeBytes": 64 << 20, "Mode": 0o755},
    }
    with pytest.raises(ValueError, match="number"):
        objects.memory_mount("/run:size=half")


def test_devices_by_path_and_by_interface_name() -> None:
    said = (
        HostDevice(source="/dev/fuse", target="/dev/fuse"),
        HostDevice(source="/dev/a=b", target="/dev/c", permissions="r"),
        HostDevice(source="vendor.com/gpu=0", target="vendor.com/gpu=0"),
    )
    assert objects.devices(said) == [
        {"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse", "CgroupPermissions": "rwm"},
        {"PathOnHost": "/dev/a=b", "PathInContainer": "/dev/c", "CgroupPermissions": "r"},
    ]
    assert objects.interface_devices(said) == [{"Driver": "cdi", "DeviceIDs": ["vendor.com/gpu=0"]}]
    assert objects.interface_devices(said[:2]) == []


def test_accelerators_are_counted_or_named() -> None:
    said = (
        DeviceRequest(capabilities=("compute",), driver="nvidia", options={"a": "1"}),
        DeviceRequest(capabilities=("tpu",), device_ids=("0", "1")),
        DeviceRequest(count=2),
    )
    assert objects.device_requests(said, always="gpu") == [
        {"Driver": "nvidia", "Count": -1, "Capabilities": [["compute", "gpu"]], "Options": {"a": "1"}},
        {"DeviceIDs": ["0", "1"], "Capabilities": [["tpu", "gpu"]]},
        {"Count": 2, "Capabilities": [["gpu"]]},
    ]


def test_block_io() -> None:
    said = BlkioConfig(
        weight=300,
        weight_device=(DeviceWeight(path="/dev/a", weight=10),),
        device_read_bps=(DeviceRate(path="/dev/a", rate=1),),
        device_read_iops=(DeviceRate(path="/dev/a", rate=2),),
        device_write_bps=(DeviceRate(path="/dev/a", rate=3),),
        device_write_iops=(DeviceRate(path="/dev/a", rate=4),),
    )
    assert objects.block_io(said) == {
        "BlkioWeight": 300,
        "BlkioWeightDevice": [{"Path": "/dev/a", "Weight": 10}],
        "BlkioDeviceReadBps": [{"Path": "/dev/a", "Rate": 1}],
        "BlkioDeviceReadIOps": [{"Path": "/dev/a", "Rate": 2}],
        "BlkioDeviceWriteBps": [{"Path": "/dev/a", "Rate": 3}],
        "BlkioDeviceWriteIOps": [{"Path": "/dev/a", "Rate": 4}],
    }
    assert objects.block_io(None) == {}


def test_where_configs_and_secrets_stand_and_whose_they_are() -> None:
    assert objects.file_target(Grant(source="key"), "/run/secrets/") == "/run/secrets/key"
    assert objects.file_target(Grant(source="key", target="a/b"), "/") == "/a/b"
    assert objects.file_target(Grant(source="key", target="/etc/key"), "/run/secrets/") == "/etc/key"
    assert objects.permissions(Grant(source="key")) == ("0", "0", 0o444)
    assert objects.permissions(Grant(source="key", uid="5", gid="6", mode=0)) == ("5", "6", 0)
