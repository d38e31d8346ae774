"""How instances are exchanged: new before old or after, how many at a time, and what if one fails. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import as_dict, record
from intermodal.platforms.compose.planning.conflicts import fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.compose.requests.records import ServiceRequest


@record
class Manner:
    """What `deploy.update_config` says. `parallelism` 0 means all at once; times are seconds.

    `watched` says that each must be well before the next one's turn.
    """

    start_first: bool = False
    parallelism: int = 0
    delay: float = 0.0
    monitor: float | None = None
    on_failure: str = "pause"
    watched: bool = False

    def watches(self, *, last: bool) -> bool:
        """Whether something hangs on the health of a new container: the old one's end, its return, or the next one."""
        return self.watched and (self.start_first or self.on_failure == "rollback" or not last)


def manner(service: ServiceRequest) -> Manner:
    """What a service says; without `update_config` all are exchanged at once, old before new."""
    deploy = service.service.deploy
    said = deploy.update_config if deploy is not None else None
    if said is None:
        return Manner()
    return Manner(
        start_first=said.order == "start-first" and not _exclusive(service),
        parallelism=1 if said.parallelism is None else said.parallelism,
        delay=said.delay or 0.0,
        monitor=said.monitor,
        on_failure=said.failure_action or "pause",
        watched=True,
    )


def noted(service: ServiceRequest) -> dict[str, Any]:
    """The manner as plain data; empty where the file says nothing."""
    found = manner(service)
    return dict(as_dict(found)) if found.watched else {}


def remembered_manner(said: Mapping[str, Any]) -> Manner:
    """The manner of a rollback, from what `noted` made. What is gone back to ran before: a failure is not undone."""
    return Manner(**{**said, "on_failure": "pause"}) if said else Manner()


def _exclusive(service: ServiceRequest) -> bool:
    """Whether two containers cannot run side by side: a port, an address or a network of its own."""
    said = service.service
    addressed = any(stands.ipv4_address or stands.ipv6_address for stands in said.networks.values() if stands)
    return addressed or said.network_mode == "host" or any(fixed(said.ports))
