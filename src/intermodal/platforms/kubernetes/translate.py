"""The translation: asks every part for its documents, in the order in which they are best applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.context import Context
from intermodal.platforms.kubernetes.dns_names import DnsNames
from intermodal.platforms.kubernetes.groups import make_groups
from intermodal.platforms.kubernetes.names import Names
from intermodal.platforms.kubernetes.target import make_target

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Settings
    from intermodal.model.support import Notes


def make_context(application: Application, settings: Settings, files: ProjectFiles, notes: Notes) -> Context:
    """What all parts work with; raises `Rejected` for settings that cannot be used."""
    names = Names(application)
    return Context(
        application=application,
        settings=settings,
        files=files,
        notes=notes,
        names=names,
        dns=DnsNames(application, names),
        groups=make_groups(application),
        target=make_target(settings),
    )
