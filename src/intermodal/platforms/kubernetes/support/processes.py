"""Rows for a container's process: image, command, user, rights, surroundings, health, hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing

if TYPE_CHECKING:
    from intermodal.model.support import Support

_SECURITY = "securityContext"
_PROBES = "startupProbe, livenessProbe, readinessProbe"

_LOADING = Missing(
    code="loading-only",
    why="it decides what is loaded and has no meaning afterwards",
    consequence=Consequence.NONE,
)
_BUILD = Missing(
    code="build-not-translated",
    why="building happens before an application is run; the cluster only fetches the image",
    consequence=Consequence.NONE,
)
_MODELS = Missing(
    code="models-not-served",
    why="no cluster serves Docker's language models by itself",
    advice="run a model server as a service and give its address in `environment`",
    consequence=Consequence.START,
)
_WINDOWS = Missing(
    code="windows-only",
    why="it has an effect on Windows only",
    consequence=Consequence.NONE,
)

PROCESSES: Support = {
    "services.*": Exact(how="a workload"),
    "services.*.image": Exact(how="image"),
    "services.*.build": _BUILD,
    "services.*.build.**": _BUILD,
    "services.*.develop.**": Missing(
        code="watch-is-for-developers",
        why="it tells docker compose what to do when files change on a developer's machine",
        consequence=Consequence.NONE,
    ),
    "services.*.profiles": _LOADING,
    "services.*.profiles.*": _LOADING,
    "services.*.extends.**": _LOADING,
    "services.*.command.*": Exact(how="args"),
    "services.*.command": Exact(how="args"),
    "services.*.entrypoint.*": Exact(how="command"),
    "services.*.entrypoint": Exact(how="command"),
    "services.*.working_dir": Exact(how="workingDir"),
    "services.*.tty": Exact(how="tty"),
    "services.*.stdin_open": Exact(how="stdin"),
    "services.*.attach": Missing(
        code="attach-is-for-terminals",
        why="it tells docker compose whose output to show",
        advice="read it with `kubectl logs`",
        consequence=Consequence.NONE,
    ),
    "services.*.user": Exact(how=f"{_SECURITY}.runAsUser, runAsGroup"),
    "services.*.group_add.*": Exact(how=f"{_SECURITY}.supplementalGroups"),
    "services.*.cap_add.*": Exact(how=f"{_SECURITY}.capabilities.add"),
    "services.*.cap_drop.*": Exact(how=f"{_SECURITY}.capabilities.drop"),
    "services.*.privileged": Exact(how=f"{_SECURITY}.privileged"),
    "services.*.read_only": Exact(how=f"{_SECURITY}.readOnlyRootFilesystem"),
    "services.*.security_opt.*": Exact(how=_SECURITY),
    "services.*.userns_mode": Missing(
        code="user-namespace",
        why="its words mean nothing to Kubernetes, which gives containers the node's user ids",
        advice="set `hostUsers: false` in the Pod (Kubernetes 1.33 and later) for a user namespace of its own",
        consequence=Consequence.SECURITY,
    ),
    "services.*.uts": Missing(
        code="host-name-of-node",
        why="a Pod has its own host name unless it has the node's network",
        advice="write `network_mode: host` if it needs the node's name",
    ),
    "services.*.cgroup": Missing(
        code="cgroup-of-host",
        why="a container cannot see the node's control groups",
        advice="mount /sys/fs/cgroup read-only if it only reads them",
    ),
    "services.*.cgroup_parent": Missing(
        code="cgroup-parent",
        why="the kubelet puts Pods into control groups by their resources",
        advice="say what is kept and what is the most with `deploy.resources`",
    ),
    "services.*.isolation": _WINDOWS,
    "services.*.credential_spec.**": Missing(
        code="windows-credentials",
        why="a managed service account needs an object of the cluster's GMSA extension",
        advice="create a GMSACredentialSpec and name it in securityContext.windowsOptions",
        consequence=Consequence.START,
    ),
    "services.*.init": Exact(how="spec.shareProcessNamespace"),
    "services.*.stop_grace_period": Exact(how="terminationGracePeriodSeconds"),
    "services.*.stop_signal": Exact(how="lifecycle.preStop"),
    "services.*.post_start.**": Exact(how="lifecycle.postStart"),
    "services.*.pre_stop.**": Exact(how="lifecycle.preStop"),
    "services.*.healthcheck": Exact(how=_PROBES),
    "services.*.healthcheck.test": Exact(how=_PROBES),
    "services.*.healthcheck.test.*": Exact(how=_PROBES),
    "services.*.healthcheck.interval": Exact(how="periodSeconds"),
    "services.*.healthcheck.timeout": Exact(how="timeoutSeconds"),
    "services.*.healthcheck.retries": Exact(how="failureThreshold"),
    "services.*.healthcheck.start_period": Exact(how="startupProbe.failureThreshold"),
    "services.*.healthcheck.start_interval": Exact(how="startupProbe.periodSeconds"),
    "services.*.healthcheck.disable": Exact(how="the default"),
    "services.*.hostname": Exact(how="spec.hostname"),
    "services.*.domainname": Missing(
        code="domain-name",
        why="the domain of a Pod is the cluster's",
        advice="add an entry to `extra_hosts` if the application must resolve its full name",
    ),
    "services.*.dns.*": Approximate(
        code="name-servers-second",
        why="the cluster's server stays the first, so these are asked only when it does not answer",
        advice="make the cluster's DNS forward the domains that these servers know",
        consequence=Consequence.BEHAVIOUR,
        how="spec.dnsConfig.nameservers",
    ),
    "services.*.dns_opt.*": Exact(how="spec.dnsConfig.options"),
    "services.*.dns_search.*": Exact(how="spec.dnsConfig.searches"),
    "services.*.extra_hosts.*": Exact(how="spec.hostAliases"),
    "services.*.extra_hosts.*.*": Exact(how="spec.hostAliases"),
    "services.*.ipc": Exact(how="spec.hostIPC"),
    "services.*.pid": Exact(how="spec.hostPID"),
    "services.*.network_mode": Exact(how="spec.hostNetwork"),
    "services.*.mac_address": Missing(
        code="mac-address",
        why="the cluster's network gives Pods their addresses",
        advice="use a network plugin that takes one (Multus) if a licence hangs on it",
    ),
    "services.*.platform": Exact(how="spec.nodeSelector"),
    "services.*.runtime": Exact(how="spec.runtimeClassName"),
    "services.*.pull_policy": Exact(how="imagePullPolicy"),
    "services.*.pull_refresh_after": Missing(
        code="pull-interval",
        why="Kubernetes has no interval for pulling: with `Always` it asks the registry at every start",
        consequence=Consequence.NONE,
    ),
    "services.*.labels.*": Exact(how="metadata.labels"),
    "services.*.label_file.*": Exact(how="metadata.labels"),
    "services.*.annotations.*": Exact(how="metadata.annotations"),
    "services.*.logging.**": Missing(
        code="logs-not-shipped",
        why="a Pod cannot choose where its output goes; the node keeps it",
        advice="run a log agent on the nodes that sends it there",
    ),
    "services.*.provider.**": Missing(
        code="provider-not-run",
        why="docker compose starts a program of its own for it, which no cluster has",
        advice="provide it in the cluster and give its address in `environment`",
        consequence=Consequence.START,
    ),
    "services.*.models.**": _MODELS,
    "models.**": _MODELS,
    "services.*.use_api_socket": Missing(
        code="engine-socket",
        why="the nodes of a cluster run no Docker engine that a container could ask",
        advice="use the Kubernetes API with a service account (`x-intermodal: {service_account: NAME}`)",
        consequence=Consequence.START,
    ),
}
