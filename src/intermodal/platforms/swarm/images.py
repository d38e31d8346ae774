"""The image a service runs, and whether its name is one that `docker stack deploy` takes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.swarm.context import Context

BUILT = Missing(
    code="swarm-image-needed",
    why="Swarm builds nothing: every node pulls the image, so it must be built and pushed before the stack is deployed",
    advice="`docker compose build`, push to a registry that every node reaches, and name it with `image`",
    consequence=Consequence.START,
)
NO_NAME = Approximate(
    code="swarm-image-name",
    why="this is not the name of an image, and the client refuses the whole stack for it",
    advice="set the variables it is made of, such as the one for its version",
    consequence=Consequence.START,
    how="image",
)


def image(context: Context, said: Service) -> str:
    """The image; one that is only built gets the name that Compose gives what it builds."""
    path = ("services", said.name)
    if not said.image:
        context.notes((*path, "build"), BUILT)
        return f"{context.application.name}-{said.name}"
    if not is_reference(said.image):
        context.notes((*path, "image"), NO_NAME)
    return said.image


@cache
def is_reference(name: str) -> bool:
    """Whether it is an image's name: [domain/]path[:tag][@digest], by the grammar of the Distribution project."""
    return _reference().fullmatch(name) is not None


@cache
def _reference() -> re.Pattern[str]:
    part = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
    label = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
    domain = rf"(?:{label}(?:\.{label})*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
    tag = r":[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}"
    digest = r"@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}"
    return re.compile(rf"(?:{domain}/)?{part}(?:/{part})*(?:{tag})?(?:{digest})?")
