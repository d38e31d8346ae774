"""The labels of what we make: docker compose's, so that its commands know our projects, and our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.labels import REPLICAS, REVISION
from intermodal.platforms.compose import seen

if TYPE_CHECKING:
    from intermodal.platforms.compose.requests.records import Around, ServiceRequest

CONFIG_HASH = "com.docker.compose.config-hash"
CONFIG_FILES = "com.docker.compose.project.config_files"
REPLACES = "com.docker.compose.replace"
VERSION = "com.docker.compose.version"
COMPATIBLE = "2.40.3"
"""The docker compose whose labels these are."""
CHANGING = frozenset(
    {
        CONFIG_FILES,
        CONFIG_HASH,
        REPLACES,
        REPLICAS,
        REVISION,
        VERSION,
        seen.DEPENDS_ON,
        seen.IMAGE,
        seen.NUMBER,
        seen.ONEOFF,
        seen.WORKING_DIR,
    }
)
"""Labels that may differ without anything having to be done."""


def container_labels(request: ServiceRequest, number: int, around: Around, *, oneoff: bool = False) -> dict[str, str]:
    """A container's labels: the service's own, and those it is found again by."""
    application = request.application
    labels = {
        **request.service.labels,
        seen.PROJECT: request.project,
        seen.SERVICE: request.name,
        VERSION: COMPATIBLE,
        seen.WORKING_DIR: application.working_dir,
        CONFIG_FILES: ",".join(application.compose_files),
        seen.ONEOFF: str(oneoff),
        seen.NUMBER: str(number),
        seen.DEPENDS_ON: ",".join(_dependency(request, name) for name in sorted(request.depends_on)),
        seen.IMAGE: around.image_id,
        CONFIG_HASH: request.revision,
        REVISION: request.revision,
        REPLICAS: str(request.replicas),
    }
    return labels | ({REPLACES: around.replaces} if around.replaces else {})


def shared_labels(project: str, kind: str, key: str) -> dict[str, str]:
    """The labels of a network or volume: `kind` is the label that holds its key."""
    return {seen.PROJECT: project, kind: key, VERSION: COMPATIBLE}


def _dependency(request: ServiceRequest, name: str) -> str:
    said = request.depends_on[name]
    return f"{name}:{said.condition}:{str(said.restart).lower()}"
