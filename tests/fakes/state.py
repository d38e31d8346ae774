"""What the fake engine holds: applications, their services and instances, and what time makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record
from intermodal.model.running import Instance, Phase, ServiceState
from tests.fakes.programs import Ran, ran

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Service

_INTERVAL, _RETRIES = 30.0, 3


@record
class Wanted:
    """A service as the files want it: `files` are its configs and secrets by path."""

    service: Service
    image: str
    replicas: int
    revision: str
    files: Mapping[str, bytes] = NOTHING

    @property
    def environment(self) -> dict[str, str]:
        return {name: value or "" for name, value in self.service.environment.items()}

    @property
    def argv(self) -> tuple[str, ...]:
        return (*(self.service.entrypoint or ()), *(self.service.command or ("sleep", "1000")))


@record
class Made:
    """An instance: what it was made from, when, and whether somebody stopped it."""

    id: str
    number: int
    wanted: Wanted
    started: float

    @property
    def ran(self) -> Ran:
        return ran(self.wanted.argv, self.wanted.environment, self.wanted.files)


@record
class Held:
    """A service as it is: from what, how many, what it was before, its instances."""

    wanted: Wanted
    replicas: int
    instances: tuple[Made, ...] = ()
    former: Wanted | None = None


def state(application: str, held: Held, now: float) -> ServiceState:
    """How a service looks at a moment."""
    return ServiceState(
        name=held.wanted.service.name,
        image=held.wanted.image,
        wanted=held.replicas,
        revision=held.wanted.revision,
        instances=tuple(_instance(application, made, now) for made in held.instances),
    )


def _instance(application: str, made: Made, now: float) -> Instance:
    service = made.wanted.service
    phase, code = _phase(made, now)
    return Instance(
        id=made.id,
        name=f"{application}-{service.name}-{made.number}",
        service=service.name,
        phase=phase,
        number=made.number,
        status=phase.value,
        node="fake",
        image=made.wanted.image,
        revision=made.wanted.revision,
        exit_code=code,
        created=made.started,
        started=made.started,
        container=made.id,
    )


def _phase(made: Made, now: float) -> tuple[Phase, int | None]:
    age = now - made.started
    program = made.ran
    if program.code is not None and age >= program.ended:
        return _ended(made.wanted.service, program.code), program.code
    check = made.wanted.service.healthcheck
    if check is None or check.disable or not check.test:
        return Phase.RUNNING, None
    interval = check.interval or _INTERVAL
    test = check.test[1:] if check.test[0] == "CMD" else ("sh", "-c", check.test[1])
    if ran(test, made.wanted.environment, made.wanted.files).code == 0:
        return (Phase.HEALTHY if age >= interval else Phase.STARTING), None
    failing = (check.start_period or 0.0) + interval * (check.retries or _RETRIES)
    return (Phase.UNHEALTHY if age >= failing else Phase.STARTING), None


def _ended(service: Service, code: int) -> Phase:
    policy = service.restart.partition(":")[0]
    if policy in ("always", "unless-stopped") or (policy == "on-failure" and code):
        return Phase.RESTARTING
    return Phase.FAILED if code else Phase.COMPLETE
