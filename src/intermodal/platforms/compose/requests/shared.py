"""Networks and volumes: the bodies of the requests that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import Object, filled
from intermodal.model.labels import REVISION, revision
from intermodal.platforms.compose import seen
from intermodal.platforms.compose.requests.labels import shared_labels
from intermodal.platforms.compose.requests.records import Shared

if TYPE_CHECKING:
    from intermodal.model.networks import Ipam, Network, Pool
    from intermodal.model.volumes import Volume


def network(project: str, key: str, said: Network) -> Shared:
    """A network, as `POST /networks/create` takes it."""
    name = said.name or f"{project}_{key}"
    if said.external:
        return _external(key, name)
    body = filled(
        Name=name,
        CheckDuplicate=True,
        Driver=said.driver,
        Internal=said.internal or None,
        Attachable=said.attachable or None,
        EnableIPv4=said.enable_ipv4,
        EnableIPv6=said.enable_ipv6,
        IPAM=_ipam(said.ipam) if said.ipam is not None else None,
        Options=dict(said.driver_opts),
        Labels={**said.labels, **shared_labels(project, seen.NETWORK, key)},
    )
    return _made(key, name, body)


def _ipam(said: Ipam) -> Object:
    return filled(Driver=said.driver, Config=[_pool(pool) for pool in said.config], Options=dict(said.options))


def _pool(said: Pool) -> Object:
    return filled(
        Subnet=said.subnet, IPRange=said.ip_range, Gateway=said.gateway, AuxiliaryAddresses=dict(said.aux_addresses)
    )


def volume(project: str, key: str, said: Volume) -> Shared:
    """A volume, as `POST /volumes/create` takes it."""
    name = said.name or f"{project}_{key}"
    if said.external:
        return _external(key, name)
    body = filled(
        Name=name,
        Driver=said.driver,
        DriverOpts=dict(said.driver_opts),
        Labels={**said.labels, **shared_labels(project, seen.VOLUME, key)},
    )
    return _made(key, name, body)


def _external(key: str, name: str) -> Shared:
    return Shared(key=key, name=name, external=True, body={}, revision="")


def _made(key: str, name: str, body: Object) -> Shared:
    said = revision(body)
    body["Labels"] = {**body["Labels"], REVISION: said}
    return Shared(key=key, name=name, external=False, body=body, revision=said)
