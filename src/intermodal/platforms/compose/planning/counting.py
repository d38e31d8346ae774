"""How many instances a service is to have: what the file says, unless somebody chose another number while it ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.platforms.compose.requests.records import ServiceRequest
    from intermodal.platforms.compose.seen import SeenContainer


def target(service: ServiceRequest, there: tuple[SeenContainer, ...], asked: Mapping[str, int]) -> int:
    """How many there are to be.

    What runs counts where the file's number is the one it was last brought up with, or was never written.
    """
    if service.name in asked:
        return asked[service.name]
    noted = noted_replicas(there)
    if there and (noted == str(service.replicas) or (not noted and not _said(service))):
        return live(there)
    return service.replicas


def live(there: Iterable[SeenContainer]) -> int:
    """How many instances there are; two containers of one number are one instance that is being replaced."""
    return len({one.number for one in there if one.number})


def noted_replicas(there: tuple[SeenContainer, ...]) -> str:
    """The file's number when the youngest container was made; a container that only remembers counts as the youngest.

    Labels cannot be changed, so a file that asks for fewer leaves a container behind that never runs (number 0).
    """
    youngest = max(there, key=lambda one: (not one.number, one.created), default=None)
    return youngest.replicas if youngest else ""


def _said(service: ServiceRequest) -> bool:
    deploy = service.service.deploy
    return service.service.scale is not None or (deploy is not None and deploy.replicas is not None)
