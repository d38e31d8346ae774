"""`run`: what a one-off needs is brought up first, then it runs as a job of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record, replace
from intermodal.model.changes import Kind, NotDone
from intermodal.model.platform import Wishes
from intermodal.platforms.rollout import roll_out
from intermodal.platforms.swarm.operating.looking import look
from intermodal.platforms.swarm.operating.oneoff import OneOff, job
from intermodal.platforms.swarm.operating.putting import ids
from intermodal.platforms.swarm.operating.registry import find_images
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning import images_to_find, planned
from intermodal.platforms.swarm.planning.pins import pin_of
from intermodal.platforms.swarm.planning.seen import by_name, image, with_image
from intermodal.platforms.swarm.refusals import problem
from intermodal.platforms.swarm.requests import identified

if TYPE_CHECKING:
    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine as Client
    from intermodal.kit.clock import Clock
    from intermodal.model.changes import Plan
    from intermodal.model.platform import Command, Engine, Terminal
    from intermodal.platforms.rollout import Outcome
    from intermodal.platforms.swarm.requests import Wanted


@record
class Surroundings:
    """What a one-off is run with."""

    engine: Engine
    client: Client
    clock: Clock
    credentials: Credentials


def run_once(around: Surroundings, wanted: Wanted, command: Command, terminal: Terminal) -> int:
    """Run the command in a new instance of its service; gives its exit code. Raises `NotDone`."""
    client = around.client
    wishes = Wishes(services=(command.service,))
    seen = look(client, wanted.application, "services", "networks", "configs", "secrets", "nodes")
    pins = find_images(client, images_to_find(wanted, seen, wishes), around.credentials)
    _bring_up(around, _needed(planned(wanted, seen, wishes, pins), command.service))
    service = next(one for one in wanted.services if one.name == command.service)
    there = by_name(seen.services).get(service.full_name)
    pin = pin_of(service, there, pins)
    named = pin.name if pin else image(there["Spec"]) if there else service.image
    with told(client):
        spec = with_image(
            identified(dict(service.spec), *ids(client, service.spec)), named, pin.platforms if pin else ()
        )
    made = job(spec, service.name, command)
    headers = around.credentials.headers(service.image)
    return OneOff(client, around.clock, made, terminal).run(headers, detach=command.detach, remove=command.remove)


def _needed(plan: Plan, service: str) -> Plan:
    """The plan without the service itself, and without ends of things: a one-off takes nothing away."""
    own = f"{Kind.SERVICE.value}/{service}"
    kept = [
        replace(change, after=tuple(need for need in change.after if need.key != own))
        for change in plan.changes
        if change.key != own and change.action is not change.action.REMOVE
    ]
    return replace(plan, changes=tuple(kept), waits=tuple(one for one in plan.waits if one != service))


def _bring_up(around: Surroundings, plan: Plan) -> None:
    outcome: Outcome = roll_out(around.engine, plan, clock=around.clock, report=lambda _: None)
    if not outcome.code:
        return
    told_ = [found for failure in outcome.failed for found in failure.diagnostics]
    unwell = [f"{one.service}: {'; '.join(one.why)}" for one in outcome.unwell]
    if unwell:
        advice = "`intermodal ps` and `intermodal logs` show more"
        told_.append(problem("dependency-not-well", f"what it depends on is not well: {', '.join(unwell)}", advice))
    raise NotDone(told_, outcome.code)
