"""Pieces of the engine's objects that containers and Swarm services spell alike, made from the model's records. Pure.

Belongs here: one value in the API's words. Does not: whole containers and services (platforms), calls (`engine.py`).
What is not said is left out, so that the engine's own default holds. `version` is the API's, as (1, 41).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.quantities import size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Logging, Service
    from intermodal.model.files import Grant
    from intermodal.model.health import Healthcheck
    from intermodal.model.resources import BlkioConfig, DeviceRate, DeviceRequest, HostDevice, Ulimit
    from intermodal.model.volumes import BindOptions, Mount, TmpfsOptions, VolumeOptions

Object: TypeAlias = dict[str, Any]
"""A JSON object of the API."""
Version: TypeAlias = tuple[int, int]

START_INTERVAL = (1, 44)
"""The first version that checks more often while a container starts."""
CREATE_MOUNTPOINT = (1, 42)
"""The first version whose bind mounts can make a missing host path."""
READ_MODE = 0o444
"""What configs and secrets may be done with unless somebody says otherwise."""
_RECURSION = {"disabled": "NonRecursive", "writable": "ReadOnlyNonRecursive", "readonly": "ReadOnlyForceRecursive"}


def filled(**fields: Any) -> Object:  # noqa: ANN401 - JSON of any kind
    """The fields that say something: None, "" and empty lists and mappings are left out; 0 and False stay."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {}, ())}


def nanoseconds(seconds: float) -> int:
    """A duration as the API counts it."""
    return round(seconds * 1_000_000_000)


def nano_cpus(cores: float) -> int:
    """Cores as the API counts them."""
    return round(cores * 1_000_000_000)


def variables(service: Service) -> dict[str, str | None]:
    """A service's environment, its files below its own section; None takes a variable out of the image's."""
    merged: dict[str, str | None] = {}
    for file in service.env_file:
        merged.update(file.values)
    merged.update(service.environment)
    return merged


def environment(said: Mapping[str, str | None]) -> list[str]:
    """Variables as the API lists them, sorted: `A=1`; `A` alone takes it out of the image's."""
    return [name if value is None else f"{name}={value}" for name, value in sorted(said.items())]


def healthcheck(check: Healthcheck | None, version: Version) -> Object | None:
    """A health check; one without a test keeps the image's. None where nothing is said."""
    if check is None:
        return None
    if check.disable or check.test[:1] == ("NONE",):
        return {"Test": ["NONE"]}
    newer = check.start_interval if version >= START_INTERVAL else None
    return filled(
        Test=list(check.test),
        Interval=_nanoseconds(check.interval),
        Timeout=_nanoseconds(check.timeout),
        Retries=check.retries,
        StartPeriod=_nanoseconds(check.start_period),
        StartInterval=_nanoseconds(newer),
    )


def _nanoseconds(seconds: float | None) -> int | None:
    return None if seconds is None else nanoseconds(seconds)


def ulimits(said: Mapping[str, Ulimit]) -> list[Object]:
    """Kernel limits, sorted by name."""
    return [{"Name": name, "Soft": limit.soft, "Hard": limit.hard} for name, limit in sorted(said.items())]


