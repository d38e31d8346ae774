"""Rows for networks, ports and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.support.words import BEHAVIOUR, NONE, SAME, START, rows

if TYPE_CHECKING:
    from intermodal.model.support import Support

_FIXED_ADDRESS = Missing(
    code="swarm-fixed-address",
    why="Swarm gives out all addresses itself, and drops this one in silence",
    advice="reach the service by its name",
    consequence=BEHAVIOUR,
)
_ORDERED = Missing(
    code="swarm-network-order",
    why="Swarm decides in which order a service joins its networks, and which one leads outside",
    consequence=BEHAVIOUR,
)
_ADDRESS_RANGE = Missing(
    code="swarm-address-range",
    why="of a network's address plan a stack file has only the subnet",
    advice="make the network beforehand (`docker network create --driver overlay`) and mark it external",
    consequence=BEHAVIOUR,
)
_ADDRESS_FAMILY = Missing(
    code="swarm-address-family",
    why="a stack file does not choose between IPv4 and IPv6; overlay networks have IPv4",
    consequence=BEHAVIOUR,
)
_DESCRIBED = Missing(
    code="swarm-port-description",
    why="a stack's ports have no name or application protocol; nothing on Swarm reads them",
    consequence=NONE,
)
_OUTSIDE_LINK = Missing(
    code="swarm-external-link",
    why="Swarm's services cannot link to a container outside the stack",
    advice="put both in an external, attachable overlay network, and reach it by name",
    consequence=START,
)

NETWORK: Support = {
    **rows("services.*.networks.*.", SAME, "aliases.* driver_opts.*"),
    **rows(
        "services.*.networks.*.",
        _FIXED_ADDRESS,
        "ipv4_address ipv6_address link_local_ips.* mac_address interface_name",
    ),
    **rows("services.*.networks.*.", _ORDERED, "priority gw_priority"),
    "services.*.networks.*": SAME,
    "services.*.network_mode": Exact(how="networks"),
    "services.*.mac_address": _FIXED_ADDRESS,
    "services.*.container_name": Exact(how="a network alias"),
    "services.*.links.*": Exact(how="a network alias"),
    "services.*.external_links.*": _OUTSIDE_LINK,
    **rows("services.*.ports.*.", SAME, "target published protocol mode"),
    "services.*.ports.*.host_ip": Exact(how="the default"),
    **rows("services.*.ports.*.", _DESCRIBED, "name app_protocol"),
    **rows(
        "networks.*",
        SAME,
        " .name .driver .driver_opts.* .external .internal .attachable .labels.* .ipam.driver .ipam.config.*.subnet",
    ),
    "networks.*": SAME,
    **rows("networks.*.ipam.", _ADDRESS_RANGE, "config.*.ip_range config.*.gateway config.*.aux_addresses.* options.*"),
    **rows("networks.*.", _ADDRESS_FAMILY, "enable_ipv4 enable_ipv6"),
}
