"""Looks at an engine: one list call for each kind, and the containers that need a closer look, all at the same time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError
from intermodal.clients.docker.held import local, remote_digest
from intermodal.clients.docker.references import InvalidReference, parse
from intermodal.kit.threads import gather
from intermodal.model.changes import Difference
from intermodal.model.labels import REVISION
from intermodal.platforms.compose.observe import differences, network_differences, volume_differences
from intermodal.platforms.compose.planning.images import refreshed
from intermodal.platforms.compose.planning.services import short_of
from intermodal.platforms.compose.planning.situation import Situation
from intermodal.platforms.compose.requests import Around, Neighbour, container
from intermodal.platforms.compose.seen import Seen, named, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine
    from intermodal.clients.docker.images import LocalImages
    from intermodal.model.platform import Wishes
    from intermodal.platforms.compose.requests import ServiceRequest, Wanted
    from intermodal.platforms.compose.seen import SeenContainer

Rows = list[dict[str, Any]]
Drift = tuple[str, "tuple[Difference, ...]"]


def containers(engine: Engine) -> Rows:
    """Every container there is."""
    found: Rows = engine.call("GET", "/containers/json", query={"all": True})
    return list(named(found))


def networks(engine: Engine) -> Rows:
    """Every network there is."""
    found: Rows = engine.call("GET", "/networks")
    return found


def volumes(engine: Engine) -> Rows:
    """Every volume there is."""
    found: Rows = (engine.call("GET", "/volumes") or {}).get("Volumes") or []
    return found


def look(engine: Engine, project: str) -> Seen:
    """What is on the engine, sorted into the project's and others'."""
    rows = gather([partial(list_, engine) for list_ in (containers, networks, volumes)])
    return seen(project, *rows)


def situation(engine: Engine, wanted: Wanted, wishes: Wishes, credentials: Credentials) -> Situation:
    """Everything that planning looks at."""
    calls: list[Callable[[], Any]] = [partial(look, engine, wanted.application), partial(local, engine)]
    found, images = gather(calls)
    first = Situation(wanted=wanted, seen=found, images=images, wishes=wishes)
    closer = [*_stale_containers(engine, first), *_stale_shared(first)]
    newer = [partial(_newer, engine, image, images, credentials) for image in _to_refresh(first)]
    drift: list[Drift] = gather(closer)
    return Situation(
        wanted=wanted,
        seen=found,
        images=images,
        wishes=wishes,
        drift=dict(drift),
        newer=frozenset(image for image in gather(newer) if image),
    )


def drifting(engine: Engine, at: Situation) -> dict[str, tuple[Difference, ...]]:
    """How everything that runs differs from what is wanted, by the key of its change."""
    calls = [
        partial(_container_drift, engine, at, service, one)
        for service in at.chosen
        for one in at.seen.of(service.name)
        if one.number and not one.aside
    ]
    found: dict[str, dict[Difference, None]] = {}
    services = {one.id: one.service for one in at.seen.containers}
    for container_id, differing in gather(calls):
        found.setdefault(f"service/{services[container_id]}", {}).update(dict.fromkeys(differing))
    for name, (runs, wanted) in short_of(at).items():
        found.setdefault(f"service/{name}", {})[Difference(field="instances", before=str(runs), after=str(wanted))] = (
            None
        )
    for key, differing in _shared_drift(at):
        found[key] = dict.fromkeys(differing)
    return {key: tuple(differing) for key, differing in found.items() if differing}


def _stale_containers(engine: Engine, at: Situation) -> Iterator[Callable[[], Drift]]:
    for service in at.chosen:
        for one in at.seen.of(service.name):
            if one.revision != service.revision and one.number and one.state != "removing":
                yield partial(_container_drift, engine, at, service, one)


def _container_drift(engine: Engine, at: Situation, service: ServiceRequest, one: SeenContainer) -> Drift:
    try:
        found = engine.call("GET", f"/containers/{one.id}/json")
        image = engine.call("GET", f"/images/{found['Image']}/json")
    except EngineError as error:
        if error.status != 404:
            raise
        return one.id, ()
    around = Around(
        version=engine.version,
        containers={name: _neighbours(at.seen.of(name)) for name in service.refers},
    )
    return one.id, differences(container(service, one.number, around), found, image)


def _neighbours(there: tuple[SeenContainer, ...]) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(id=one.id, name=one.name) for one in there if one.number and not one.aside)


def _stale_shared(at: Situation) -> Iterator[Callable[[], Drift]]:
    for network in at.wanted.networks.values():
        for one in at.seen.networks:
            if one.name == network.name and not network.external and one.labels.get(REVISION) != network.revision:
                yield partial(_pair, one.id, network_differences(network, one.raw))
    for volume in at.wanted.volumes.values():
        for volume_ in at.seen.volumes:
            differs = volume_.labels.get(REVISION) != volume.revision
            if volume_.name == volume.name and not volume.external and differs:
                yield partial(_pair, volume_.name, volume_differences(volume, volume_.raw))


def _pair(name: str, differing: tuple[Difference, ...]) -> Drift:
    return name, differing


def _shared_drift(at: Situation) -> Iterator[Drift]:
    networks_ = {one.name: one.raw for one in at.seen.networks}
    for key, network in at.wanted.networks.items():
        if network.name not in networks_:
            yield f"network/{key}", (Difference(field="name", after=network.name),)
        elif not network.external:
            yield f"network/{key}", network_differences(network, networks_[network.name])
    volumes_ = {one.name: one.raw for one in at.seen.volumes}
    for key, volume in at.wanted.volumes.items():
        if volume.name not in volumes_:
            yield f"volume/{key}", (Difference(field="name", after=volume.name),)
        elif not volume.external:
            yield f"volume/{key}", volume_differences(volume, volumes_[volume.name])


def _to_refresh(at: Situation) -> list[str]:
    asked = (service.image for service in at.chosen if refreshed(service, at.wishes))
    return [image for image in dict.fromkeys(asked) if at.images.find(image)]


def _newer(engine: Engine, image: str, images: LocalImages, credentials: Credentials) -> str:
    """The image's name if its registry has another one by now, or cannot be asked: the pull will tell why."""
    local_ = images.find(image)
    try:
        digest = remote_digest(engine, image, credentials.headers(image))
        repository = parse(image).repository
    except (EngineError, InvalidReference):
        return image
    return "" if local_ and f"{repository}@{digest}" in local_.digests else image
