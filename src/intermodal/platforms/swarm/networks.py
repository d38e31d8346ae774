"""Networks: overlay networks of the stack, and how each service stands in them.

`network_mode` has no counterpart in a stack file; what can be said with networks is said with networks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.swarm.plain import filled
from intermodal.platforms.swarm.spelling import unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Service
    from intermodal.model.networks import Attachment, Ipam, Network
    from intermodal.model.origin import Path
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object

OVERLAY = Approximate(
    code="swarm-overlay-network",
    why="networks of a stack span nodes, so it becomes an overlay network",
    how="the default driver, overlay",
)
LOCAL_DRIVER = Missing(
    code="swarm-local-network-driver",
    why="a network of this driver lives on one node, and a stack cannot make one; it becomes an overlay network",
    advice="make it on every node (`docker network create --config-only`, then `--scope swarm --config-from`) "
    "and mark it external",
    consequence=Consequence.START,
)
DRIVER_OPTION = Missing(
    code="swarm-network-driver-option",
    why="the option belongs to another network driver; overlay networks do not know it",
    consequence=Consequence.BEHAVIOUR,
)
SHARED_NAMESPACE = Missing(
    code="swarm-shared-network-namespace",
    why="Swarm gives every instance its own network; what this service reaches on localhost is not there",
    advice="reach the other service by its name, or run both programs in one container",
    consequence=Consequence.START,
)
OTHER_NETWORK = Approximate(
    code="swarm-network-mode-by-name",
    why="it becomes an external network of that name, which must be an overlay network that exists",
    advice="declare it under `networks` as external",
    consequence=Consequence.BEHAVIOUR,
    how="an external network",
)
OWN_BRIDGE = Approximate(
    code="swarm-default-bridge",
    why="services on Docker's default bridge get an overlay network of their own, and find each other by name there",
    how="a network of its own",
)
ALONE = Approximate(
    code="swarm-network-none",
    why="it gets an internal network of its own: nothing else is reachable, but its instances see each other",
    how="an internal network of its own",
)
_EVERY_DRIVER = "com.docker.network.driver."
_LOCAL_DRIVERS = frozenset({"macvlan", "ipvlan", "host", "none", "null", "l2bridge", "l2tunnel", "nat", "transparent"})


def network(context: Context, key: str, network: Network) -> Object:
    """One network's definition; {} for one that is as Swarm makes them anyway."""
    if network.external:
        return {"name": network.name or key, "external": True}
    path = ("networks", key)
    driver = _driver(context, (*path, "driver"), network.driver)
    return filled(
        name="" if network.name == f"{context.application.name}_{key}" else network.name,
        driver=driver,
        driver_opts=_driver_options(context, (*path, "driver_opts"), network.driver_opts, driver),
        ipam=_ipam(network.ipam) if network.ipam is not None else None,
        internal=network.internal or None,
        attachable=network.attachable or None,
        labels=dict(network.labels),
    )


def attachments(context: Context, service: Service, aliases: tuple[str, ...]) -> Object:
    """The networks of a service; {} for the stack's default network and nothing more."""
    if service.network_mode:
        return _from_mode(context, service)
    made = {key: _attachment(attachment, aliases) for key, attachment in service.networks.items()}
    return {} if made == {"default": None} or not made else made


def _attachment(attachment: Attachment, aliases: tuple[str, ...]) -> Object | None:
    said = filled(aliases=unique((*attachment.aliases, *aliases)), driver_opts=dict(attachment.driver_opts))
    return said or None


def _from_mode(context: Context, service: Service) -> Object:
    path = ("services", service.name, "network_mode")
    mode, _, target = service.network_mode.partition(":")
    if mode in {"service", "container"}:
        context.notes(path, SHARED_NAMESPACE)
        return _like(context, target) if mode == "service" else {}
    if mode == "default":
        context.notes(path, OWN_BRIDGE)
        mode = "bridge"
    key, outcome = _network_for(context, service, mode)
    context.notes(path, outcome)
    return {key: None}


def _network_for(context: Context, service: Service, mode: str) -> tuple[str, Exact | Approximate]:
    network = context.extras.network
    if mode == "host":
        return network("host", {"name": "host", "external": True}), Exact(how="the nodes' own network, external")
    if mode == "none":
        return network(f"{service.name}-alone", {"internal": True}), ALONE
    if mode == "bridge":
        return network("bridge", {}), OWN_BRIDGE
    return network(mode, {"name": mode, "external": True}), OTHER_NETWORK


def _like(context: Context, target: str) -> Object:
    """The networks of the service whose network this one would share, so that both stay within reach."""
    other = context.application.services.get(target)
    keys = other.networks if other is not None and not other.network_mode else ()
    return {} if tuple(keys) in {(), ("default",)} else dict.fromkeys(keys)


def _driver(context: Context, path: Path, driver: str) -> str:
    if driver in {"bridge", "default"}:
        context.notes(path, OVERLAY)
        return ""
    if driver in _LOCAL_DRIVERS:
        context.notes(path, LOCAL_DRIVER)
        return ""
    return driver


def _driver_options(context: Context, path: Path, options: Mapping[str, str], driver: str) -> Object:
    """All options of a driver that is kept; of others only those that every driver knows."""
    kept: Object = {}
    for key, value in options.items():
        if driver or key.startswith(_EVERY_DRIVER) or key == "encrypted":
            kept[key] = value
        else:
            context.notes((*path, key), DRIVER_OPTION)
    return kept


def _ipam(ipam: Ipam) -> Object:
    pools = [{"subnet": pool.subnet} for pool in ipam.config if pool.subnet]
    return filled(driver=ipam.driver, config=pools)
