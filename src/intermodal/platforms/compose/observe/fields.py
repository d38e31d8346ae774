"""The fields of a container that are compared, with the names people know them by. Data only.

A field the file says nothing of has the value the engine gives it unasked, or the image's; that is no difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG: Mapping[str, str] = {
    "Image": "image",
    "Tty": "tty",
    "OpenStdin": "stdin_open",
    "Domainname": "domainname",
}
"""Fields of `Config` that are empty unless somebody says otherwise."""
CONFIG_OF_IMAGE: Mapping[str, str] = {
    "User": "user",
    "WorkingDir": "working_dir",
    "Entrypoint": "entrypoint",
    "Cmd": "command",
    "StopSignal": "stop_signal",
    "Healthcheck": "healthcheck",
}
"""Fields of `Config` that come from the image unless somebody says otherwise."""
CONFIG_IF_SAID: Mapping[str, str] = {"Hostname": "hostname", "StopTimeout": "stop_grace_period"}
"""Fields of `Config` that the engine fills as it likes."""
HOST: Mapping[str, str] = {
    "RestartPolicy": "restart",
    "Annotations": "annotations",
    "CapAdd": "cap_add",
    "CapDrop": "cap_drop",
    "Init": "init",
    "Privileged": "privileged",
    "ReadonlyRootfs": "read_only",
    "PidMode": "pid",
    "UsernsMode": "userns_mode",
    "UTSMode": "uts",
    "Sysctls": "sysctls",
    "StorageOpt": "storage_opt",
    "Dns": "dns",
    "DnsSearch": "dns_search",
    "DnsOptions": "dns_opt",
    "ExtraHosts": "extra_hosts",
    "GroupAdd": "group_add",
    "SecurityOpt": "security_opt",
    "VolumesFrom": "volumes_from",
    "Tmpfs": "tmpfs",
    "Memory": "mem_limit",
    "MemoryReservation": "mem_reservation",
    "NanoCpus": "cpus",
    "CpuShares": "cpu_shares",
    "CpuPeriod": "cpu_period",
    "CpuQuota": "cpu_quota",
    "CpuRealtimePeriod": "cpu_rt_period",
    "CpuRealtimeRuntime": "cpu_rt_runtime",
    "CpusetCpus": "cpuset",
    "OomScoreAdj": "oom_score_adj",
    "PidsLimit": "pids_limit",
    "CgroupParent": "cgroup_parent",
    "Devices": "devices",
    "DeviceCgroupRules": "device_cgroup_rules",
    "DeviceRequests": "gpus",
    "Ulimits": "ulimits",
    "BlkioDeviceReadBps": "blkio_config.device_read_bps",
    "BlkioDeviceReadIOps": "blkio_config.device_read_iops",
    "BlkioDeviceWriteBps": "blkio_config.device_write_bps",
    "BlkioDeviceWriteIOps": "blkio_config.device_write_iops",
}
"""Fields of `HostConfig` that are empty unless somebody says otherwise."""
HOST_IF_SAID: Mapping[str, str] = {
    "IpcMode": "ipc",
    "CgroupnsMode": "cgroup",
    "Isolation": "isolation",
    "Runtime": "runtime",
    "ShmSize": "shm_size",
    "LogConfig": "logging",
    "MaskedPaths": "security_opt.systempaths",
}
"""Fields of `HostConfig` that the engine fills as it likes."""
HOST_IF_KEPT: Mapping[str, str] = {
    "BlkioWeight": "blkio_config.weight",
    "BlkioWeightDevice": "blkio_config.weight_device",
    "CpuCount": "cpu_count",
    "CpuPercent": "cpu_percent",
    "MemorySwap": "memswap_limit",
    "MemorySwappiness": "mem_swappiness",
    "OomKillDisable": "oom_kill_disable",
}
"""Fields of `HostConfig` that the engine drops where the machine has no such thing."""
UNORDERED = frozenset({"CapAdd", "CapDrop", "GroupAdd", "SecurityOpt", "ExtraHosts", "DeviceCgroupRules", "Ulimits"})
"""Lists in which the order means nothing."""
SECRET = frozenset({"Cmd", "Entrypoint", "Healthcheck", "LogConfig"})
"""Fields whose values may hold a password: they are said to differ, and not shown."""
ENDPOINT: Mapping[str, str] = {
    "MacAddress": "mac_address",
    "DriverOpts": "driver_opts",
    "GwPriority": "gw_priority",
}
"""Fields of a container's place in a network that are compared where they are said."""
ADDRESSES: Mapping[str, str] = {"IPv4Address": "ipv4_address", "IPv6Address": "ipv6_address"}
