"""Health checks as probes. Pure arithmetic; the reasoning is in docs: health.

The same test makes three probes. Readiness says what Docker's health status says: healthy or not. Liveness starts
an unhealthy container again, as Swarm does and Docker alone does not (`--set liveness=no` leaves it out). Startup
holds both back until the first success, and is patient: Docker never kills a container for starting slowly.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.escape import escaped
from intermodal.platforms.kubernetes.quantities import whole_seconds
from intermodal.platforms.kubernetes.terms import UNCHANGED
from intermodal.platforms.kubernetes.workload.http_tests import headers, http_test

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.model.health import Healthcheck
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.kinds import Kind
    from intermodal.platforms.kubernetes.terms import Object
    from intermodal.platforms.kubernetes.workload.http_tests import HttpTest

INTERVAL, TIMEOUT, RETRIES, START_INTERVAL = 30.0, 30.0, 3, 5.0
"""Docker's defaults (Dockerfile reference, HEALTHCHECK)."""
PATIENCE = 300.0
"""The least time, after `start_period`, before a container that never became healthy is started again."""

_RESTARTED = Approximate(
    code="unhealthy-is-restarted",
    why="Kubernetes starts an unhealthy container again, as Swarm does; Docker alone leaves it running",
    advice="translate with `--set liveness=no` to only take it out of service",
    consequence=Consequence.BEHAVIOUR,
    how="startupProbe, livenessProbe, readinessProbe",
)
_OF_IMAGE = Missing(
    code="image-healthcheck-unknown",
    why="the test itself is in the image, which is not read, and Kubernetes ignores it",
    advice="write the image's test out as `healthcheck.test`",
)
_UNUSED_START = Missing(
    code="start-interval-unused",
    why="it counts only during a `start_period`, and there is none",
    consequence=Consequence.NONE,
)
_OFF = Missing(code="healthcheck-off", why="the health check is switched off", consequence=Consequence.NONE)
_BY_KUBELET = Missing(
    code="probe-without-program",
    why="Kubernetes asks for the URL itself, so options about the program's output have no effect",
    consequence=Consequence.NONE,
)
_ROUNDED = Approximate(code="probe-in-whole-seconds", why="probes know whole seconds only", how="rounded up to 1 s")
_EMPTY = Missing(
    code="healthcheck-unreadable",
    why="a test is CMD or CMD-SHELL and at least one word",
    advice='write `test: ["CMD", "program", "argument"]`',
)


@record
class _Times:
    """Docker's five numbers with its defaults filled in; seconds."""

    interval: float
    timeout: float
    retries: int
    start_period: float
    start_interval: float


def probes(service: Service, kind: Kind, open_ports: frozenset[int], context: Context) -> Object:
    """The container's probes; `open_ports` are the TCP ports that others reach it at."""
    check = service.healthcheck
    if check is None or _is_off(service, check, context):
        return {}
    if not check.test or len(check.test) < 2:
        context.notes(("services", service.name, "healthcheck"), _EMPTY if check.test else _OF_IMAGE)
        return {}
    times = _times(check)
    _note_times(service, check, context)
    action, limit = _action(service, check, open_ports, context)
    common = {"timeoutSeconds": whole_seconds(min(times.timeout, limit), 1)}
    steady = {**action, "periodSeconds": whole_seconds(times.interval, 1), **common, "failureThreshold": times.retries}
    start = {**action, "periodSeconds": _start_pace(times), **common, "failureThreshold": _start_failures(times)}
    made = {"startupProbe": start} if not kind.ends else {}
    if not kind.ends and context.settings.options.get("liveness", "yes") != "no":
        context.notes(("services", service.name, "healthcheck", "test", 1), _RESTARTED)
        made["livenessProbe"] = steady
    return {**made, "readinessProbe": dict(steady)}


def _is_off(service: Service, check: Healthcheck, context: Context) -> bool:
    off = check.disable or check.test[:1] == ("NONE",)
    if off:
        path = ("services", service.name, "healthcheck")
        context.notes(path, _OFF)
        context.notes((*path, "disable" if check.disable else "test"), UNCHANGED)
    return off


def _times(check: Healthcheck) -> _Times:
    """Docker takes 0 for its default."""
    return _Times(
        interval=check.interval or INTERVAL,
        timeout=check.timeout or TIMEOUT,
        retries=check.retries or RETRIES,
        start_period=check.start_period or 0.0,
        start_interval=check.start_interval or START_INTERVAL,
    )


def _start_pace(times: _Times) -> int:
    """Seconds between tests of a container that is starting; Docker's start_interval holds in start_period only."""
    return whole_seconds(times.start_interval if times.start_period else times.interval, 1)


def _start_failures(times: _Times) -> int:
    """Failures during `start_period` do not count, so they come on top of the patience."""
    pace = _start_pace(times)
    return ceil(times.start_period / pace) + ceil(max(times.retries * times.interval, PATIENCE) / pace)


def _action(service: Service, check: Healthcheck, open_ports: frozenset[int], context: Context) -> tuple[Object, float]:
    """How to test, and a time limit of the test's own."""
    http = http_test(check.test)
    if http is not None and http.port in open_ports:
        if check.test[0] == "CMD":
            for index in http.idle:
                context.notes(("services", service.name, "healthcheck", "test", index + 1), _BY_KUBELET)
        return {"httpGet": _get(http)}, http.seconds or TIMEOUT * 1000
    shell = check.test[0] == "CMD-SHELL"
    words = ["/bin/sh", "-c", " ".join(check.test[1:])] if shell else list(check.test[1:])
    return {"exec": {"command": [escaped(word) for word in words]}}, TIMEOUT * 1000


def _get(http: HttpTest) -> Object:
    made: Object = {"path": http.path or "/", "port": http.port}
    if http.scheme != "HTTP":
        made["scheme"] = http.scheme
    return {**made, "httpHeaders": [dict(header) for header in headers(http)]}


def _note_times(service: Service, check: Healthcheck, context: Context) -> None:
    path = ("services", service.name, "healthcheck")
    defaults = {"interval": INTERVAL, "timeout": TIMEOUT, "retries": RETRIES, "start_interval": START_INTERVAL}
    for field, default in defaults.items():
        value = getattr(check, field)
        if value in {0, default}:
            context.notes((*path, field), UNCHANGED)
        elif value is not None and value != int(value):
            context.notes((*path, field), _ROUNDED)
    if check.start_period == 0:
        context.notes((*path, "start_period"), UNCHANGED)
    if check.start_interval is not None and not check.start_period:
        context.notes((*path, "start_interval"), _UNUSED_START)
