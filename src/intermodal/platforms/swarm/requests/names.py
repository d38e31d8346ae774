"""Names on the engine, by the keys of the file, as `docker stack deploy` gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.swarm.plain import Object

_BUILT_IN = frozenset({"default", "bridge", "host", "none"})
_DOCKER_HUB = ("docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/")


@record
class Names:
    """What things of the stack are called: `sections` are those of the stack, `configs` and `secrets` names by key."""

    stack: str
    version: tuple[int, int]
    sections: Mapping[str, Object] = NOTHING
    configs: Mapping[str, str] = NOTHING
    secrets: Mapping[str, str] = NOTHING

    def scoped(self, key: str) -> str:
        """The engine's name of what has none of its own."""
        return f"{self.stack}_{key}"

    def of(self, section: str, key: str) -> str:
        """The engine's name of a network or volume."""
        declared = self.sections.get(section, NOTHING).get(key) or NOTHING
        return str(declared.get("name") or (key if declared.get("external") else self.scoped(key)))


def user_defined(network: str) -> bool:
    """Whether a network is not one of the engine's own, which know no aliases."""
    return network not in _BUILT_IN


def tagged(image: str) -> str:
    """An image's name as the client sends it: the Hub's domain left out, `latest` written."""
    short = next((image.removeprefix(start) for start in _DOCKER_HUB if image.startswith(start)), image)
    last = short.rsplit("/", 1)[-1]
    return short if ":" in last or "@" in last else f"{short}:latest"
