"""Rows for what a service's containers are like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.support.words import BEHAVIOUR, NO_EFFECT, NONE, SAME, SECURITY, START, rows

if TYPE_CHECKING:
    from intermodal.model.support import Support

_PRIVILEGED = Missing(
    code="swarm-privileged",
    why="Swarm's services cannot be privileged, by file or by API",
    advice="give the capabilities it needs (`cap_add`), or run it on the node outside Swarm",
    consequence=START,
)
_DEVICES = Missing(
    code="swarm-devices",
    why="Swarm's services get no devices, by file or by API",
    advice="run it on the node outside Swarm; for GPUs, advertise them as generic resources of the nodes "
    "(`node-generic-resources` in daemon.json) and ask with `deploy.resources.reservations.generic_resources`",
    consequence=START,
)
_NAMESPACE = Missing(
    code="swarm-namespaces",
    why="Swarm's containers share no namespace with their node or each other",
    advice="run it on the node outside Swarm if it must see the node's own",
    consequence=BEHAVIOUR,
)
_KERNEL = Missing(
    code="swarm-kernel-limits",
    why="a stack file has no such limit",
    advice="limit CPUs, memory and processes with `deploy.resources.limits`",
    consequence=BEHAVIOUR,
)
_GROUPS = Missing(
    code="swarm-groups",
    why="a stack file has no supplementary groups (the Swarm API has)",
    advice="give the right group as `user: USER:GROUP`",
    consequence=BEHAVIOUR,
)
_ORDER = Missing(
    code="swarm-start-order",
    why="Swarm starts all services at once, in no order, and ignores `depends_on` in silence",
    advice="let the program retry, or exit so that Swarm starts it again; give the other service a healthcheck, since "
    "its name resolves only to healthy instances",
    consequence=BEHAVIOUR,
)
_HOOKS = Missing(
    code="swarm-hooks",
    why="Swarm runs no commands after a start or before a stop",
    advice="run them in the entrypoint, and stop on the stop signal",
    consequence=BEHAVIOUR,
)
_DNS_OPTION = Missing(
    code="swarm-dns-options",
    why="a stack file has name servers and search domains, but no resolver options (the Swarm API has)",
    advice="set them on every node's engine (`dns-opts` in daemon.json)",
    consequence=BEHAVIOUR,
)
_ANNOTATION = Missing(
    code="swarm-annotations",
    why="Swarm has no annotations for the container runtime",
    advice="use labels, if a program reads them",
    consequence=BEHAVIOUR,
)
_MODELS = Missing(
    code="swarm-models",
    why="Swarm serves no language models, and nothing sets the variables that name them",
    advice="run a model server as a service and name it in `environment`",
    consequence=START,
)
_SOCKET = Missing(
    code="swarm-api-socket",
    why="Compose mounts the engine's socket and the user's credentials; a stack file cannot",
    advice="bind /var/run/docker.sock on a manager, if you accept what that allows",
    consequence=START,
)
_SECURITY = Missing(
    code="swarm-security-option",
    why="a stack file has no security options; Docker's defaults hold",
    advice="make it the default of every node's engine (daemon.json)",
    consequence=SECURITY,
)
_RUNTIME = Missing(
    code="swarm-runtime",
    why="Swarm has no runtime per service; the nodes' default runtime runs it",
    advice="make it the nodes' `default-runtime` in daemon.json, label those nodes and constrain the service to them",
    consequence=START,
)
_PULL = Missing(
    code="swarm-pull-policy",
    why="when to pull is said when deploying (`--resolve-image`), not in the stack file",
    consequence=NONE,
)
_BUILD = Missing(
    code="swarm-build",
    why="Swarm builds nothing; it runs the image that `image` names",
    advice="build and push that image before deploying",
    consequence=NONE,
)
_LOADED = Missing(
    code="swarm-loading-only",
    why="it only steers how the application is read, and has done so",
    consequence=NONE,
)

CONTAINERS: Support = {
    **rows(
        "services.*.",
        SAME,
        "image init isolation read_only stdin_open stop_grace_period stop_signal tty user working_dir hostname "
        "command.* entrypoint.* cap_add.* cap_drop.* dns.* dns_search.* extra_hosts.** "
        "sysctls.* labels.* environment.* credential_spec.config credential_spec.file credential_spec.registry "
        "healthcheck.test.* healthcheck.interval healthcheck.timeout healthcheck.retries "
        "healthcheck.start_period healthcheck.start_interval healthcheck.disable logging.driver logging.options.* "
        "ulimits.**",
    ),
    **rows("services.*.", _NAMESPACE, "cgroup cgroup_parent ipc pid userns_mode uts"),
    **rows(
        "services.*.",
        _KERNEL,
        "blkio_config.** cpu_percent cpu_rt_period cpu_rt_runtime cpu_shares cpuset mem_swappiness memswap_limit "
        "oom_kill_disable oom_score_adj storage_opt.*",
    ),
    **rows("services.*.", _DEVICES, "devices.** device_cgroup_rules.* gpus.**"),
    **rows("services.*.", NO_EFFECT, "attach develop.** expose.*"),
    **rows("services.*.", _HOOKS, "post_start.** pre_stop.**"),
    **rows("services.*.", _PULL, "pull_policy pull_refresh_after"),
    **rows("services.*.", _LOADED, "env_file.*.required env_file.*.format profiles.*"),
    "services.*.env_file.*.path": Exact(how="environment"),
    "services.*.label_file.*": Exact(how="labels"),
    "services.*.domainname": Exact(how="hostname"),
    "services.*.annotations.*": _ANNOTATION,
    "services.*.build.**": _BUILD,
    "services.*.depends_on.**": _ORDER,
    "services.*.depends_on.*.required": _LOADED,
    "services.*.dns_opt.*": _DNS_OPTION,
    "services.*.group_add.*": _GROUPS,
    "services.*.models.**": _MODELS,
    "services.*.privileged": _PRIVILEGED,
    "services.*.provider.**": Exact(how="nothing: the whole service is left out"),
    "services.*.runtime": _RUNTIME,
    "services.*.security_opt.*": _SECURITY,
    "services.*.use_api_socket": _SOCKET,
}
