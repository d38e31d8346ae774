"""The images that the containers of an application use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.running import HeldImage
from intermodal.platforms.compose import seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.platforms.compose.seen import Row


def held_images(containers: Iterable[Row], images: Iterable[Row]) -> tuple[HeldImage, ...]:
    """An image for each reference and id in use, from the rows of an application's containers and of all images."""
    known = {row["Id"]: row for row in images}
    users: dict[tuple[str, str], set[str]] = {}
    for row in containers:
        read = seen.container(row)
        users.setdefault((read.image, read.image_id), set()).add(read.service)
    return tuple(
        _held(reference, image_id, known.get(image_id, {}), services)
        for (reference, image_id), services in sorted(users.items())
    )


def _held(reference: str, image_id: str, row: Row, services: set[str]) -> HeldImage:
    created = row.get("Created")
    return HeldImage(
        reference=reference,
        id=image_id,
        digest=_digest(reference, row.get("RepoDigests") or ()),
        size=row.get("Size"),
        created=None if created is None else float(created),
        services=tuple(sorted(services - {""})),
    )


def _digest(reference: str, digests: Iterable[str]) -> str:
    """The digest under which the reference's own repository knows the image, else any."""
    split = [digest.partition("@")[::2] for digest in digests]
    own = [digest for repository, digest in split if reference.startswith(repository)]
    return next(iter([*own, *(digest for _, digest in split)]), "")
