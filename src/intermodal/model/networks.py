"""Networks, the way services stand in them, and the ports they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping


@record
class Pool:
    """One range of addresses of a network."""

    subnet: str = ""
    ip_range: str = ""
    gateway: str = ""
    aux_addresses: Mapping[str, str] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class Ipam:
    """How a network's addresses are given out."""

    driver: str = ""
    config: tuple[Pool, ...] = ()
    options: Mapping[str, str] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class Network:
    """A top-level network. `name` is its name on the engine."""

    name: str = ""
    driver: str = ""
    driver_opts: Mapping[str, str] = NOTHING
    ipam: Ipam | None = None
    external: bool = False
    internal: bool = False
    attachable: bool = False
    enable_ipv4: bool | None = None
    enable_ipv6: bool | None = None
    labels: Mapping[str, str] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class Attachment:
    """A service's place in one network."""

    aliases: tuple[str, ...] = ()
    interface_name: str = ""
    ipv4_address: str = ""
    ipv6_address: str = ""
    link_local_ips: tuple[str, ...] = ()
    mac_address: str = ""
    driver_opts: Mapping[str, str] = NOTHING
    priority: int | None = None
    gw_priority: int | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class Port:
    """One container port shown outside. `published` is "" (any), a number or a range, as text."""

    target: int
    published: str = ""
    protocol: str = "tcp"
    mode: str = "ingress"
    host_ip: str = ""
    name: str = ""
    app_protocol: str = ""
    extensions: Mapping[str, Any] = NOTHING
