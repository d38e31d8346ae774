"""What becomes of networks and of services' places in them, with isolation and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.networks import Attachment
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.dns_names import networks_of
from intermodal.platforms.kubernetes.network.pod_labels import isolates
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.networks import Network
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context

_ENGINE_DRIVERS = frozenset({"bridge", "overlay", "default"})
_EMPTY = Attachment()


def note_networks(context: Context) -> None:
    """Note every network and every attachment."""
    apart = _kept_apart(context)
    isolated = isolates(context)
    attached = _BY_POLICY if isolated else replace(NOT_ISOLATED, consequence=apart)
    for name, service in context.application.services.items():
        for network, attachment in service.networks.items():
            if attachment == _EMPTY:
                context.notes(("services", name, "networks", network), attached)
    for name, declared in context.application.networks.items():
        for field, outcome in _outcomes(declared, isolated=isolated):
            context.notes(("networks", name, *field), outcome)


def _outcomes(network: Network, *, isolated: bool) -> Iterator[tuple[tuple[str, ...], Outcome]]:
    """Fields of a network whose fate hangs on their value."""
    if network.driver in _ENGINE_DRIVERS:
        yield ("driver",), _ENGINE_DRIVER
    if network.internal:
        yield ("internal",), _BY_POLICY if isolated else _NOT_INTERNAL
    if network.external:
        yield ("external",), _REACHES_OTHERS if isolated else NOT_SHARED
    if "encrypted" in network.driver_opts:
        yield ("driver_opts", "encrypted"), _NOT_ENCRYPTED
    if network.enable_ipv6:
        yield ("enable_ipv6",), _DUAL_STACK
    if isolated:
        yield from ((("labels", key), Exact(how="annotation of the NetworkPolicy")) for key in network.labels)
    for field in ("external", "internal", "attachable", "enable_ipv6"):
        if getattr(network, field) is False:
            yield (field,), Exact(how=DEFAULT)
    if network.enable_ipv4:
        yield ("enable_ipv4",), Exact(how=DEFAULT)


def _kept_apart(context: Context) -> Consequence:
    """Whether networks keep any services apart: they do where no network has all services in it."""
    common: set[str] | None = None
    for service in context.application.services.values():
        networks = networks_of(service)
        if networks:
            common = set(networks) if common is None else common & set(networks)
    return Consequence.NONE if common is None or common else Consequence.BEHAVIOUR


_BY_POLICY = Exact(how="NetworkPolicy")
NOT_ISOLATED = Missing(
    code="networks-not-isolated",
    why="all pods of a cluster reach each other unless a NetworkPolicy says otherwise",
    advice="translate with `--set isolate=yes`",
    consequence=Consequence.BEHAVIOUR,
)
_NOT_INTERNAL = Missing(
    code="network-not-internal",
    why="without a NetworkPolicy its services reach the world outside",
    advice="translate with `--set isolate=yes`",
    consequence=Consequence.SECURITY,
)
_NOT_ENCRYPTED = Missing(
    code="network-not-encrypted",
    why="whether traffic between pods is encrypted is up to the cluster's network",
    advice="switch on encryption in the network plugin, or use a service mesh",
    consequence=Consequence.SECURITY,
)
_ENGINE_DRIVER = Missing(
    code="network-driver",
    why="the cluster's network connects all pods, on every node",
    consequence=Consequence.NONE,
)
_DUAL_STACK = Approximate(
    code="network-ipv6",
    why="Services ask for both families; pods have IPv6 where the cluster has",
    how="ipFamilyPolicy: PreferDualStack",
)
NOT_SHARED = Missing(
    code="external-network",
    why="services of other applications are reached by name only within the same namespace",
    advice="translate the applications on this network into one namespace, or call <service>.<namespace>",
)
_REACHES_OTHERS = Approximate(
    code="external-network",
    why="services of other applications are reached by name only within the same namespace",
    advice="translate the applications on this network into one namespace, with `--set isolate=yes` for all",
    consequence=Consequence.BEHAVIOUR,
    how="NetworkPolicy",
)
