"""The records below a service: builds, ports, mounts, deployment and the like. The service itself is in `service.py`.

Keys stand in the order in which docker compose prints them.
"""

from __future__ import annotations

from intermodal.compose import values as v
from intermodal.compose.kinds import TEXT_ONLY, Limit, ListOf, MapOf, Record, Test, Words

TEXTS = ListOf(v.TEXT)
DISTINCT = ListOf(v.TEXT, distinct=True)
TEXT_OR_TEXTS = ListOf(v.TEXT, single=True)
COMMAND = Words()
LABELS = MapOf(v.LABEL, listed="pairs")
ENVIRONMENT = MapOf(v.VARIABLE, listed="pairs", private=True)
OPTIONS = MapOf(v.OPTION)
HOSTS = MapOf(ListOf(v.ADDRESS, single=True), listed="hosts")

ULIMITS = MapOf(Limit(v.INTEGER, Record("ulimit", {"soft": v.INTEGER, "hard": v.INTEGER}, required=("soft", "hard"))))
BUILD_ULIMITS = MapOf(
    Limit(v.SIGNED, Record("ulimit", {"soft": v.SIGNED, "hard": v.SIGNED}, required=("soft", "hard")))
)
GRANT = Record(
    "grant",
    {"source": v.TEXT, "target": v.TEXT, "uid": v.TEXT, "gid": v.TEXT, "mode": v.MODE},
    short=TEXT_ONLY,
)
HOOK = Record(
    "hook",
    {
        "command": COMMAND,
        "user": v.TEXT,
        "privileged": v.BOOLEAN,
        "working_dir": v.TEXT,
        "environment": ENVIRONMENT,
    },
    required=("command",),
)
DEVICE_REQUEST = {
    "capabilities": DISTINCT,
    "driver": v.TEXT,
    "count": v.COUNT,
    "device_ids": DISTINCT,
    "options": LABELS,
}

BUILD = Record(
    "build",
    {
        "context": v.TEXT,
        "dockerfile": v.TEXT,
        "dockerfile_inline": v.TEXT,
        "entitlements": TEXTS,
        "args": MapOf(v.VARIABLE, listed="pairs", private=True),
        "provenance": v.TEXT_OR_TRUTH,
        "sbom": v.TEXT_OR_TRUTH,
        "ssh": MapOf(v.VARIABLE, listed="pairs"),
        "labels": LABELS,
        "cache_from": TEXTS,
        "cache_to": TEXTS,
        "no_cache": v.BOOLEAN,
        "additional_contexts": MapOf(v.LABEL, listed="full pairs"),
        "pull": v.BOOLEAN,
        "extra_hosts": HOSTS,
        "isolation": v.TEXT,
        "network": v.TEXT,
        "target": v.TEXT,
        "secrets": ListOf(GRANT),
        "shm_size": v.WHOLE_SIZE,
        "tags": TEXTS,
        "ulimits": BUILD_ULIMITS,
        "platforms": TEXTS,
        "privileged": v.BOOLEAN,
    },
    short=TEXT_ONLY,
)

