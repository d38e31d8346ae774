"""Instances as people and programs read them: which are worth showing, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.cli.output import SCHEMA
from intermodal.cli.tables import table
from intermodal.cli.times import age
from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.kit.records import as_dict, replace
from intermodal.model.running import Phase
from intermodal.platforms.rollout import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intermodal.model.running import Instance, Published, Running, ServiceState

_NODE = "NODE"
HEADS = ("SERVICE", "INSTANCE", _NODE, "STATE", "HEALTH", "AGE", "PORTS")

_HEALTHS = {Phase.STARTING: "starting", Phase.HEALTHY: "healthy", Phase.UNHEALTHY: "unhealthy"}
_ENDED = (Phase.STOPPED, Phase.COMPLETE, Phase.FAILED)
_LONGEST_MESSAGE = 60


def chosen(running: Running, names: Sequence[str], *, everything: bool = False) -> tuple[ServiceState, ...]:
    """The services of those names, all if there is none, with the instances to be shown; raises `Rejected`."""
    unknown = [name for name in names if name not in running.services]
    if unknown and running.services:
        raise Rejected([_unknown(unknown[0], running)])
    wanted = [service for name, service in sorted(running.services.items()) if not names or name in names]
    if everything:
        return tuple(wanted)
    return tuple(replace(service, instances=tuple(_telling(service.instances))) for service in wanted)


def drawn(services: Iterable[ServiceState], now: float) -> str:
    """The table; a service without instances has a line too. Where there is one machine only, it is not named."""
    rows = [row for service in services for row in _rows(service, now)]
    shown = [place for place, head in enumerate(HEADS) if head != _NODE or any(row[place] for row in rows)]
    return table([HEADS[place] for place in shown], [[row[place] for place in shown] for row in rows])


def as_data(running: Running, services: Iterable[ServiceState]) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "schema": SCHEMA,
        "application": running.application,
        "platform": running.platform,
        "services": [_service(service) for service in services],
    }


def _telling(instances: Sequence[Instance]) -> Iterable[Instance]:
    """Those that live, and those that nothing took the place of: ended badly, or complete."""
    living = {(one.number or one.id) for one in instances if one.phase not in _ENDED}
    seen: set[object] = set()
    for one in instances:
        place = one.number or one.id
        if one.phase not in _ENDED or (one.phase is not Phase.STOPPED and place not in living | seen):
            yield one
        seen.add(place)


def _rows(service: ServiceState, now: float) -> Iterable[tuple[str, ...]]:
    for one in service.instances:
        health = _HEALTHS.get(one.phase, "")
        since = age(now - one.started) if one.started is not None else ""
        yield (service.name, one.name, one.node, _state(one), health, since, _ports(one.ports or service.ports))
    if not service.instances:
        wanted = "" if service.wanted is None else f"/{service.wanted}"
        yield (service.name, "", "", f"0{wanted}", "", "", _ports(service.ports))


def _state(one: Instance) -> str:
    """`running`, `failed (exit code 3): no such file`."""
    word = "running" if one.phase in _HEALTHS else one.phase.value
    code = f" (exit code {one.exit_code})" if one.exit_code and not one.phase.up else ""
    message = one.message if len(one.message) <= _LONGEST_MESSAGE else f"{one.message[: _LONGEST_MESSAGE - 1]}…"
    return f"{word}{code}" + (f": {message}" if message and not one.phase.serving else "")


def _ports(ports: Iterable[Published]) -> str:
    return ", ".join(dict.fromkeys(f"{_front(one)}{one.published}->{one.target}/{one.protocol}" for one in ports))


def _front(one: Published) -> str:
    if one.address in ("", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return ""
    return f"[{one.address}]:" if ":" in one.address else f"{one.address}:"


def _service(service: ServiceState) -> dict[str, Any]:
    judged = standing(service)
    return {
        "name": service.name,
        "image": service.image,
        "mode": service.mode,
        "wanted": service.wanted,
        "ready": judged.ready,
        "health": judged.health.value,
        "why": list(judged.why),
        "update": as_dict(service.update) if service.update else None,
        "ports": [as_dict(port) for port in service.ports],
        "instances": [as_dict(one) for one in service.instances],
    }


def _unknown(name: str, running: Running) -> Diagnostic:
    from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - only needed when something is wrong

    advice = f"services that run are {', '.join(running.services)}"
    return Diagnostic(
        code="service-not-there",
        severity=Severity.ERROR,
        message=f"nothing of {running.application} runs that is called {name!r}",
        help=did_you_mean(name, running.services, advice),
    )
