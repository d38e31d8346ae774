"""Application -> one stack file for `docker stack deploy -c`. The parts are translated in the files beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.platform import Document, Translation
from intermodal.model.support import Consequence, Missing, Notes
from intermodal.platforms.swarm.aliases import aliases
from intermodal.platforms.swarm.context import Context
from intermodal.platforms.swarm.defaults import note_defaults
from intermodal.platforms.swarm.extras import Extras
from intermodal.platforms.swarm.files import config, secret
from intermodal.platforms.swarm.locality import sharers
from intermodal.platforms.swarm.networks import network
from intermodal.platforms.swarm.options import check_options
from intermodal.platforms.swarm.plain import filled
from intermodal.platforms.swarm.privileges import note_privileges
from intermodal.platforms.swarm.services import service
from intermodal.platforms.swarm.spelling import uninterpolated
from intermodal.platforms.swarm.version import file_version
from intermodal.platforms.swarm.volumes import volume
from intermodal.platforms.swarm.wishes import Wishes

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Settings
    from intermodal.platforms.swarm.plain import Object

PROVIDED = Missing(
    code="swarm-provider",
    why="a provider is a program of the client that Compose starts; a stack file has none, so the service is left out",
    advice="create what it provides beforehand, and name it in `environment` or `secrets` of the others",
    consequence=Consequence.START,
)


def translate(application: Application, settings: Settings, files: ProjectFiles) -> Translation:
    """One document, "stack", with the files it needs attached. Raises `Rejected` for options that make no sense."""
    context = make_context(application, settings, files, Notes())
    made = {key: uninterpolated(section) for key, section in sections(context).items()}
    document = Document(stem="stack", content={"version": file_version(made), **made})
    return Translation(documents=(document,), notes=context.notes, attached=tuple(context.extras.attached))


def make_context(application: Application, settings: Settings, files: ProjectFiles, notes: Notes) -> Context:
    """What the parts of the translation work with. Raises `Rejected` for options that make no sense."""
    check_options(settings.options)
    note_defaults(application, notes)
    return Context(
        application=application,
        files=files,
        notes=notes,
        wishes=Wishes(application, settings, notes),
        extras=Extras(application),
        aliases=aliases(application, notes),
        sharers=sharers(application),
    )


def sections(context: Context) -> Object:
    """The sections of the stack, before its `$` are doubled for the client; those that say nothing are left out."""
    application, extras = context.application, context.extras
    awaited = _awaited(application)
    services: Object = {}
    for name, said in application.services.items():
        if said.provider is not None:
            context.notes(("services", name), PROVIDED)
            continue
        services[name] = service(context, said, awaited=name in awaited)
        note_privileges(said, context.notes)
    networks = {key: network(context, key, said) for key, said in application.networks.items()}
    if networks.get("default") == {}:
        del networks["default"]
    parts = filled(
        networks=networks | extras.networks,
        volumes={key: volume(context, key, said) for key, said in application.volumes.items()},
        configs={key: config(context, key, said) for key, said in application.configs.items()} | extras.configs,
        secrets={key: secret(context, key, said) for key, said in application.secrets.items()} | extras.secrets,
    )
    return {"services": services} | parts


def _awaited(application: Application) -> frozenset[str]:
    """The services that others wait for to end well: they run once."""
    return frozenset(
        name
        for said in application.services.values()
        for name, dependency in said.depends_on.items()
        if dependency.condition == "service_completed_successfully"
    )
