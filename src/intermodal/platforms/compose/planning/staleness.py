"""Why a container is to be made anew: what it was made from is not what the file says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.platforms.compose.planning.situation import Situation
    from intermodal.platforms.compose.requests.records import ServiceRequest
    from intermodal.platforms.compose.seen import SeenContainer


@record
class Tidings:
    """What the plan does so far that later services feel.

    `networks` gives the ids of the networks that stay by name; those to be made or made anew have "". `pulled` are
    images being fetched, `exchanged` services that get new containers.
    """

    networks: Mapping[str, str] = NOTHING
    pulled: frozenset[str] = frozenset()
    exchanged: frozenset[str] = frozenset()


def stale(one: SeenContainer, service: ServiceRequest, situation: Situation, tidings: Tidings) -> tuple[str, ...]:
    """The reasons, in words; none where the container is as wanted."""
    if situation.wishes.recreate == "never":
        return ()
    return tuple(
        dict.fromkeys(
            (
                *(("it was asked for",) if situation.wishes.recreate == "always" else ()),
                *_description(one, service, situation),
                *_image(one, service, situation, tidings),
                *_network(one, service, situation, tidings),
                *_company(one, service, situation, tidings),
            )
        )
    )


def _description(one: SeenContainer, service: ServiceRequest, situation: Situation) -> Iterator[str]:
    if one.revision and one.revision != service.revision:
        yield "the file describes it differently"
    elif not one.revision and situation.drift.get(one.id):
        yield "made by docker compose with other settings"


def _image(one: SeenContainer, service: ServiceRequest, situation: Situation, tidings: Tidings) -> Iterator[str]:
    found = situation.images.find(service.image)
    if service.image in tidings.pulled:
        yield "its image is fetched anew"
    elif found and one.image_id and one.image_id != found.id:
        yield "its image is another one by now"


def _network(one: SeenContainer, service: ServiceRequest, situation: Situation, tidings: Tidings) -> Iterator[str]:
    for key in service.networks:
        name = situation.wanted.networks[key].name if key in situation.wanted.networks else key
        now, then = tidings.networks.get(name), one.networks.get(name)
        if now == "" or (now and then and now != then):
            yield f"the network {key} is made anew"
        elif now and then is None:
            yield f"it is not in the network {key}"


def _company(one: SeenContainer, service: ServiceRequest, situation: Situation, tidings: Tidings) -> Iterator[str]:
    """It must go with another service's containers: it lives in one, or asks for a restart when they are replaced."""
    shared = sharing(service)
    for name in shared:
        hosts = situation.seen.of(name)
        gone = one.lives_in and network_host(service) == name and all(host.id != one.lives_in for host in hosts)
        if name in tidings.exchanged or gone or _younger(hosts, one):
            yield f"it lives in a container of {name}, which is made anew"
    for name, dependency in service.depends_on.items():
        if (
            dependency.restart
            and name not in shared
            and (name in tidings.exchanged or _younger(situation.seen.of(name), one))
        ):
            yield f"it is to start anew with {name}"


def _younger(others: tuple[SeenContainer, ...], one: SeenContainer) -> bool:
    """Whether all the others were made after this one, by us: whoever did that was interrupted before this one."""
    made = [other.created for other in others if other.number and not other.aside and other.state != "created"]
    return bool(one.revision and made) and min(made) > one.created


def sharing(service: ServiceRequest) -> tuple[str, ...]:
    """The services whose containers a service's own live in: their network, processes, memory or volumes."""
    said = service.service
    modes = [mode.removeprefix("service:") for mode in _modes(service) if mode.startswith("service:")]
    folders = [text.partition(":")[0] for text in said.volumes_from if not text.startswith("container:")]
    return tuple(dict.fromkeys((*modes, *folders)))


def network_host(service: ServiceRequest) -> str:
    """The service whose network a service uses, "" for none."""
    mode = service.service.network_mode
    return mode.removeprefix("service:") if mode.startswith("service:") else ""


def _modes(service: ServiceRequest) -> tuple[str, ...]:
    said = service.service
    return (said.network_mode, said.ipc, said.pid)
