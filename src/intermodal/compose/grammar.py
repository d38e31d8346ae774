"""The Compose Specification as one table: record -> key -> kind. What checks, converts, builds and prints is elsewhere.

The keys stand in the order in which docker compose prints them. Source: the Compose Specification's JSON schema as
docker compose 2.40.3 carries it (a test compares the two), and docker compose's own behaviour where it differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import values as v
from intermodal.compose.kinds import TEXT_ONLY, Anything, Limit, ListOf, MapOf, OneOrMany, Record, Test, Value, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.compose.kinds import Kind

TEXTS = ListOf(v.TEXT)
DISTINCT = ListOf(v.TEXT, distinct=True)
TEXT_OR_TEXTS = ListOf(v.TEXT, single=True)
COMMAND = Words()
LABELS = MapOf(v.LABEL, listed="pairs")
ENVIRONMENT = MapOf(v.VARIABLE, listed="pairs", private=True)
OPTIONS = MapOf(v.OPTION)
HOSTS = MapOf(ListOf(v.ADDRESS, single=True), listed="hosts")

ULIMITS = MapOf(Limit(v.INTEGER, Record("ulimit", {"soft": v.INTEGER, "hard": v.INTEGER}, required=("soft", "hard"))))
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
        "ulimits": ULIMITS,
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
        "tmpfs": Record("tmpfs", {"size": v.WHOLE_SIZE, "mode": v.TMPFS_MODE}),
        "image": Record("mount image", {"subpath": v.TEXT}),
    },
    required=("type", "target"),
    short=TEXT_ONLY,
)
MODEL_BINDING = Record("model binding", {"endpoint_var": v.TEXT, "model_var": v.TEXT}, nullable=True)
EXTENDS = Record("extends", {"file": v.TEXT, "service": v.TEXT}, required=("service",), short=TEXT_ONLY, open=False)

SERVICE = Record(
    "service",
    {
        "profiles": DISTINCT,
        "annotations": LABELS,
        "attach": v.BOOLEAN,
        "build": BUILD,
        "develop": DEVELOP,
        "blkio_config": BLKIO,
        "cap_add": DISTINCT,
        "cap_drop": DISTINCT,
        "cgroup_parent": v.TEXT,
        "cgroup": v.choice("host", "private"),
        "cpu_count": v.NATURAL,
        "cpu_percent": v.PERCENT,
        "cpu_period": v.WHOLE,
        "cpu_quota": v.WHOLE,
        "cpu_rt_period": v.WHOLE,
        "cpu_rt_runtime": v.WHOLE,
        "cpus": v.NUMBER,
        "cpuset": v.TEXT,
        "cpu_shares": v.WHOLE,
        "command": COMMAND,
        "configs": ListOf(GRANT),
        "container_name": v.TEXT,
        "credential_spec": Record("credential_spec", {"config": v.TEXT, "file": v.TEXT, "registry": v.TEXT}),
        "depends_on": MapOf(DEPENDENCY, listed="services", named=True),
        "deploy": DEPLOY,
        "device_cgroup_rules": DISTINCT,
        "devices": ListOf(
            Record(
                "device",
                {"source": v.TEXT, "target": v.TEXT, "permissions": v.TEXT},
                required=("source", "target"),
                short=TEXT_ONLY,
            )
        ),
        "dns": TEXT_OR_TEXTS,
        "dns_opt": DISTINCT,
        "dns_search": TEXT_OR_TEXTS,
        "domainname": v.TEXT,
        "entrypoint": COMMAND,
        "provider": Record("provider", {"type": v.TEXT, "options": MapOf(OneOrMany(v.FREE))}, required=("type",)),
        "environment": ENVIRONMENT,
        "env_file": ListOf(
            Record(
                "env_file",
                {"path": v.TEXT, "required": v.BOOLEAN, "format": v.TEXT},
                required=("path",),
                short=TEXT_ONLY,
                open=False,
            ),
            single=True,
        ),
        "expose": ListOf(v.WORD, distinct=True),
        "extends": EXTENDS,
        "external_links": DISTINCT,
        "extra_hosts": HOSTS,
        "group_add": ListOf(v.WORD, distinct=True),
        "gpus": ListOf(Record("gpu", DEVICE_REQUEST), single=True),
        "hostname": v.TEXT,
        "healthcheck": HEALTHCHECK,
        "image": v.TEXT,
        "init": v.BOOLEAN,
        "ipc": v.TEXT,
        "isolation": v.TEXT,
        "labels": LABELS,
        "label_file": TEXT_OR_TEXTS,
        "links": DISTINCT,
        "logging": Record("logging", {"driver": v.TEXT, "options": MapOf(v.LOG_OPTION)}),
        "mem_limit": v.SIZE,
        "mem_reservation": v.WHOLE_SIZE,
        "memswap_limit": v.SIZE,
        "mem_swappiness": v.SWAPPINESS,
        "mac_address": v.TEXT,
        "models": MapOf(MODEL_BINDING, listed="names", named=True, nullable=True),
        "network_mode": v.TEXT,
        "networks": MapOf(ATTACHMENT, listed="names", named=True, nullable=True),
        "oom_kill_disable": v.BOOLEAN,
        "oom_score_adj": v.OOM_SCORE,
        "pid": v.NULLABLE_TEXT,
        "pids_limit": v.WHOLE,
        "platform": v.TEXT,
        "ports": ListOf(PORT),
        "privileged": v.BOOLEAN,
        "pull_policy": v.PULL_POLICY,
        "pull_refresh_after": v.TEXT,
        "read_only": v.BOOLEAN,
        "restart": v.TEXT,
        "runtime": v.TEXT,
        "scale": v.NATURAL,
        "secrets": ListOf(GRANT),
        "security_opt": DISTINCT,
        "shm_size": v.SIZE,
        "stdin_open": v.BOOLEAN,
        "stop_grace_period": v.DURATION,
        "stop_signal": v.TEXT,
        "storage_opt": MapOf(v.WORD),
        "sysctls": LABELS,
        "tmpfs": TEXT_OR_TEXTS,
        "tty": v.BOOLEAN,
        "ulimits": ULIMITS,
        "use_api_socket": v.TRUTH,
        "user": v.TEXT,
        "userns_mode": v.TEXT,
        "uts": v.TEXT,
        "volumes": ListOf(MOUNT),
        "volumes_from": DISTINCT,
        "working_dir": v.TEXT,
        "post_start": ListOf(HOOK),
        "pre_stop": ListOf(HOOK),
    },
)

EXTERNAL = Record("external", {"name": v.TEXT}, short=frozenset({bool, str}))
NETWORK = Record(
    "network",
    {
        "name": v.TEXT,
        "driver": v.TEXT,
        "driver_opts": OPTIONS,
        "ipam": Record(
            "ipam",
            {
                "driver": v.TEXT,
                "config": ListOf(
                    Record(
                        "pool",
                        {"subnet": v.TEXT, "gateway": v.TEXT, "ip_range": v.TEXT, "aux_addresses": MapOf(v.TEXT)},
                    )
                ),
                "options": MapOf(v.TEXT),
            },
        ),
        "external": EXTERNAL,
        "internal": v.BOOLEAN,
        "attachable": v.BOOLEAN,
        "labels": LABELS,
        "enable_ipv4": v.BOOLEAN,
        "enable_ipv6": v.BOOLEAN,
    },
    nullable=True,
)
VOLUME = Record(
    "volume",
    {"name": v.TEXT, "driver": v.TEXT, "driver_opts": OPTIONS, "external": EXTERNAL, "labels": LABELS},
    nullable=True,
)
SECRET = Record(
    "secret",
    {
        "name": v.TEXT,
        "file": v.TEXT,
        "environment": v.TEXT,
        "external": EXTERNAL,
        "labels": LABELS,
        "driver": v.TEXT,
        "driver_opts": OPTIONS,
        "template_driver": v.TEXT,
    },
)
CONFIG = Record(
    "config",
    {
        "name": v.TEXT,
        "file": v.TEXT,
        "environment": v.TEXT,
        "content": v.TEXT,
        "external": EXTERNAL,
        "labels": LABELS,
        "template_driver": v.TEXT,
    },
)
MODEL = Record(
    "model",
    {"name": v.TEXT, "model": v.TEXT, "context_size": v.UNQUOTED, "runtime_flags": TEXTS},
    required=("model",),
)
INCLUDE = Record(
    "include",
    {"path": TEXT_OR_TEXTS, "project_directory": v.TEXT, "env_file": TEXT_OR_TEXTS},
    short=TEXT_ONLY,
    open=False,
)

APPLICATION = Record(
    "application",
    {
        "version": v.TEXT,
        "name": v.TEXT,
        "include": ListOf(INCLUDE),
        "services": MapOf(SERVICE, named=True),
        "networks": MapOf(NETWORK, named=True, nullable=True),
        "volumes": MapOf(VOLUME, named=True, nullable=True),
        "secrets": MapOf(SECRET, named=True),
        "configs": MapOf(CONFIG, named=True),
        "models": MapOf(MODEL, named=True),
    },
)

ANYTHING = Anything()


def leaves(kind: Kind = APPLICATION, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every leaf the long form can have, `*` for chosen keys and places in lists; empty containers are not listed."""
    match kind:
        case Record():
            if kind.nullable:
                yield path
            if kind is EXTERNAL:
                yield path
                return
            for key, field in kind.fields.items():
                yield from leaves(field, (*path, key))
            if kind.open:
                yield (*path, "x-*")
        case ListOf():
            yield from leaves(kind.item, (*path, "*"))
        case MapOf():
            yield from leaves(kind.value, (*path, "*"))
        case Limit():
            yield path
            yield from leaves(kind.record, path)
        case OneOrMany():
            yield path
            yield (*path, "*")
        case Words() | Test():
            yield (*path, "*")
        case Value():
            yield path
        case _:
            raise TypeError(kind)