DEVELOP = Record(
    "develop",
    {
        "watch": ListOf(
            Record(
                "trigger",
                {
                    "path": v.TEXT,
                    "action": v.choice("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
                    "target": v.TEXT,
                    "exec": HOOK,
                    "include": TEXT_OR_TEXTS,
                    "ignore": TEXT_OR_TEXTS,
                    "initial_sync": v.TRUTH,
                },
                required=("path", "action"),
            )
        )
    },
    nullable=True,
)

_RATES = ListOf(Record("device rate", {"path": v.TEXT, "rate": v.WHOLE_SIZE}, open=False))
BLKIO = Record(
    "blkio_config",
    {
        "weight": v.UNQUOTED,
        "weight_device": ListOf(Record("device weight", {"path": v.TEXT, "weight": v.UNQUOTED}, open=False)),
        "device_read_bps": _RATES,
        "device_read_iops": _RATES,
        "device_write_bps": _RATES,
        "device_write_iops": _RATES,
    },
    open=False,
)

_UPDATE = {
    "parallelism": v.NATURAL,
    "delay": v.DURATION,
    "failure_action": v.TEXT,
    "monitor": v.DURATION,
    "max_failure_ratio": v.NUMBER,
    "order": v.choice("start-first", "stop-first"),
}
DEPLOY = Record(
    "deploy",
    {
        "mode": v.TEXT,
        "replicas": v.NATURAL,
        "labels": LABELS,
        "update_config": Record("update_config", _UPDATE),
        "rollback_config": Record("rollback_config", _UPDATE),
        "resources": Record(
            "resources",
            {
                "limits": Record("limits", {"cpus": v.NUMBER, "memory": v.TEXT_SIZE, "pids": v.INTEGER}),
                "reservations": Record(
                    "reservations",
                    {
                        "cpus": v.NUMBER,
                        "memory": v.TEXT_SIZE,
                        "devices": ListOf(Record("device request", DEVICE_REQUEST, required=("capabilities",))),
                        "generic_resources": ListOf(
                            Record(
                                "generic resource",
                                {
                                    "discrete_resource_spec": Record(
                                        "discrete_resource_spec", {"kind": v.TEXT, "value": v.WHOLE}
                                    )
                                },
                            )
                        ),
                    },
                ),
            },
        ),
        "restart_policy": Record(
            "restart_policy",
            {"condition": v.TEXT, "delay": v.DURATION, "max_attempts": v.NATURAL, "window": v.DURATION},
        ),
        "placement": Record(
            "placement",
            {
                "constraints": TEXTS,
                "preferences": ListOf(Record("preference", {"spread": v.TEXT})),
                "max_replicas_per_node": v.NATURAL,
            },
        ),
        "endpoint_mode": v.TEXT,
    },
    nullable=True,
)

HEALTHCHECK = Record(
    "healthcheck",
    {
        "test": Test(),
        "timeout": v.DURATION,
        "interval": v.DURATION,
        "retries": v.WHOLE_NATURAL,
        "start_period": v.DURATION,
        "start_interval": v.DURATION,
        "disable": v.BOOLEAN,
    },
)
DEPENDENCY = Record(
    "dependency",
    {
        "condition": v.choice("service_started", "service_healthy", "service_completed_successfully"),
        "restart": v.BOOLEAN,
        "required": v.TRUTH,
    },
    required=("condition",),
)
ATTACHMENT = Record(
    "attachment",
    {
        "aliases": DISTINCT,
        "driver_opts": OPTIONS,
        "gw_priority": v.PRIORITY,
        "interface_name": v.TEXT,
        "ipv4_address": v.TEXT,
        "ipv6_address": v.TEXT,
        "link_local_ips": DISTINCT,
        "mac_address": v.TEXT,
        "priority": v.PRIORITY,
    },
    nullable=True,
)
PORT = Record(
    "port",
    {
        "name": v.TEXT,
        "mode": v.TEXT,
        "host_ip": v.TEXT,
        "target": v.PORT,
        "published": v.WORD,
        "protocol": v.TEXT,
        "app_protocol": v.TEXT,
    },
    required=("target",),
    short=frozenset({str, int, float}),
)
MOUNT = Record(
    "mount",
    {
        "type": v.choice("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
        "source": v.TEXT,
        "target": v.TEXT,
        "read_only": v.BOOLEAN,
        "consistency": v.TEXT,
        "bind": Record(
            "bind",
            {
                "selinux": v.choice("z", "Z"),
                "propagation": v.TEXT,
                "create_host_path": v.BOOLEAN,
                "recursive": v.choice("enabled", "disabled", "writable", "readonly"),
            },
        ),
        "volume": Record("mount volume", {"labels": LABELS, "nocopy": v.BOOLEAN, "subpath": v.TEXT}),
        "tmpfs": Record("tmpfs", {"size": v.TMPFS_SIZE, "mode": v.TMPFS_MODE}),
        "image": Record("mount image", {"subpath": v.TEXT}),
    },
    required=("type", "target"),
    short=TEXT_ONLY,
)
MODEL_BINDING = Record("model binding", {"endpoint_var": v.TEXT, "model_var": v.TEXT}, nullable=True)
EXTENDS = Record("extends", {"file": v.TEXT, "service": v.TEXT}, required=("service",), short=TEXT_ONLY, open=False)
