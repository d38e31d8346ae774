"""The images an engine has, found by any of their names. Pure: who asks the engine for them is `held.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.references import InvalidReference, parse
from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@record
class LocalImage:
    """An image on an engine. `names` are its tags in full, `digests` its names with digest in full; `size` in bytes.

    `created` is seconds since 1970.
    """

    id: str
    names: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    size: int = 0
    created: float = 0.0


class LocalImages:
    """The images of an engine at one moment, found by any spelling of their names, by digest or by id."""

    def __init__(self, images: Iterable[LocalImage]) -> None:
        self.images = tuple(images)
        self._named = {name: image for image in self.images for name in (*image.names, *image.digests)}
        self._ids = {image.id: image for image in self.images}

    def find(self, text: str) -> LocalImage | None:
        """The image that a text names, None when the engine does not have it."""
        if text in self._ids:
            return self._ids[text]
        try:
            wanted = parse(text)
        except InvalidReference:
            return None
        if wanted.digest:
            # With a tag and a digest the digest decides, as it does for the engine.
            return self._named.get(f"{wanted.repository}@{wanted.digest}")
        return self._named.get(str(wanted))


def listed(answer: Mapping[str, Any]) -> LocalImage:
    """An image as the engine lists or shows it."""
    return LocalImage(
        id=answer.get("Id", ""),
        names=_full(answer.get("RepoTags")),
        digests=_full(answer.get("RepoDigests")),
        size=int(answer.get("Size") or 0),
        created=_seconds(answer.get("Created")),
    )


def _full(names: Iterable[str] | None) -> tuple[str, ...]:
    found = []
    for name in names or ():
        try:
            found.append(str(parse(name)))
        except InvalidReference:
            continue  # "<none>:<none>"
    return tuple(found)


def _seconds(created: object) -> float:
    return float(created) if isinstance(created, (int, float)) else 0.0
