"""Which services share a Pod: those that ask for another's network, process or IPC namespace run beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application, Service

NAMESPACES = ("network_mode", "pid", "ipc")


@record
class Groups:
    """Service -> the service that leads its Pod, and leader -> everybody in it. Who stands alone is not listed."""

    leaders: Mapping[str, str] = NOTHING
    pods: Mapping[str, tuple[str, ...]] = NOTHING

    def leader(self, service: str) -> str:
        """The service whose Pod this one runs in: itself, unless it joins another."""
        return self.leaders.get(service, service)

    def members(self, leader: str) -> tuple[str, ...]:
        """Everybody in a leader's Pod, the leader first, the others in the order of the file."""
        return self.pods.get(leader, (leader,))


def make_groups(application: Application) -> Groups:
    """Follow every `service:x` and `container:x`; a circle of them is led by its first service in the file."""
    running = {name: service for name, service in application.services.items() if service.provider is None}
    containers = {service.container_name: name for name, service in running.items()}
    host_of: dict[str, str] = {name: name for name in running}
    for name, service in running.items():
        for host in _hosts(service, containers):
            if host in host_of:
                _join(host_of, name, host)
    return _groups(host_of)


def host(service: Service, field: str, application: Application) -> str:
    """The service whose namespace a field asks for, "" where it asks for none of this application."""
    value = getattr(service, field)
    if value.startswith("service:"):
        return _known(value.removeprefix("service:"), application)
    wanted = value.removeprefix("container:")
    if wanted == value:
        return ""
    return next((name for name, other in application.services.items() if other.container_name == wanted), "")


def _known(name: str, application: Application) -> str:
    return name if name in application.services else ""


def _hosts(service: Service, containers: Mapping[str, str]) -> Iterator[str]:
    for field in NAMESPACES:
        value = getattr(service, field)
        if value.startswith("service:"):
            yield value.removeprefix("service:")
        elif value.startswith("container:") and (found := containers.get(value.removeprefix("container:"))):
            yield found


def _join(host_of: dict[str, str], name: str, wanted: str) -> None:
    ours, theirs = _root(host_of, name), _root(host_of, wanted)
    if ours != theirs:
        host_of[ours] = theirs


def _root(host_of: Mapping[str, str], name: str) -> str:
    while host_of[name] != name:
        name = host_of[name]
    return name


def _groups(host_of: Mapping[str, str]) -> Groups:
    leaders = {name: _root(host_of, name) for name, wanted in host_of.items() if wanted != name}
    pods: dict[str, list[str]] = {leader: [leader] for leader in leaders.values()}
    for name, leader in leaders.items():
        pods[leader].append(name)
    return Groups(leaders=leaders, pods={leader: tuple(members) for leader, members in pods.items()})
