"""Values that say what Swarm does anyway. They need no words in a stack file, and the ledger is told so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.support import Exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Notes

DEFAULT = Exact(how="the default")
_SERVICE: Mapping[str, Any] = {
    "cgroup": "private",
    "ipc": "private",
    "oom_kill_disable": False,
    "oom_score_adj": 0,
    "privileged": False,
    "read_only": False,
    "runtime": "runc",
    "stdin_open": False,
    "tty": False,
    "use_api_socket": False,
}
_PORT: Mapping[str, Any] = {"protocol": "tcp", "mode": "ingress"}
_MOUNT: Mapping[str, Any] = {"read_only": False}
_VOLUME_OPTIONS: Mapping[str, Any] = {"nocopy": False}
_BIND_OPTIONS: Mapping[str, Any] = {"recursive": "enabled"}
_DEPLOY: Mapping[str, Any] = {"mode": "replicated"}
_HEALTHCHECK: Mapping[str, Any] = {"disable": False}
_SHARED: Mapping[str, Any] = {
    "external": False,
    "internal": False,
    "attachable": False,
    "enable_ipv4": True,
    "enable_ipv6": False,
}


def note_defaults(application: Application, notes: Notes) -> None:
    """Tell the ledger of every value that is the default."""
    for path, record, defaults in _records(application):
        for key, default in defaults.items():
            if getattr(record, key, None) == default:
                notes((*path, key), DEFAULT)


def _records(application: Application) -> Iterator[tuple[Path, object, Mapping[str, Any]]]:
    for service in application.services.values():
        yield from _of_service(service)
    for section in ("networks", "volumes", "configs", "secrets"):
        for key, declared in getattr(application, section).items():
            yield (section, key), declared, _SHARED
    for key, volume in application.volumes.items():
        if not volume.driver_opts:
            yield ("volumes", key), volume, {"driver": "local"}


def _of_service(service: Service) -> Iterator[tuple[Path, object, Mapping[str, Any]]]:
    path = ("services", service.name)
    yield path, service, _SERVICE
    for index, port in enumerate(service.ports):
        yield (*path, "ports", index), port, _PORT
    for index, mount in enumerate(service.volumes):
        yield (*path, "volumes", index), mount, _MOUNT
        if mount.volume is not None:
            yield (*path, "volumes", index, "volume"), mount.volume, _VOLUME_OPTIONS
        if mount.bind is not None:
            yield (*path, "volumes", index, "bind"), mount.bind, _BIND_OPTIONS
    if service.deploy is not None:
        yield (*path, "deploy"), service.deploy, _DEPLOY
    if service.healthcheck is not None:
        yield (*path, "healthcheck"), service.healthcheck, _HEALTHCHECK
