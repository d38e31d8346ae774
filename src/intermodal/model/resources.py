"""What an instance may use: CPUs, memory, devices, kernel limits. CPUs are cores, sizes bytes, times seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping


@record
class DeviceRequest:
    """Accelerators asked for by capability; `count` -1 means all, None not said."""

    capabilities: tuple[str, ...] = ()
    driver: str = ""
    count: int | None = None
    device_ids: tuple[str, ...] = ()
    options: Mapping[str, str] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class DiscreteResource:
    """A countable resource of Swarm's."""

    kind: str = ""
    value: int = 0
    extensions: Mapping[str, Any] = NOTHING


@record
class GenericResource:
    """Swarm's user-defined resource."""

    discrete_resource_spec: DiscreteResource | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class Limits:
    """The most an instance may use."""

    cpus: float | None = None
    memory: int | None = None
    pids: int | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class Reservations:
    """What is kept free for an instance."""

    cpus: float | None = None
    memory: int | None = None
    generic_resources: tuple[GenericResource, ...] = ()
    devices: tuple[DeviceRequest, ...] = ()
    extensions: Mapping[str, Any] = NOTHING


@record
class Resources:
    """Limits and reservations of a service's instances."""

    limits: Limits | None = None
    reservations: Reservations | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class Ulimit:
    """A kernel limit; a single number sets both."""

    soft: int
    hard: int
    extensions: Mapping[str, Any] = NOTHING


@record
class HostDevice:
    """A device file of the host, shown inside."""

    source: str
    target: str = ""
    permissions: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class DeviceRate:
    """A rate limit of a block device, bytes or operations per second."""

    path: str = ""
    rate: int = 0


@record
class DeviceWeight:
    """A share of a block device."""

    path: str = ""
    weight: int = 0


@record
class BlkioConfig:
    """Block I/O weights and limits."""

    weight: int | None = None
    weight_device: tuple[DeviceWeight, ...] = ()
    device_read_bps: tuple[DeviceRate, ...] = ()
    device_read_iops: tuple[DeviceRate, ...] = ()
    device_write_bps: tuple[DeviceRate, ...] = ()
    device_write_iops: tuple[DeviceRate, ...] = ()


@record
class CredentialSpec:
    """A Windows managed service account."""

    config: str = ""
    file: str = ""
    registry: str = ""
    extensions: Mapping[str, Any] = NOTHING
