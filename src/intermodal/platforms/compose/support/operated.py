"""Rows for `up` on one engine. Everything the engine's API has is done as docker compose does it; the rest is here.

What an older engine lacks is told by `requests.needs` when the engine is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Exact, Missing
from intermodal.platforms.compose.support.words import BEHAVIOUR, LOADED, NONE, SAME, START, rows

if TYPE_CHECKING:
    from intermodal.model.support import Support

_BUILD = Missing(
    code="compose-build",
    why="Intermodal builds no images; it runs the one that `image` names, or PROJECT-SERVICE",
    advice="build it first, under that name: `docker compose build`, or `docker build -t NAME`",
    consequence=NONE,
)
_ONE_NODE = Missing(
    code="compose-one-node",
    why="there is one engine, so there is nothing to choose or to spread over",
    consequence=NONE,
)
_SWARM_ONLY = Missing(
    code="compose-swarm-only",
    why="only a Swarm has services of its own that this could describe",
    consequence=NONE,
)
_NOT_KEPT_FREE = Missing(
    code="compose-not-kept-free",
    why="an engine alone keeps no CPUs or counted resources free for a container",
    advice="limit what the others use: `cpus`, or a share of the CPUs with `cpu_shares`",
    consequence=NONE,
)
_RESTART_PACE = Missing(
    code="compose-restart-pace",
    why="the engine itself decides how long it waits before it starts a container again: from 0.1 s, doubling",
    consequence=BEHAVIOUR,
)
_UPDATE = Missing(
    code="compose-update-pace",
    why="one failed instance stops the update; there is no share of instances that may fail",
    consequence=BEHAVIOUR,
)
_ROLLBACK = Missing(
    code="compose-update-pace",
    why="a rollback goes the way of an update, by `update_config`",
    consequence=BEHAVIOUR,
)
_DESCRIBED = Missing(
    code="compose-port-description",
    why="it says nothing to an engine: ports have no name and no application protocol, and there is one node",
    consequence=NONE,
)
_NO_EFFECT = Missing(code="compose-no-effect", why="it has no effect on what `up` brings up", consequence=NONE)
_EXTENSION = Missing(code="compose-extension", why="no engine reads this extension", consequence=NONE)
_MODELS = Missing(
    code="compose-models",
    why="language models are served by Docker Desktop's model runner, which Intermodal does not drive",
    advice="run a model server as a service and name it in `environment`",
    consequence=START,
)
_FILE_LABEL = Missing(
    code="compose-swarm-only",
    why="only a Swarm keeps configs and secrets as objects, with names and labels",
    consequence=NONE,
)
_HOOKS = Approximate(
    code="compose-hooks-of-up",
    why="the hook runs when Intermodal starts or stops an instance, not when the engine itself starts it again",
    how="a command run inside the instance",
)

_SERVICE = (
    "annotations.* blkio_config.** cap_add.* cap_drop.* cgroup cgroup_parent command.* container_name cpu_count "
    "cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec.** "
    "depends_on.** device_cgroup_rules.* devices.** dns.* dns_opt.* dns_search.* domainname entrypoint.* "
    "environment.* expose.* external_links.* extra_hosts.** gpus.** group_add.* healthcheck.** hostname image "
    "init ipc isolation labels.* links.* logging.** mac_address mem_limit mem_reservation mem_swappiness "
    "memswap_limit network_mode oom_kill_disable oom_score_adj pid pids_limit platform privileged pull_policy "
    "pull_refresh_after read_only restart runtime scale security_opt.* shm_size stdin_open stop_grace_period "
    "stop_signal storage_opt.* sysctls.* tmpfs.* tty ulimits.** use_api_socket user userns_mode uts "
    "volumes_from.* working_dir"
)
FIELDS: Support = {
    "name": Exact(how="the project's name, in names and labels"),
    **rows("", LOADED, "version include.**"),
    **rows("services.*.", SAME, _SERVICE),
    **rows("services.*.", LOADED, "extends.** profiles.* env_file.*.required env_file.*.format"),
    **rows("services.*.", _NO_EFFECT, "attach develop.**"),
    **rows("services.*.", _HOOKS, "post_start.** pre_stop.**"),
    **rows("services.*.", _MODELS, "models.**"),
    "services.*.build.**": _BUILD,
    "services.*.env_file.*.path": Exact(how="environment"),
    "services.*.label_file.*": Exact(how="labels"),
    "services.*.provider.**": Exact(how="nothing: the whole service is left out"),
    "services.*.networks.*": SAME,
    **rows(
        "services.*.networks.*.",
        SAME,
        "aliases.* driver_opts.* gw_priority interface_name ipv4_address ipv6_address link_local_ips.* mac_address "
        "priority",
    ),
    **rows("services.*.ports.*.", SAME, "host_ip protocol published target"),
    **rows("services.*.ports.*.", _DESCRIBED, "app_protocol mode name"),
    **rows(
        "services.*.volumes.*.",
        SAME,
        "type source target read_only consistency bind.** volume.** tmpfs.** image.**",
    ),
    **rows("services.*.configs.*.", SAME, "source target uid gid mode"),
    **rows("services.*.secrets.*.", SAME, "source target uid gid mode"),
    **rows("services.*.deploy.", SAME, "replicas resources.limits.** resources.reservations.memory"),
    "services.*.deploy.resources.reservations.devices.**": SAME,
    **rows("services.*.deploy.resources.reservations.", _NOT_KEPT_FREE, "cpus generic_resources.**"),
    **rows("services.*.deploy.", _SWARM_ONLY, "endpoint_mode labels.*"),
    **rows("services.*.deploy.", _ONE_NODE, "mode placement.**"),
    **rows("services.*.deploy.update_config.", SAME, "delay failure_action monitor order parallelism"),
    "services.*.deploy.update_config.max_failure_ratio": _UPDATE,
    "services.*.deploy.rollback_config.**": _ROLLBACK,
    **rows("services.*.deploy.restart_policy.", SAME, "condition max_attempts"),
    **rows("services.*.deploy.restart_policy.", _RESTART_PACE, "delay window"),
    "networks.*": SAME,
    **rows(
        "networks.*.",
        SAME,
        "attachable driver driver_opts.* enable_ipv4 enable_ipv6 external internal ipam.driver ipam.config.** "
        "ipam.options.* labels.* name",
    ),
    "volumes.*": SAME,
    **rows("volumes.*.", SAME, "driver driver_opts.* external labels.* name"),
    **rows("configs.*.", SAME, "content environment external file template_driver"),
    **rows("secrets.*.", SAME, "driver driver_opts.* environment external file template_driver"),
    **rows("configs.*.", _FILE_LABEL, "labels.* name"),
    **rows("secrets.*.", _FILE_LABEL, "labels.* name"),
    "models.**": _MODELS,
}


_NESTED = (
    "services.*.depends_on.*",
    "services.*.deploy.resources.limits",
    "services.*.deploy.resources.reservations.devices.*",
    "services.*.devices.*",
    "services.*.gpus.*",
    "services.*.ulimits.*",
    "networks.*.ipam.config.*",
)
"""Records that the patterns above do not name one by one."""


def _extensions(table: Support) -> Support:
    """Rows for the extensions of every record: keys in the patterns that are followed by no free one."""
    records = {"", *_NESTED}
    for pattern in table:
        whole = pattern.removesuffix(".**").split(".")
        ends = range(1, len(whole) + pattern.endswith(".**"))
        records.update(".".join(whole[:end]) for end in ends if "*" not in whole[end : end + 1])
    return {f"{record}.x-*.**".removeprefix("."): _EXTENSION for record in sorted(records)}


OPERATED: Support = {**_extensions(FIELDS), **FIELDS}
