"""Rows that are different for `up`, which speaks the engine's API and keeps the order of services itself.

Every other row is the translation's. What hangs on the engine's version is told by the notes of `requests`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.support.words import BEHAVIOUR, NO_EFFECT, NONE, SAME, SECURITY, START, rows

if TYPE_CHECKING:
    from intermodal.model.support import Support

_NO_RESTART = Missing(
    code="swarm-dependency-restart",
    why="`up` brings services up in their order, but starts none anew because another was changed",
    advice="`intermodal restart SERVICE` afterwards, or let the program connect again",
    consequence=BEHAVIOUR,
)
_KERNEL = Missing(
    code="swarm-kernel-limits",
    why="Swarm's services have no such limit, by file or by API",
    advice="limit CPUs, memory and processes with `deploy.resources.limits`",
    consequence=BEHAVIOUR,
)
_SWAP = Missing(
    code="swarm-kernel-limits",
    why="Swarm's services have limits of swap from Docker 29 (API 1.52) on, which Intermodal does not use yet",
    advice="limit memory with `deploy.resources.limits.memory`",
    consequence=BEHAVIOUR,
)
_SOCKET = Missing(
    code="swarm-api-socket",
    why="Compose mounts the engine's socket and the user's credentials; Swarm hands out neither",
    advice="bind /var/run/docker.sock on a manager, if you accept what that allows",
    consequence=START,
)
_SECURITY = Missing(
    code="swarm-security-option",
    why="Swarm's services have no such security option, by file or by API; Docker's defaults hold",
    advice="make it the default of every node's engine (daemon.json)",
    consequence=SECURITY,
)
_REFRESH = Missing(
    code="swarm-pull-policy",
    why="`up` looks for the image when the service changes, and not after a while",
    advice="`intermodal up --pull always`",
    consequence=NONE,
)
_FIXED_ADDRESS = Missing(
    code="swarm-fixed-address",
    why="Swarm gives out all addresses itself",
    advice="reach the service by its name",
    consequence=BEHAVIOUR,
)
_RESERVED = Missing(
    code="swarm-address-range",
    why="Swarm's networks keep no addresses for machines outside",
    advice="leave them out of the pool with `ip_range`",
    consequence=BEHAVIOUR,
)
_ADDRESS_FAMILY = Missing(
    code="swarm-address-family",
    why="Swarm's overlay networks always have IPv4",
    consequence=BEHAVIOUR,
)
_DESCRIBED = Missing(
    code="swarm-port-description",
    why="Swarm's ports have no name or application protocol; nothing there reads them",
    consequence=NONE,
)
_SELINUX = Missing(
    code="swarm-bind-options",
    why="Swarm's bind mounts have no relabelling for SELinux",
    advice="label the path on the nodes (`chcon`)",
    consequence=BEHAVIOUR,
)
_RECURSIVE = Missing(
    code="swarm-bind-options",
    why="Swarm's bind mounts show what is mounted below them or do not; of its being read-only they say nothing",
    consequence=BEHAVIOUR,
)
_IMAGE = Missing(
    code="swarm-image-mount",
    why="Swarm's services cannot mount images",
    advice="copy what is needed into the service's own image",
    consequence=BEHAVIOUR,
)
_CLUSTER_VOLUME = Missing(
    code="swarm-cluster-volume",
    why="`up` makes no cluster volume",
    advice="make it beforehand (`docker volume create --driver PLUGIN --type mount …`) and mark it external",
    consequence=START,
)

DIFFERENT: Support = {
    "name": Exact(how="the stack's name"),
    "services.*.depends_on.**": Exact(how="the order in which `up` goes on, and what it waits for"),
    "services.*.depends_on.*.required": Exact(how="what `up` does without"),
    "services.*.depends_on.*.restart": _NO_RESTART,
    "services.*.group_add.*": SAME,
    "services.*.dns_opt.*": SAME,
    "services.*.oom_score_adj": SAME,
    "services.*.pull_policy": Exact(how="when `up` looks for the image"),
    "services.*.pull_refresh_after": _REFRESH,
    "services.*.use_api_socket": _SOCKET,
    "services.*.security_opt.*": _SECURITY,
    **rows(
        "services.*.",
        _KERNEL,
        "blkio_config.** cpu_percent cpu_rt_period cpu_rt_runtime cpu_shares cpuset oom_kill_disable storage_opt.*",
    ),
    **rows("services.*.", _SWAP, "mem_swappiness memswap_limit"),
    "services.*.tmpfs.*": Exact(how="mounts of type tmpfs"),
    "services.*.shm_size": Exact(how="a mount of type tmpfs at /dev/shm"),
    "services.*.volumes.*.consistency": NO_EFFECT,
    "services.*.volumes.*.tmpfs.mode": SAME,
    "services.*.volumes.*.volume.labels.*": SAME,
    "services.*.volumes.*.bind.selinux": _SELINUX,
    "services.*.volumes.*.bind.recursive": _RECURSIVE,
    "services.*.volumes.*.image.**": _IMAGE,
    **rows(
        "services.*.networks.*.",
        _FIXED_ADDRESS,
        "ipv4_address ipv6_address link_local_ips.* mac_address interface_name",
    ),
    "services.*.mac_address": _FIXED_ADDRESS,
    **rows("services.*.ports.*.", _DESCRIBED, "name app_protocol"),
    **rows("networks.*.ipam.", SAME, "config.*.ip_range config.*.gateway options.*"),
    "networks.*.ipam.config.*.aux_addresses.*": _RESERVED,
    "networks.*.enable_ipv4": _ADDRESS_FAMILY,
    "networks.*.enable_ipv6": SAME,
    "volumes.*.x-cluster-spec.**": _CLUSTER_VOLUME,
    **rows("configs.*.", Exact(how="a config"), "content environment"),
    "secrets.*.environment": Exact(how="a secret"),
}
