"""What stands beside the services: networks, volumes, configs, secrets, models, and the files a file includes."""

from __future__ import annotations

from intermodal.compose import values as v
from intermodal.compose.grammar.parts import LABELS, OPTIONS, TEXT_OR_TEXTS, TEXTS
from intermodal.compose.kinds import TEXT_ONLY, ListOf, MapOf, Record

EXTERNAL = Record("external", {"name": v.TEXT}, short=frozenset({bool, str}), strict=False)
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
