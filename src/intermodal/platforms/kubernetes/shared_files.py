"""The objects that hold the application's configs and secrets: what is in each, and who makes it.

Belongs here: one config or secret by itself. Does not: how services see them (`files.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.platforms.kubernetes.names import config_key
from intermodal.platforms.kubernetes.payload import LIMIT, content_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles, SharedFile
    from intermodal.platforms.kubernetes.names import Names


@record
class Section:
    """Configs or secrets: the object each becomes, where files stand unless said, and the word for one."""

    name: str
    kind: str
    folder: str
    word: str


CONFIGS = Section(name="configs", kind="ConfigMap", folder="/", word="config")
SECRETS = Section(name="secrets", kind="Secret", folder="/run/secrets/", word="secret")
SECTIONS = (CONFIGS, SECRETS)


@record
class Holder:
    """The object that holds one config or secret; `content` is None where somebody else makes the object.

    `problem` says why: "external-object", "secret-value-not-set", "shared-file-unreadable", "object-too-large".
    """

    section: Section
    source: str
    name: str
    key: str
    content: bytes | None = None
    problem: str = ""


class SharedFiles:
    """The holders of one translation, each read once."""

    def __init__(self, application: Application, files: ProjectFiles, names: Names) -> None:
        self._sections: Mapping[str, Mapping[str, SharedFile]] = {
            CONFIGS.name: application.configs,
            SECRETS.name: application.secrets,
        }
        self._files = files
        self._names = names
        self._known: dict[tuple[str, str], Holder] = {}

    def declared(self, section: Section) -> Mapping[str, SharedFile]:
        """The top-level configs or secrets."""
        return self._sections[section.name]

    def holder(self, section: Section, source: str) -> Holder | None:
        """The object of a config or secret; None where the application has none of that name."""
        if source not in self._sections[section.name]:
            return None
        known = self._known.get((section.name, source))
        if known is None:
            known = self._known[section.name, source] = self._make(section, source)
        return known

    def _make(self, section: Section, source: str) -> Holder:
        shared = self._sections[section.name][source]
        content, problem = self._content(shared)
        original = (shared.name or source) if shared.external else source
        key = config_key(shared.file.rpartition("/")[2] or original)
        if content is None or len(content) > LIMIT:
            name = self._names.object(section.kind, original)
            return Holder(section=section, source=source, name=name, key=key, problem=problem or "object-too-large")
        name = self._names.object(section.kind, source, content_hash({key: content}))
        return Holder(section=section, source=source, name=name, key=key, content=content)

    def _content(self, shared: SharedFile) -> tuple[bytes | None, str]:
        """The bytes of a config or secret, or the problem with them."""
        if shared.external:
            return None, "external-object"
        if shared.content is not None:
            return shared.content.encode(errors="replace"), ""
        if shared.environment:
            value = shared.value
            return (None, "secret-value-not-set") if value is None else (value.encode(errors="surrogateescape"), "")
        try:
            return self._files.read(shared.file), ""
        except OSError:
            return None, "shared-file-unreadable"
