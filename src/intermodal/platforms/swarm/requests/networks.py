"""Networks of the stack -> bodies of the API, with what a stack file cannot say of their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import filled
from intermodal.model.labels import REVISION, revision
from intermodal.model.support import Consequence, Missing
from intermodal.platforms.swarm.requests.wanted import NAMESPACE, WantedNetwork

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.model.application import Application
    from intermodal.model.networks import Ipam, Network
    from intermodal.model.support import Notes
    from intermodal.platforms.swarm.plain import Object
    from intermodal.platforms.swarm.requests.names import Names

NO_SUBNET = Missing(
    code="swarm-address-range",
    why="Swarm chooses the addresses of a network whose subnet nobody says, its gateway with them",
    advice="write the `subnet`",
    consequence=Consequence.BEHAVIOUR,
)


def networks(application: Application, used: Iterable[str], names: Names, notes: Notes) -> Iterator[WantedNetwork]:
    """Those that services stand in; `used` are names on the engine."""
    wanted = set(used)
    sections = {"default": {}, **names.sections.get("networks", {})}
    for key, said in sections.items():
        name = names.of("networks", key)
        if name not in wanted:
            continue
        if said.get("external"):
            yield WantedNetwork(key=key, name=name, external=True)
            continue
        declared = application.networks.get(key)
        _note_pools(key, declared, notes)
        body = _body(name, said, declared, names.stack)
        hashed = revision(body)
        labels = {**body["Labels"], REVISION: hashed}
        yield WantedNetwork(key=key, name=name, body={**body, "Labels": labels}, revision=hashed)


def _body(name: str, said: Object, declared: Network | None, stack: str) -> Object:
    return filled(
        Name=name,
        Driver=said.get("driver", "overlay"),
        Internal=said.get("internal"),
        Attachable=said.get("attachable"),
        EnableIPv6=(declared.enable_ipv6 or None) if declared is not None else None,
        IPAM=_ipam(declared.ipam) if declared is not None and declared.ipam is not None else None,
        Options=said.get("driver_opts"),
        Labels={**said.get("labels", {}), NAMESPACE: stack},
    )


def _ipam(said: Ipam) -> Object:
    pools = (filled(Subnet=pool.subnet, IPRange=pool.ip_range, Gateway=pool.gateway) for pool in said.config)
    return filled(Driver=said.driver, Options=dict(said.options), Config=[pool for pool in pools if "Subnet" in pool])


def _note_pools(key: str, declared: Network | None, notes: Notes) -> None:
    pools = declared.ipam.config if declared is not None and declared.ipam is not None else ()
    for index, pool in enumerate(pools):
        if not pool.subnet:
            notes(("networks", key, "ipam", "config", index), NO_SUBNET)
