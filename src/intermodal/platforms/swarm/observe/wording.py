"""Fields and values of the API in the words of a Compose file: `deploy.resources.limits.memory`, `64m`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.quantities import format_duration, format_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ENV = "TaskTemplate.ContainerSpec.Env"
PORTS = "EndpointSpec.Ports"
_WORDS: Mapping[str, str] = {
    "Labels": "deploy.labels",
    "Mode.Replicated.Replicas": "deploy.replicas",
    "Mode.ReplicatedJob.TotalCompletions": "deploy.replicas",
    "Mode": "deploy.mode",
    "UpdateConfig": "deploy.update_config",
    "RollbackConfig": "deploy.rollback_config",
    "EndpointSpec.Mode": "deploy.endpoint_mode",
    PORTS: "ports",
    "TaskTemplate.Resources": "deploy.resources",
    "TaskTemplate.RestartPolicy": "deploy.restart_policy",
    "TaskTemplate.Placement": "deploy.placement",
    "TaskTemplate.Networks.*.Target": "networks.*",
    "TaskTemplate.Networks": "networks",
    "TaskTemplate.LogDriver": "logging",
    ENV: "environment",
    "TaskTemplate.ContainerSpec.Command": "entrypoint",
    "TaskTemplate.ContainerSpec.Args": "command",
    "TaskTemplate.ContainerSpec.Dir": "working_dir",
    "TaskTemplate.ContainerSpec.Groups": "group_add",
    "TaskTemplate.ContainerSpec.OpenStdin": "stdin_open",
    "TaskTemplate.ContainerSpec.Mounts": "volumes",
    "TaskTemplate.ContainerSpec.Hosts": "extra_hosts",
    "TaskTemplate.ContainerSpec.DNSConfig.Nameservers": "dns",
    "TaskTemplate.ContainerSpec.DNSConfig.Search": "dns_search",
    "TaskTemplate.ContainerSpec.DNSConfig.Options": "dns_opt",
    "TaskTemplate.ContainerSpec.CapabilityAdd": "cap_add",
    "TaskTemplate.ContainerSpec.CapabilityDrop": "cap_drop",
    "TaskTemplate.ContainerSpec.StopSignal": "stop_signal",
    "TaskTemplate.ContainerSpec.StopGracePeriod": "stop_grace_period",
    "TaskTemplate.ContainerSpec.ReadOnly": "read_only",
    "TaskTemplate.ContainerSpec.Privileges": "security_opt",
    "TaskTemplate.ContainerSpec.OomScoreAdj": "oom_score_adj",
    "TaskTemplate.ContainerSpec.Configs.*.ConfigName": "configs.*",
    "TaskTemplate.ContainerSpec.Secrets.*.SecretName": "secrets.*",
    "TaskTemplate.ContainerSpec.Configs.*.File": "configs.*",
    "TaskTemplate.ContainerSpec.Secrets.*.File": "secrets.*",
    "TaskTemplate.ContainerSpec": "",
}
"""Names of the file for the API's; the longest that fits counts. Of other fields the API's is spelled as a file's."""
_LAST = {
    "NanoCPUs": "cpus",
    "MemoryBytes": "memory",
    "SizeBytes": "size",
    "MaxReplicas": "max_replicas_per_node",
    "TTY": "tty",
    "UID": "uid",
    "GID": "gid",
    "IPAM": "ipam",
    "DNSConfig": "dns",
    "EnableIPv6": "enable_ipv6",
    "IPRange": "ip_range",
    "NoCopy": "nocopy",
}
"""Names of single keys that are not spelled as the API spells them."""


def word(path: str, names: tuple[str, ...]) -> str:
    """The field's name for people; `names` stand where the path has `*`."""
    for start in _starts(path):
        if start in _WORDS:
            found = ".".join(part for part in (_WORDS[start], _spelled(path[len(start) :].lstrip("."))) if part)
            break
    else:
        found = _spelled(path)
    for name in names:
        found = found.replace("*", name.replace("*", ""), 1)
    return found


def text(path: str, value: Any) -> str:  # noqa: ANN401 - JSON
    """The value for people; an image without its digest."""
    key = path.rpartition(".")[2]
    if key in _VALUES:
        return _VALUES[key](value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _starts(path: str) -> Iterator[str]:
    """The path, and all its beginnings, the longest first."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _spelled(path: str) -> str:
    return ".".join(_LAST.get(key) or _snake(key) for key in path.split("."))


def _snake(key: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key).lstrip("_")


def _time(value: int) -> str:
    return format_duration(value / 1_000_000_000)


_VALUES: Mapping[str, Callable[[Any], str]] = {
    "Image": lambda value: str(value).partition("@")[0],
    "NanoCPUs": lambda value: f"{value / 1_000_000_000:g}",
    "MemoryBytes": format_size,
    "SizeBytes": format_size,
    "Mode": lambda value: f"{value:04o}" if isinstance(value, int) else str(value),
    **dict.fromkeys(
        (
            "Delay",
            "Monitor",
            "Window",
            "Interval",
            "Timeout",
            "StartPeriod",
            "StartInterval",
            "StopGracePeriod",
        ),
        _time,
    ),
}
