"""What the engine is to hold of an application: networks, volumes, and what each container is made of. Pure.

Belongs here: bodies of requests. Does not: what is on the engine (`observe`, `seen`), what is to be done (`planning`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Notes
from intermodal.platforms.compose.options import check_options, copies
from intermodal.platforms.compose.requests.containers import container, container_name, one_off
from intermodal.platforms.compose.requests.given_files import FileGiving
from intermodal.platforms.compose.requests.records import (
    Around,
    Connection,
    ContainerRequest,
    HostFile,
    Neighbour,
    ServiceRequest,
    Shared,
    Upload,
    Wanted,
)
from intermodal.platforms.compose.requests.services import service_request
from intermodal.platforms.compose.requests.shared import network, volume
from intermodal.platforms.compose.requests.storage import inherited
from intermodal.platforms.compose.requests.values import note_values

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Settings

__all__ = [
    "Around",
    "Connection",
    "ContainerRequest",
    "HostFile",
    "Neighbour",
    "ServiceRequest",
    "Shared",
    "Upload",
    "Wanted",
    "container",
    "container_name",
    "inherited",
    "one_off",
    "wanted",
]


def wanted(application: Application, settings: Settings, files: ProjectFiles, *, local: bool = True) -> Wanted:
    """Everything the application needs on an engine; `local` says that the engine sees the files of this machine.

    Networks and volumes that no service uses are left out, and services that a provider runs. Raises `Rejected` for
    options that make no sense, and for configs, secrets and profiles whose content cannot be had.
    """
    check_options(settings.options)
    notes = Notes()
    giving = FileGiving(application, files, notes, mounting=local and not copies(settings.options))
    services = {
        name: service_request(application, said, giving.given(said), giving.profiles(said))
        for name, said in application.services.items()
        if said.provider is None
    }
    giving.findings.stop_if_errors()
    note_values(application, notes)
    networks = dict.fromkeys(key for one in services.values() for key in one.networks)
    volumes = dict.fromkeys(key for one in services.values() for key in one.volumes)
    return Wanted(
        application=application.name,
        networks={key: network(application.name, key, application.networks[key]) for key in networks},
        volumes={key: volume(application.name, key, application.volumes[key]) for key in volumes},
        services=services,
        notes=notes,
        inactive=application.inactive,
    )
