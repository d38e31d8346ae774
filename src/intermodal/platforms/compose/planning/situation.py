"""What a plan is made from: what is wanted, what is there, what the user asked for, and what comes of it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.images import LocalImages
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.changes import Difference
    from intermodal.model.platform import Wishes
    from intermodal.platforms.compose.requests.records import ServiceRequest, Wanted
    from intermodal.platforms.compose.seen import Seen


@record
class Situation:
    """Everything planning looks at.

    `drift` gives, by the id of a container or network or the name of a volume, in which fields it is not as wanted;
    it need only be known of those that no revision of ours speaks for, or another one. `newer` are images of which a
    registry has a newer one.
    """

    wanted: Wanted
    seen: Seen
    images: LocalImages
    wishes: Wishes
    drift: Mapping[str, tuple[Difference, ...]] = NOTHING
    newer: frozenset[str] = frozenset()

    @property
    def chosen(self) -> tuple[ServiceRequest, ...]:
        """The services to be brought up: those named and what they depend on, each after what it depends on."""
        services = self.wanted.services
        named = self.wishes.services or tuple(services)
        if self.wishes.alone:
            return tuple(services[name] for name in named if name in services)
        found: dict[str, ServiceRequest] = {}
        for name in named:
            _collect(name, services, found, set())
        return tuple(found.values())


def _collect(
    name: str, services: Mapping[str, ServiceRequest], found: dict[str, ServiceRequest], met: set[str]
) -> None:
    if name in met or name in found or name not in services:
        return
    met.add(name)
    for other in services[name].depends_on:
        _collect(other, services, found, met)
    found[name] = services[name]


class Findings:
    """Collects what keeps a plan from being made, and what is to be shown before it is carried out."""

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
