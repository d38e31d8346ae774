"""Names of images as the engines read them: `nginx` is docker.io/library/nginx:latest. Pure."""

from __future__ import annotations

import re

from intermodal.kit.records import record

DOCKER_HUB = "docker.io"

_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    r"(?:(?P<registry>(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r"|\[[0-9a-fA-F:]+\])(?::[0-9]+)?)/)?"
    rf"(?P<name>{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?"
)
_ID = re.compile("[0-9a-f]{64}")
_LONGEST = 512


class InvalidReference(ValueError):  # noqa: N818 - named for the reference
    """A text that is no image's name."""


@record
class Reference:
    """An image's full name. `tag` is "" only beside a digest; `name` has no registry ("library/nginx")."""

    registry: str
    name: str
    tag: str = ""
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.repository}{self._version}"

    @property
    def repository(self) -> str:
        """Registry and name: `docker.io/library/nginx`."""
        return f"{self.registry}/{self.name}"

    @property
    def familiar(self) -> str:
        """As people write it, and as the engine lists it: `nginx:latest`, `ghcr.io/me/app:1`."""
        short = self.name.removeprefix("library/") if self.name.count("/") == 1 else self.name
        return f"{short if self.registry == DOCKER_HUB else self.repository}{self._version}"

    @property
    def _version(self) -> str:
        return (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse(text: str) -> Reference:
    """The full name that a text stands for; raises `InvalidReference`."""
    found = _REFERENCE.fullmatch(text) if len(text) <= _LONGEST and not _ID.fullmatch(text) else None
    if not found:
        raise InvalidReference(f"{text!r} is not the name of an image")
    registry, name = found["registry"], found["name"]
    if registry and not _is_registry(registry):
        registry, name = None, f"{registry}/{name}"
    registry = _ALIASES.get(registry or DOCKER_HUB, registry or DOCKER_HUB)
    if registry == DOCKER_HUB and "/" not in name:
        name = f"library/{name}"
    tag = found["tag"] or ("" if found["digest"] else "latest")
    return Reference(registry=registry, name=name, tag=tag, digest=found["digest"] or "")


_ALIASES = {"index.docker.io": DOCKER_HUB}


def _is_registry(first: str) -> bool:
    """Whether what stands before the first slash is a registry and not part of a name on Docker Hub."""
    return "." in first or ":" in first or first == "localhost" or first != first.lower()
