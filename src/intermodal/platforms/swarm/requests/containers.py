"""What the containers of a service are like: a service of the stack -> the API's ContainerSpec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import environment, filled, healthcheck, host_lines, nanoseconds, ulimits
from intermodal.platforms.swarm.requests.mounts import mounts
from intermodal.platforms.swarm.requests.names import tagged
from intermodal.platforms.swarm.requests.security import privileges
from intermodal.platforms.swarm.requests.wanted import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.model.application import Service
    from intermodal.model.support import Notes
    from intermodal.platforms.swarm.plain import Object
    from intermodal.platforms.swarm.requests.names import Names

_ALL = "ALL"
_READ_MODE = 0o444


def container(said: Object, service: Service, names: Names, notes: Notes, profiles: Mapping[str, bytes]) -> Object:
    """The spec; `said` is the service of the stack, `profiles` the contents of seccomp profiles by path."""
    add, drop = _capabilities(said.get("cap_add", ()), said.get("cap_drop", ()))
    return filled(
        Image=tagged(said["image"]),
        Labels={**said.get("labels", {}), NAMESPACE: names.stack},
        Command=said.get("entrypoint"),
        Args=said.get("command"),
        Hostname=said.get("hostname"),
        Env=environment(said.get("environment", {})),
        Dir=said.get("working_dir"),
        User=said.get("user"),
        Groups=list(dict.fromkeys(service.group_add)),
        Privileges=privileges(service, names, notes, profiles),
        Init=said.get("init"),
        StopSignal=said.get("stop_signal"),
        TTY=said.get("tty"),
        OpenStdin=said.get("stdin_open"),
        ReadOnly=said.get("read_only"),
        Mounts=mounts(said.get("volumes", ()), service, names, notes),
        StopGracePeriod=None if service.stop_grace_period is None else nanoseconds(service.stop_grace_period),
        Healthcheck=healthcheck(service.healthcheck, names.version),
        Hosts=host_lines(service.extra_hosts),
        DNSConfig=filled(Nameservers=said.get("dns"), Search=said.get("dns_search"), Options=_unique(service.dns_opt)),
        Secrets=_grants(said.get("secrets", ()), names.secrets, "Secret"),
        Configs=[*_grants(said.get("configs", ()), names.configs, "Config"), *_credentials(service, names)],
        Isolation=said.get("isolation"),
        Sysctls=said.get("sysctls"),
        CapabilityAdd=add,
        CapabilityDrop=drop,
        Ulimits=ulimits(service.ulimits),
        OomScoreAdj=service.oom_score_adj if names.version >= OOM_SCORE else None,
    )


OOM_SCORE = (1, 46)
"""The first version whose services have a score for the kernel's choice when memory is short."""


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def _grants(said: Iterable[Object], names: Mapping[str, str], kind: str) -> list[Object]:
    made = [
        {
            "File": {
                "Name": grant.get("target") or grant["source"],
                "UID": grant.get("uid", "0"),
                "GID": grant.get("gid", "0"),
                "Mode": grant.get("mode", _READ_MODE),
            },
            f"{kind}ID": "",
            f"{kind}Name": names[grant["source"]],
        }
        for grant in said
    ]
    return sorted(made, key=lambda grant: str(grant[f"{kind}Name"]))


def _credentials(service: Service, names: Names) -> list[Object]:
    """The config that holds a credential spec is handed to the engine, and not to the program inside."""
    config = service.credential_spec.config if service.credential_spec is not None else ""
    return [{"Runtime": {}, "ConfigID": "", "ConfigName": names.configs[config]}] if config in names.configs else []


def _capabilities(add: Iterable[str], drop: Iterable[str]) -> tuple[list[str], list[str]]:
    """Both lists as the engine keeps them; what is added is not dropped."""
    added, dropped = _normal(add), _normal(drop)
    return added, [one for one in dropped if one not in added]


def _normal(said: Iterable[str]) -> list[str]:
    upper = {one.upper() for one in said}
    if _ALL in upper or f"CAP_{_ALL}" in upper:
        return [_ALL]
    return sorted(one if one.startswith("CAP_") else f"CAP_{one}" for one in upper)
