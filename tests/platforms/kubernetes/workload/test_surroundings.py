from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.resources import HostDevice
from intermodal.model.support import Consequence, Exact
from intermodal.model.volumes import Mount, TmpfsOptions
from intermodal.platforms.kubernetes.terms import DEFAULT
from tests.applications import service
from tests.platforms.kubernetes.workloads import one, several


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"network_mode": "host"}, {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}),
        ({"pid": "host"}, {"hostPID": True}),
        ({"ipc": "host"}, {"hostIPC": True}),
        ({"init": True}, {"shareProcessNamespace": True}),
        ({"pid": "host", "init": True}, {"hostPID": True}),
        ({"hostname": "ada"}, {"hostname": "ada"}),
        (
            {"platform": "linux/arm64/v8"},
            {"nodeSelector": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"}},
        ),
        ({"platform": "x86_64"}, {"nodeSelector": {"kubernetes.io/arch": "amd64"}}),
        ({"platform": "windows"}, {"nodeSelector": {"kubernetes.io/os": "windows"}}),
        ({"runtime": "kata"}, {"runtimeClassName": "kata"}),
        (
            {"dns": ("1.1.1.1",), "dns_opt": ("ndots:2", "rotate")},
            {
                "dnsConfig": {
                    "nameservers": ["1.1.1.1"],
                    "options": [{"name": "ndots", "value": "2"}, {"name": "rotate"}],
                }
            },
        ),
        ({"dns_search": ("example.org", ".")}, {"dnsConfig": {"searches": ["example.org"]}}),
        (
            {"extra_hosts": {"a": ("10.0.0.1", "[::1]"), "b": ("10.0.0.1",)}},
            {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a", "b"]}, {"ip": "::1", "hostnames": ["a"]}]},
        ),
    ],
)
def test_fields_of_the_pod(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    made, plain = one(**fields).pod(), one().pod()
    assert {key: value for key, value in made.items() if plain.get(key) != value} == expected


@pytest.mark.parametrize(("field", "value"), [("network_mode", "bridge"), ("ipc", "shareable"), ("runtime", "runc")])
def test_what_is_so_anyway(field: str, value: str) -> None:
    assert one(**{field: value}).note(field) == Exact(how=DEFAULT)


def test_a_strangers_namespace_cannot_be_had() -> None:
    made = one(network_mode="container:stranger")
    assert made.code("network_mode") == "namespace-of-a-stranger"
    assert made.note("network_mode").consequence is Consequence.START  # type: ignore[union-attr]


def test_shared_namespaces_are_one_pod() -> None:
    made = several(service("web"), service("side", network_mode="service:web", pid="service:web"))
    assert [found["name"] for found in made.pod()["containers"]] == ["web", "side"]
    assert made.pod()["shareProcessNamespace"] is True
    assert list(made.of("Deployment")) == ["web"]


def test_host_names() -> None:
    assert one(hostname="Ada_1.example.org").pod()["hostname"] == "ada-1"
    stateful = one(hostname="ada", extensions={"x-intermodal": {"controller": "statefulset"}})
    assert "hostname" not in stateful.pod()
    assert stateful.code("hostname") == "host-name-by-controller"


def test_a_third_name_server_is_one_too_many() -> None:
    made = one(dns=("1.1.1.1", "2.2.2.2", "3.3.3.3"))
    assert made.pod()["dnsConfig"]["nameservers"] == ["1.1.1.1", "2.2.2.2"]
    assert made.code("dns", 2) == "too-many-name-servers"


def test_the_nodes_address_is_not_known() -> None:
    made = one(extra_hosts={"host.docker.internal": ("host-gateway",)})
    assert "hostAliases" not in made.pod()
    assert made.code("extra_hosts", "host.docker.internal") == "host-gateway-unknown"


def test_safe_kernel_settings_are_set_by_version() -> None:
    asked = service(sysctls={"net.ipv4.tcp_keepalive_time": "60"})
    assert several(asked).pod()["securityContext"]["sysctls"] == [
        {"name": "net.ipv4.tcp_keepalive_time", "value": "60"}
    ]
    old = several(asked, version="1.28")
    assert "sysctls" not in old.pod()["securityContext"]
    assert old.code("sysctls", "net.ipv4.tcp_keepalive_time") == "sysctl-not-allowed"


def test_unsafe_kernel_settings_on_request_only() -> None:
    asked = service(sysctls={"net.core.somaxconn": "1024", "vm.max_map_count": "1"})
    assert "sysctls" not in several(asked).pod()["securityContext"]
    allowed = several(asked, unsafe_sysctls="yes")
    assert allowed.pod()["securityContext"]["sysctls"] == [{"name": "net.core.somaxconn", "value": "1024"}]
    assert allowed.code("sysctls", "net.core.somaxconn") == "sysctl-must-be-allowed"
    assert allowed.code("sysctls", "vm.max_map_count") == "sysctl-of-the-node"


def test_shared_memory() -> None:
    made = one(shm_size=64 << 20)
    (mount,) = made.container()["volumeMounts"]
    assert mount["mountPath"] == "/dev/shm"  # noqa: S108 - the mount point itself
    (volume,) = made.pod()["volumes"]
    assert volume == {"name": mount["name"], "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}}


def test_shared_memory_that_is_mounted_by_hand() -> None:
    by_hand = Mount(type="tmpfs", target="/dev/shm", tmpfs=TmpfsOptions(size=1 << 20))  # noqa: S108 - as above
    made = one(shm_size=64 << 20, volumes=(by_hand,))
    assert [found["mountPath"] for found in made.container()["volumeMounts"]] == ["/dev/shm"]  # noqa: S108 - as above
    assert made.code("shm_size") == "shared-memory-mounted"


def test_devices_need_privileges() -> None:
    device = HostDevice(source="/dev/kvm", target="/dev/other", permissions="rwm")
    made = one(devices=(device,))
    assert "volumes" not in made.pod()
    assert made.note("devices", 0).consequence is Consequence.START  # type: ignore[union-attr]
    privileged = one(devices=(device,), privileged=True)
    assert privileged.pod()["volumes"][0]["hostPath"] == {"path": "/dev/kvm"}
    assert privileged.container()["volumeMounts"][0]["mountPath"] == "/dev/other"


def test_named_devices_come_from_plugins() -> None:
    assert one(devices=(HostDevice(source="nvidia.com/gpu=all"),)).code("devices", 0) == "device-by-name"
