"""The ports: what every platform can do, as Protocols. A platform implements those it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.support import Notes, Support


@record
class Settings:
    """What the user asked of a translation besides the application itself; "" means the platform's default.

    `options` are the platform's own, by name ("isolate", "wait-image", "volume.data").
    """

    version: str = ""
    namespace: str = ""
    options: Mapping[str, str] = NOTHING


@record
class Document:
    """One object of the output: a file stem ("web-deployment") and plain data in the order to be written."""

    stem: str
    content: Mapping[str, Any]


@record
class Translation:
    """What a platform made of an application: its documents in a stable order, and notes on single values."""

    documents: tuple[Document, ...]
    notes: Notes


class Translates(Protocol):
    """Application -> files. Pure: reads nothing but what `files` hands out."""

    support: Support

    def translate(self, application: Application, settings: Settings, files: ProjectFiles) -> Translation:
        """Translate; losses are told to the translation's notes, never raised."""
        ...
