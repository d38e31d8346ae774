"""Names that Compose resolves and Swarm does not know: container names and links become network aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.swarm.defaults import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Notes

ALIAS = Approximate(
    code="swarm-container-name",
    why="Swarm names containers itself; the name goes on working as a network alias",
    how="a network alias",
)
LOST_NAME = Missing(
    code="swarm-container-name-lost",
    why="Swarm names containers itself, and the name cannot become a network alias: another service answers to it "
    "or the service is in no network of its own",
    advice="use the service's name",
    consequence=Consequence.BEHAVIOUR,
)
LINK = Approximate(
    code="swarm-link",
    why="the linked service answers to this name for every service in its networks, not for this one alone",
    how="a network alias of the linked service",
)
LOST_LINK = Missing(
    code="swarm-link-lost",
    why="several services want this name for different ones, or the linked service is in no network of its own; "
    "a network alias cannot say it",
    advice="use the linked service's own name",
    consequence=Consequence.BEHAVIOUR,
)


def aliases(application: Application, notes: Notes) -> Mapping[str, tuple[str, ...]]:
    """For each service the further names it must answer to."""
    wanted = list(_wanted(application))
    owners: dict[str, set[str]] = {name: {name} for name in application.services}
    for name, target, _, _ in wanted:
        owners.setdefault(name, set()).add(target)
    made: dict[str, list[str]] = {}
    for name, target, path, link in wanted:
        free = owners[name] == {target} and not application.services[target].network_mode
        if free and name != target:
            made.setdefault(target, []).append(name)
        notes(path, _outcome(name == target, free, link))
    return {target: tuple(dict.fromkeys(names)) for target, names in made.items()}


def _outcome(own: bool, free: bool, link: bool) -> Exact | Approximate | Missing:
    if own:
        return DEFAULT
    if link:
        return LINK if free else LOST_LINK
    return ALIAS if free else LOST_NAME


def _wanted(application: Application) -> Iterator[tuple[str, str, Path, bool]]:
    """Name, the service to answer to it, the field that wants it, whether that is a link."""
    for service in application.services.values():
        if service.container_name:
            yield service.container_name, service.name, ("services", service.name, "container_name"), False
        yield from _links(application, service)


def _links(application: Application, service: Service) -> Iterator[tuple[str, str, Path, bool]]:
    for index, link in enumerate(service.links):
        target, _, alias = link.partition(":")
        if target in application.services:
            yield alias or target, target, ("services", service.name, "links", index), True
