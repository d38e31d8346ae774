"""Application -> the objects of a Swarm, as its engine's API takes them. Pure.

The application is translated to a stack as for `docker stack deploy`, and the stack's parts become bodies of the API in
the files beside this one, together with what only the API can say. Nothing here talks to an engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.files import FileKind
from intermodal.model.support import Notes
from intermodal.platforms.swarm.requests.files import configs, secrets
from intermodal.platforms.swarm.requests.names import Names
from intermodal.platforms.swarm.requests.networks import networks
from intermodal.platforms.swarm.requests.preparing import prepared
from intermodal.platforms.swarm.requests.retold import retell
from intermodal.platforms.swarm.requests.services import service
from intermodal.platforms.swarm.requests.unused import note_unused
from intermodal.platforms.swarm.requests.updating import identified, updated
from intermodal.platforms.swarm.requests.versions import note_version
from intermodal.platforms.swarm.requests.wanted import Wanted, WantedFile, WantedNetwork, WantedService
from intermodal.platforms.swarm.translate import make_context, sections

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.model.application import Application, Service
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Settings
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

__all__ = ["Wanted", "WantedFile", "WantedNetwork", "WantedService", "identified", "requests", "updated"]


def requests(
    application: Application, files: ProjectFiles, settings: Settings, version: tuple[int, int] = (1, 41)
) -> Wanted:
    """The objects, for an engine that speaks this version of the API; what it cannot do is told to the notes.

    Raises `Rejected` for options that make no sense and files whose content cannot be sent.
    """
    context = make_context(prepared(application), settings, files, Notes())
    stack = sections(context)
    retell(context.notes)
    made_configs = tuple(configs(context, _granted(context, stack, "configs")))
    made_secrets = tuple(secrets(context, _granted(context, stack, "secrets")))
    names = Names(
        stack=application.name,
        version=version,
        sections=stack,
        configs={one.key: one.name for one in made_configs},
        secrets={one.key: one.name for one in made_secrets},
    )
    services = tuple(_service(context, name, names) for name in stack["services"])
    used = {network for one in services for network in one.networks}
    made = Wanted(
        application=application.name,
        notes=context.notes,
        services=services,
        networks=tuple(networks(context.application, used, names, context.notes)),
        configs=made_configs,
        secrets=made_secrets,
        volumes=_volumes(services),
        inactive=application.inactive,
    )
    note_unused(application, made, names, context.notes)
    return made


def _service(context: Context, name: str, names: Names) -> WantedService:
    said = context.application.services[name]
    note_version(said, names.version, context.notes)
    stack = names.sections["services"][name]
    return service(context.application, said, stack, names, context.notes, _profiles(context, said))


def _granted(context: Context, stack: Object, section: str) -> set[str]:
    """The keys of the configs or secrets that services are handed; what nobody reads is not sent."""
    made = {grant["source"] for one in stack["services"].values() for grant in one.get(section, ())}
    specs = (said.credential_spec for said in context.application.services.values())
    return made | ({spec.config for spec in specs if spec is not None} if section == "configs" else set())


def _profiles(context: Context, said: Service) -> dict[str, bytes]:
    """The contents of the seccomp profiles that a service names by path, as far as they are the application's."""
    named = (option.replace("=", ":", 1).partition(":") for option in said.security_opt)
    paths = {value for key, _, value in named if key == "seccomp" and value not in {"", "unconfined"}}
    folder = context.application.working_dir.rstrip("/")
    found = {path: path if path.startswith("/") else f"{folder}/{path}" for path in paths}
    return {path: context.files.read(file) for path, file in found.items() if context.files.kind(file) is FileKind.FILE}


def _volumes(services: Iterable[WantedService]) -> tuple[str, ...]:
    mounts = (mount for one in services for mount in one.spec["TaskTemplate"]["ContainerSpec"].get("Mounts", ()))
    return tuple(dict.fromkeys(mount["Source"] for mount in mounts if mount["Type"] == "volume" and "Source" in mount))
