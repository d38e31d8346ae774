"""What every part of the translation to Swarm works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.support import Notes
    from intermodal.platforms.swarm.extras import Extras
    from intermodal.platforms.swarm.wishes import Wishes


@record
class Context:
    """What is translated, what was asked for, where findings go, and what services add to the rest of the file.

    `aliases` are the further names of each service, `sharers` counts the services that mount each named volume.
    """

    application: Application
    files: ProjectFiles
    notes: Notes
    wishes: Wishes
    extras: Extras
    aliases: Mapping[str, tuple[str, ...]]
    sharers: Mapping[str, int]
