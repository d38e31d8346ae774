"""The labels that pods carry so that Services and NetworkPolicies can choose them by more than their service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.dns_names import networks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.kubernetes.context import Context

ALIAS = "alias.intermodal.io/"
NETWORK = "network.intermodal.io/"
MEMBER = "member"


def pod_labels(service: str, context: Context) -> Mapping[str, str]:
    """The further labels of the pods that run a service, with those of the services beside it."""
    made: dict[str, str] = {}
    for name in context.groups.members(context.groups.leader(service)):
        made |= {ALIAS + alias: MEMBER for alias in context.dns.aliases_of(name) if is_shared(alias, context)}
        if isolates(context):
            networks = networks_of(context.application.services[name])
            made |= {network_label(network, context): MEMBER for network in networks}
    return made


def is_shared(alias: str, context: Context) -> bool:
    """Whether an alias leads to several services."""
    return len(context.dns.aliases[alias]) > 1


def isolates(context: Context) -> bool:
    """Whether networks are to be kept apart (option `isolate`)."""
    return context.settings.options.get("isolate", "no") == "yes"


def network_label(network: str, context: Context) -> str:
    """The label of a network's members; applications that share an external one share the label."""
    declared = context.application.networks.get(network)
    called = declared.name if declared is not None and declared.external and declared.name else network
    return NETWORK + context.names.object("Network", called)
