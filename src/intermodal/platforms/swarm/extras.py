"""What services need elsewhere in the file: networks, configs and secrets nobody declared, and attached files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from intermodal.model.application import Application
    from intermodal.model.platform import AttachedFile
    from intermodal.platforms.swarm.plain import Object


class Extras:
    """Collects them while services are translated; every name it hands out is free in its section."""

    def __init__(self, application: Application) -> None:
        self.networks: dict[str, Object] = {}
        self.configs: dict[str, Object] = {}
        self.secrets: dict[str, Object] = {}
        self.attached: list[AttachedFile] = []
        self._application = application
        self._keys: dict[tuple[int, str], str] = {}

    def network(self, key: str, content: Object) -> str:
        """The key of a network with this content, the same for the same wish."""
        return self._add(self.networks, self._application.networks, key, key, content)

    def config(self, origin: str, key: str, content: Object) -> str:
        """The key of a config made from `origin`, the same each time it is asked for."""
        return self._add(self.configs, self._application.configs, origin, key, content)

    def secret(self, origin: str, key: str, content: Object) -> str:
        """The key of a secret made from `origin`, the same each time it is asked for."""
        return self._add(self.secrets, self._application.secrets, origin, key, content)

    def _add(self, section: dict[str, Object], declared: Container[str], origin: str, key: str, content: Object) -> str:
        known = (id(section), origin)
        if known not in self._keys:
            self._keys[known] = free = _free(key, section, declared)
            section[free] = content
        return self._keys[known]


def _free(key: str, *taken: Container[str]) -> str:
    free, number = key, 1
    while any(free in names for names in taken):
        number += 1
        free = f"{key}-{number}"
    return free
