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
class AttachedFile:
    """A file that a document refers to by its relative path ("files/motd"); it is written beside the documents."""

    path: str
    content: bytes


@record
class Translation:
    """What a platform made of an application: its documents in a stable order, and notes on single values.

    `attached` are files the documents need beside them; a platform whose documents stand alone has none.
    """

    documents: tuple[Document, ...]
    notes: Notes
    attached: tuple[AttachedFile, ...] = ()


class Translates(Protocol):
    """Application -> files. Pure: reads nothing but what `files` hands out."""

    support: Support

    def translate(self, application: Application, settings: Settings, files: ProjectFiles) -> Translation:
        """Translate; losses are told to the translation's notes, never raised."""
        ...
