"""Which image a service runs. How it is fetched is the container's affair (`workload/commands.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Missing

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context

_NOT_BUILT = Missing(
    code="image-not-built",
    why="a translation builds no images: the cluster looks for the name that docker compose gives the built one",
    advice="build and push it (`docker compose build --push`) and name it with `image: REGISTRY/NAME:TAG`",
)


def image(service: Service, context: Context) -> str:
    """The image's name; what is only built here gets the name docker compose gives it: project-service."""
    if service.image:
        return service.image
    if service.build:
        for field in ("context", "dockerfile_inline"):
            context.notes(("services", service.name, "build", field), _NOT_BUILT)
    return f"{context.application.name}-{service.name}".lower()
