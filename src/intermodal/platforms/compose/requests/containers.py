"""A container of a service: the requests that make it, before it is started."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from intermodal.clients.docker import objects
from intermodal.kit.records import replace
from intermodal.platforms.compose.requests.endpoints import namespace, standing
from intermodal.platforms.compose.requests.labels import container_labels
from intermodal.platforms.compose.requests.limits import resources, restart_policy
from intermodal.platforms.compose.requests.records import ContainerRequest, Upload
from intermodal.platforms.compose.requests.security import options
from intermodal.platforms.compose.requests.storage import storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.objects import Object
    from intermodal.model.application import Service
    from intermodal.model.platform import Command
    from intermodal.platforms.compose.requests.records import Around, ServiceRequest

ANNOTATIONS = (1, 43)
"""The first version whose containers have annotations."""
CREDENTIALS_FOLDER = "/run/secrets/docker"


def container_name(request: ServiceRequest, number: int) -> str:
    """The name of the instance with that number."""
    return request.container_name or f"{request.project}-{request.name}-{number}"


def container(request: ServiceRequest, number: int, around: Around) -> ContainerRequest:
    """How to make the instance with that number, counted from 1."""
    return _made(request, container_name(request, number), number, around)


def one_off(request: ServiceRequest, command: Command, name: str, around: Around) -> ContainerRequest:
    """How to make a container of that name for one command: nobody reaches it, it is never started again.

    Its ports are published only if the command asks for them. It takes no name of the service's on its networks.
    """
    said = request.service
    changed = replace(
        said,
        command=command.argv or said.command,
        user=command.user or said.user,
        working_dir=command.working_dir or said.working_dir,
        environment={**said.environment, **command.environment},
        tty=command.tty,
        stdin_open=not command.detach,
        ports=said.ports if command.ports else (),
        restart="",
        deploy=None if said.deploy is None else replace(said.deploy, restart_policy=None),
        healthcheck=said.healthcheck,
    )
    made = _made(replace(request, service=changed), name, 1, around, oneoff=True)
    attached = {} if command.detach else {"AttachStdin": True, "StdinOnce": True}
    return replace(made, body={**made.body, **attached})


def _made(request: ServiceRequest, name: str, number: int, around: Around, *, oneoff: bool = False) -> ContainerRequest:
    service = request.service
    stands = standing(request, name, number, around, aliases=not oneoff)
    body = {
        **_process(service, around),
        **stands.config,
        "Image": request.image,
        "AttachStdout": True,
        "AttachStderr": True,
        **objects.filled(
            ExposedPorts={port: {} for port in (*exposed_ports(service.expose), *_bindings(service))},
            StopTimeout=request.stop_timeout,
        ),
        "Labels": container_labels(request, number, around, oneoff=oneoff),
        "HostConfig": {
            **_host(service, around),
            **resources(service),
            **options(request),
            **storage(request, around),
            **stands.host,
            "NetworkMode": stands.mode,
        },
        "NetworkingConfig": {"EndpointsConfig": dict(stands.endpoints)},
    }
    return ContainerRequest(
        name=name,
        query=objects.filled(name=name, platform=request.platform),
        body=body,
        connections=stands.connections,
        uploads=(*request.uploads, *_credentials(service, around)),
    )


def _process(service: Service, around: Around) -> Object:
    """What runs, as whom and where."""
    variables = objects.variables(service)
    if service.use_api_socket:
        variables.setdefault("DOCKER_CONFIG", CREDENTIALS_FOLDER)
    made = objects.filled(
        Hostname=service.hostname,
        Domainname=service.domainname,
        User=service.user,
        WorkingDir=service.working_dir,
        Tty=service.tty or None,
        OpenStdin=service.stdin_open or None,
        Env=objects.environment(variables),
        StopSignal=service.stop_signal,
        Healthcheck=objects.healthcheck(service.healthcheck, around.version),
    )
    # An empty entrypoint or command clears the image's, so it must not be left out.
    said = {"Entrypoint": service.entrypoint, "Cmd": service.command}
    return made | {key: list(words) for key, words in said.items() if words is not None}


def _host(service: Service, around: Around) -> Object:
    """How the engine runs it: HostConfig without resources, mounts and networks."""
    return objects.filled(
        RestartPolicy=restart_policy(service),
        Annotations=dict(service.annotations) if around.version >= ANNOTATIONS else None,
        CapAdd=list(service.cap_add),
        CapDrop=list(service.cap_drop),
        Init=service.init,
        IpcMode=namespace(service.ipc, around),
        PidMode=namespace(service.pid, around),
        CgroupnsMode=service.cgroup,
        UsernsMode=service.userns_mode,
        UTSMode=service.uts,
        Isolation=service.isolation,
        Runtime=service.runtime,
        Privileged=service.privileged or None,
        ReadonlyRootfs=service.read_only or None,
        ShmSize=service.shm_size,
        Sysctls=dict(service.sysctls),
        StorageOpt=dict(service.storage_opt),
        PortBindings=_bindings(service),
        Dns=list(service.dns),
        DnsSearch=list(service.dns_search),
        DnsOptions=list(service.dns_opt),
        ExtraHosts=objects.extra_hosts(service.extra_hosts),
        LogConfig=objects.log_config(service.logging),
        GroupAdd=list(service.group_add),
    )


def _bindings(service: Service) -> Object:
    """Ports by number and protocol, each with where it is published."""
    found: dict[str, list[Object]] = {}
    for port in service.ports:
        bindings = found.setdefault(f"{port.target}/{port.protocol}", [])
        bindings.append({"HostIp": port.host_ip, "HostPort": port.published})
    return found


def exposed_ports(said: tuple[str, ...]) -> Iterator[str]:
    """Every port of `3000`, `4000/udp` or `5000-5010`."""
    for text in said:
        ports, _, protocol = text.partition("/")
        first, _, last = ports.partition("-")
        yield from (f"{port}/{protocol or 'tcp'}" for port in range(int(first), int(last or first) + 1))


def _credentials(service: Service, around: Around) -> tuple[Upload, ...]:
    if not service.use_api_socket or not around.credentials or "DOCKER_CONFIG" in service.environment:
        return ()
    return (Upload(path=f"{CREDENTIALS_FOLDER}/config.json", content=around.credentials.encode()),)


def seconds(said: float | None) -> int | None:
    """A grace period in the engine's whole seconds, never less than said."""
    return None if said is None else ceil(said)
