"""One service of the stack: what its containers are like. How many there are and where is in `deployment.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.quantities import format_duration
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.swarm.deployment import deployment
from intermodal.platforms.swarm.environment import environment
from intermodal.platforms.swarm.files import grant
from intermodal.platforms.swarm.health import healthcheck
from intermodal.platforms.swarm.images import image
from intermodal.platforms.swarm.mounts import Mounting
from intermodal.platforms.swarm.networks import attachments
from intermodal.platforms.swarm.plain import filled
from intermodal.platforms.swarm.ports import ports
from intermodal.platforms.swarm.spelling import unique, untemplated

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.model.application import Service
    from intermodal.model.resources import Ulimit
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.mounts import Mounted
    from intermodal.platforms.swarm.plain import Object

DOMAIN = Approximate(
    code="swarm-domain-name",
    why="a stack file has no domain name; the host name carries it",
    how="hostname",
)
DOMAIN_ALONE = Missing(
    code="swarm-domain-name-lost",
    why="a stack file has no domain name, and there is no host name to carry it",
    advice="write `hostname: NAME.DOMAIN`",
)
NO_ENTRYPOINT = Missing(
    code="swarm-entrypoint-cleared",
    why="Swarm clears an image's entrypoint only where a command is given",
    advice="write the command that the image would run",
    consequence=Consequence.START,
)
NODE_ADDRESS = Approximate(
    code="swarm-host-gateway",
    why="`host-gateway` is the node where the instance runs, whichever that is",
    advice="bind the service to a node, or name an address",
    consequence=Consequence.BEHAVIOUR,
    how="extra_hosts",
)
_PLAIN: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("user", str),
    ("working_dir", str),
    ("stop_signal", str),
    ("stop_grace_period", lambda seconds: None if seconds is None else format_duration(seconds)),
    ("init", lambda value: value),
    ("isolation", str),
    ("read_only", lambda value: value or None),
    ("tty", lambda value: value or None),
    ("stdin_open", lambda value: value or None),
    ("cap_add", unique),
    ("cap_drop", unique),
    ("sysctls", dict),
    ("dns", unique),
    ("dns_search", unique),
    ("labels", dict),
)
"""Keys that a stack file has as Compose does, in the order they are written."""


def service(context: Context, said: Service, *, awaited: bool) -> Object:
    """The service; `awaited` says that others wait for it to end well."""
    mounted = Mounting(context, said).result()
    return filled(
        image=image(context, said),
        entrypoint=_entrypoint(context, said),
        command=list(said.command or ()),
        environment=environment(context, said),
        hostname=_hostname(context, said),
        **{name: spell(getattr(said, name)) for name, spell in _PLAIN},
        ulimits={name: _ulimit(limit) for name, limit in said.ulimits.items()},
        extra_hosts=_hosts(context, said),
        healthcheck=healthcheck(context, said.name, said.healthcheck) if said.healthcheck is not None else None,
        **_files(said, mounted),
        volumes=list(mounted.volumes),
        ports=ports(context, said),
        networks=attachments(context, said, context.aliases.get(said.name, ())),
        deploy=deployment(context, said, mounted.nodes, awaited=awaited),
    )


def _files(said: Service, mounted: Mounted) -> Object:
    return {
        "logging": filled(driver=said.logging.driver, options=dict(said.logging.options)) if said.logging else None,
        "credential_spec": _credentials(said),
        "configs": [*(grant(one) for one in said.configs), *mounted.configs],
        "secrets": [*(grant(one) for one in said.secrets), *mounted.secrets],
    }


def _entrypoint(context: Context, said: Service) -> list[str]:
    """The entrypoint; `[""]` is how Docker is told to clear the image's own."""
    if said.entrypoint != ():
        return list(said.entrypoint or ())
    if not said.command:
        context.notes(("services", said.name, "entrypoint"), NO_ENTRYPOINT)
        return []
    return [""]


def _hostname(context: Context, said: Service) -> str:
    if not said.domainname:
        return untemplated(said.hostname)
    context.notes(("services", said.name, "domainname"), DOMAIN if said.hostname else DOMAIN_ALONE)
    return untemplated(f"{said.hostname}.{said.domainname}" if said.hostname else "")


def _hosts(context: Context, said: Service) -> list[str]:
    for name, addresses in said.extra_hosts.items():
        path = ("services", said.name, "extra_hosts", name)
        context.notes(path, NODE_ADDRESS if "host-gateway" in addresses else Exact(how="extra_hosts"))
    return unique(f"{name}:{address}" for name, addresses in said.extra_hosts.items() for address in addresses)


def _ulimit(limit: Ulimit) -> int | Object:
    return limit.soft if limit.soft == limit.hard else {"soft": limit.soft, "hard": limit.hard}


def _credentials(said: Service) -> Object | None:
    spec = said.credential_spec
    return None if spec is None else filled(config=spec.config, file=spec.file, registry=spec.registry)