def extra_hosts(said: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Host names as containers have them: `name:address`."""
    return [f"{name}:{address}" for name, addresses in sorted(said.items()) for address in addresses]


def host_lines(said: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Host names as Swarm services have them, lines of a hosts file: `address name`."""
    return [f"{address} {name}" for name, addresses in sorted(said.items()) for address in addresses]


def log_config(said: Logging | None) -> Object | None:
    """Where the output of a container goes."""
    return None if said is None else {"Type": said.driver, "Config": dict(said.options)}


def log_driver(said: Logging | None) -> Object | None:
    """Where the output of a Swarm service's tasks goes."""
    return None if said is None else filled(Name=said.driver, Options=dict(said.options))


def mount(
    said: Mount,
    source: str,
    version: Version,
    *,
    driver: str = "",
    driver_opts: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Object:
    """A mount; `source` is its name on the engine. The driver and labels are for volumes that the mount brings up."""
    kind = said.type
    return filled(
        Type=kind,
        Source=source,
        Target=said.target,
        ReadOnly=said.read_only or None,
        Consistency=said.consistency,
        BindOptions=_bind(said.bind, version) if kind == "bind" else None,
        VolumeOptions=_volume(said.volume, driver, driver_opts or {}, labels or {}) if kind == "volume" else None,
        TmpfsOptions=_tmpfs(said.tmpfs) if kind == "tmpfs" else None,
        ImageOptions=filled(Subpath=said.image.subpath) if kind == "image" and said.image is not None else None,
    )


def _bind(said: BindOptions | None, version: Version) -> Object:
    if said is None:
        return {}
    made = filled(Propagation=said.propagation)
    if said.recursive in _RECURSION:
        made[_RECURSION[said.recursive]] = True
    if said.create_host_path and version >= CREATE_MOUNTPOINT:
        made["CreateMountpoint"] = True
    return made


def _volume(
    said: VolumeOptions | None, driver: str, driver_opts: Mapping[str, str], labels: Mapping[str, str]
) -> Object:
    own = dict(said.labels) if said is not None else {}
    return filled(
        NoCopy=(said is not None and said.nocopy) or None,
        Subpath=said.subpath if said is not None else "",
        Labels={**labels, **own},
        DriverConfig=filled(Name=driver, Options=dict(driver_opts)),
    )


def _tmpfs(said: TmpfsOptions | None) -> Object:
    return filled(SizeBytes=said.size or None, Mode=said.mode) if said is not None else {}


def memory_mount(text: str) -> Object:
    """The mount of a short `tmpfs` such as `/run:size=64m,mode=755`; raises `ValueError` for a size none can read.

    What a mount has no words for (`uid`, `noexec` …) is left out: containers have it in `HostConfig.Tmpfs`.
    """
    target, _, options = text.partition(":")
    said = dict(option.partition("=")[::2] for option in options.split(",") if option)
    return filled(
        Type="tmpfs",
        Target=target,
        ReadOnly=("ro" in said) or None,
        TmpfsOptions=filled(
            SizeBytes=size(said["size"]) if "size" in said else None,
            Mode=int(said["mode"], 8) if "mode" in said else None,
        ),
    )


def devices(said: tuple[HostDevice, ...]) -> list[Object]:
    """Device files of the host; those that name a device of the Container Device Interface are left out."""
    return [
        {
            "PathOnHost": device.source,
            "PathInContainer": device.target or device.source,
            "CgroupPermissions": device.permissions or "rwm",
        }
        for device in said
        if not is_interface_device(device)
    ]


def interface_devices(said: tuple[HostDevice, ...]) -> list[Object]:
    """The request for devices by names of the Container Device Interface, where any is named so."""
    names = [device.source for device in said if is_interface_device(device)]
    return [{"Driver": "cdi", "DeviceIDs": names}] if names else []


def is_interface_device(device: HostDevice) -> bool:
    """Whether a device is named `vendor.com/class=name` and not by a path."""
    kind, equals, _ = device.source.partition("=")
    return bool(equals) and "/" in kind and not kind.startswith("/") and device.target in {"", device.source}


def device_requests(said: tuple[DeviceRequest, ...], *, always: str = "") -> list[Object]:
    """Accelerators asked for by capability; `always` is a capability each request has."""
    return [
        filled(
            Driver=request.driver,
            Count=_count(request),
            DeviceIDs=list(request.device_ids),
            Capabilities=[[*request.capabilities, *([always] if always else [])]],
            Options=dict(request.options),
        )
        for request in said
    ]


def _count(request: DeviceRequest) -> int | None:
    return -1 if request.count is None and not request.device_ids else request.count


def block_io(said: BlkioConfig | None) -> Object:
    """Block I/O weights and limits, as fields of a container's resources."""
    if said is None:
        return {}
    return filled(
        BlkioWeight=said.weight,
        BlkioWeightDevice=[{"Path": device.path, "Weight": device.weight} for device in said.weight_device],
        BlkioDeviceReadBps=_rates(said.device_read_bps),
        BlkioDeviceReadIOps=_rates(said.device_read_iops),
        BlkioDeviceWriteBps=_rates(said.device_write_bps),
        BlkioDeviceWriteIOps=_rates(said.device_write_iops),
    )


def _rates(said: tuple[DeviceRate, ...]) -> list[Object]:
    return [{"Path": device.path, "Rate": device.rate} for device in said]


def file_target(grant: Grant, folder: str) -> str:
    """The absolute path of a config or secret inside; names without a folder go to `folder` ("/", "/run/secrets/")."""
    target = grant.target or grant.source
    return target if target.startswith("/") else folder + target


def permissions(grant: Grant) -> tuple[str, str, int]:
    """The owner, group and mode of a config or secret."""
    return grant.uid or "0", grant.gid or "0", READ_MODE if grant.mode is None else grant.mode
