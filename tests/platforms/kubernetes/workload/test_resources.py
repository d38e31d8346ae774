from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.placement import Deploy
from intermodal.model.resources import (
    DeviceRequest,
    DiscreteResource,
    GenericResource,
    Limits,
    Reservations,
    Resources,
)
from intermodal.platforms.kubernetes.quantities import byte_quantity, cpu_quantity, whole_seconds
from tests.platforms.kubernetes.workloads import one


def limited(limits: dict[str, Any] | None = None, reserved: dict[str, Any] | None = None) -> Deploy:
    return Deploy(
        resources=Resources(
            limits=Limits(**limits) if limits else None, reservations=Reservations(**reserved) if reserved else None
        )
    )


@pytest.mark.parametrize(("cores", "text"), [(1.0, "1"), (0.5, "500m"), (2.25, "2250m"), (0.0001, "1m"), (0.1, "100m")])
def test_cpus_in_thousandths(cores: float, text: str) -> None:
    assert cpu_quantity(cores) == text


@pytest.mark.parametrize(
    ("size", "text"), [(1 << 30, "1Gi"), (1536 << 20, "1536Mi"), (1000, "1000"), (50 << 20, "50Mi"), (0, "0")]
)
def test_bytes_in_the_largest_exact_unit(size: int, text: str) -> None:
    assert byte_quantity(size) == text


def test_seconds_are_rounded_up() -> None:
    assert (whole_seconds(0.2), whole_seconds(2.0), whole_seconds(0.0, 1)) == (1, 2, 1)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"cpus": 0.5, "mem_limit": 64 << 20}, {"limits": {"cpu": "500m", "memory": "64Mi"}}),
        ({"mem_reservation": 64 << 20}, {"requests": {"memory": "64Mi"}}),
        ({"cpu_quota": 50000}, {"limits": {"cpu": "500m"}}),
        ({"cpu_quota": 50000, "cpu_period": 200000}, {"limits": {"cpu": "250m"}}),
        ({"cpu_shares": 512}, {"requests": {"cpu": "500m"}}),
        ({"storage_opt": {"size": "10G"}}, {"limits": {"ephemeral-storage": "10Gi"}}),
        ({"mem_limit": 0, "cpu_quota": -1}, None),
        (
            {"deploy": limited({"cpus": 1.0}, {"memory": 1 << 20})},
            {"requests": {"memory": "1Mi"}, "limits": {"cpu": "1"}},
        ),
    ],
)
def test_what_is_kept_and_what_is_the_most(fields: dict[str, Any], expected: dict[str, Any] | None) -> None:
    assert one(**fields).container().get("resources") == expected


def test_deploy_is_stronger() -> None:
    made = one(mem_limit=1 << 20, cpus=1.0, deploy=limited({"memory": 2 << 20, "cpus": 2.0}))
    assert made.container()["resources"]["limits"] == {"cpu": "2", "memory": "2Mi"}
    assert {made.code("mem_limit"), made.code("cpus")} == {"said-again-in-deploy"}


def test_no_request_exceeds_its_limit() -> None:
    made = one(deploy=limited({"memory": 1 << 20, "cpus": 0.5}, {"memory": 2 << 20, "cpus": 1.0}))
    assert made.container()["resources"]["requests"] == {"cpu": "500m", "memory": "1Mi"}
    assert made.code("deploy", "resources", "reservations", "memory") == "reservation-over-limit"


def test_a_limit_alone_is_also_a_request() -> None:
    made = one(mem_limit=1 << 20)
    assert made.code("mem_limit") == "limit-is-also-request"
    both = one(mem_limit=2 << 20, mem_reservation=1 << 20)
    assert ("services", "web", "mem_limit") not in both.notes


@pytest.mark.parametrize(
    ("request_", "resource", "count"),
    [
        ({"count": 2}, "nvidia.com/gpu", "2"),
        ({"count": -1}, "nvidia.com/gpu", "1"),
        ({"device_ids": ("0", "3")}, "nvidia.com/gpu", "2"),
        ({"driver": "amd", "count": 1}, "amd.com/gpu", "1"),
    ],
)
def test_gpus(request_: dict[str, Any], resource: str, count: str) -> None:
    asked = DeviceRequest(capabilities=("gpu",), **request_)
    assert one(gpus=(asked,)).container()["resources"] == {"limits": {resource: count}}
    reserved = limited(reserved={"devices": (asked,)})
    assert one(deploy=reserved).container()["resources"] == {"limits": {resource: count}}


def test_all_gpus_and_unknown_devices_are_told() -> None:
    made = one(
        gpus=(DeviceRequest(count=-1), DeviceRequest(driver="tpu", count=1), DeviceRequest(capabilities=("tpu",)))
    )
    assert made.code("gpus", 0, "count") == "all-gpus-not-known"
    assert made.code("gpus", 1) == made.code("gpus", 2) == "device-request-unknown"


def test_generic_resources_with_a_domain_are_extended_resources() -> None:
    kinds = ("example.org/fpga", "NVIDIA-GPU", "ssd")
    found = tuple(GenericResource(discrete_resource_spec=DiscreteResource(kind=kind, value=2)) for kind in kinds)
    made = one(deploy=limited(reserved={"generic_resources": found}))
    assert made.container()["resources"] == {"limits": {"example.org/fpga": "2", "nvidia.com/gpu": "2"}}
    path = ("deploy", "resources", "reservations", "generic_resources", 2)
    assert made.code(*path) == "generic-resource-unknown"
