"""How a service is reached, as a value: its Service, names and ports inside, and what of it is shown outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.platforms.kubernetes.wishes.wishes import ExposureWish

if TYPE_CHECKING:
    from intermodal.platforms.kubernetes.network.publishing import Outside


@record
class ServicePort:
    """A port of a Service inside the cluster; `protocol` is tcp, udp or sctp."""

    number: int
    target: int
    protocol: str = "tcp"
    name: str = ""
    app_protocol: str = ""


@record
class Exposure:
    """How a service is reached: inside as `service`, and outside where `outside` says.

    `owner` names the service in whose network it runs, which alone has a Service then. `early` asks for addresses
    of containers that are not ready yet: services that name one another wait for nobody.
    """

    service: str
    ports: tuple[ServicePort, ...] = ()
    headless: bool = False
    aliases: tuple[str, ...] = ()
    owner: str = ""
    early: bool = False
    dual_stack: bool = False
    outside: Outside | None = None
    wish: ExposureWish = ExposureWish()
