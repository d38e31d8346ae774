"""`run`: what a one-off needs is brought into being first, then it runs as a job of its own.

Belongs here: networks, configs and secrets of the service. Does not: services it depends on, which `up` brings up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.changes import Action, Kind
from intermodal.model.platform import Wishes
from intermodal.platforms.swarm.operating.looking import look
from intermodal.platforms.swarm.operating.oneoff import OneOff, job
from intermodal.platforms.swarm.operating.putting import ids
from intermodal.platforms.swarm.operating.registry import find_images
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning import images_to_find, planned
from intermodal.platforms.swarm.planning.pins import pin_of
from intermodal.platforms.swarm.planning.seen import by_name, image, with_image
from intermodal.platforms.swarm.requests import identified

if TYPE_CHECKING:
    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.model.platform import Command, Terminal
    from intermodal.platforms.swarm.operating.dispatch import Hands
    from intermodal.platforms.swarm.requests import Wanted

_NEEDED = (Kind.NETWORK, Kind.CONFIG, Kind.SECRET)


@record
class Surroundings:
    """What a one-off is run with."""

    client: Engine
    clock: Clock
    credentials: Credentials
    hands: Hands


def run_once(around: Surroundings, wanted: Wanted, command: Command, terminal: Terminal) -> int:
    """Run the command in a new instance of its service; gives its exit code. Raises `NotDone`."""
    client = around.client
    wishes = Wishes(services=(command.service,), alone=True)
    seen = look(client, wanted.application, "services", "networks", "configs", "secrets", "nodes")
    pins = find_images(client, images_to_find(wanted, seen, wishes), around.credentials)
    for change in planned(wanted, seen, wishes, pins).changes:
        if change.kind in _NEEDED and change.action is not Action.REMOVE:
            around.hands.carry_out(change, lambda _: None)
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
