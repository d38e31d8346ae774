"""The images that services use, with what the manager's own node knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.held import local
from intermodal.model.running import HeldImage
from intermodal.platforms.swarm.operating.names import node_name
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning.seen import IMAGE, image, labels, lasting, name, short

if TYPE_CHECKING:
    from intermodal.clients.docker.engine import Engine
    from intermodal.platforms.swarm.planning.seen import Seen


def held(client: Engine, stack: str, seen: Seen, here: str) -> tuple[HeldImage, ...]:
    """One entry for each image that services name; size and id where the node `here` has it."""
    with told(client):
        there = local(client)
    host = next((node_name(raw) for raw in seen.nodes if raw["ID"] == here), "")
    users: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for raw in lasting(seen.services):
        full = image(raw["Spec"])
        users.setdefault(full, []).append(short(name(raw), stack))
        written[full] = labels(raw).get(IMAGE) or full.partition("@")[0]
    found = []
    for full, services in sorted(users.items()):
        known = there.find(full)
        found.append(
            HeldImage(
                reference=written[full],
                id=known.id if known else "",
                digest=full.partition("@")[2],
                size=known.size if known else None,
                created=known.created if known else None,
                node=host if known else "",
                services=tuple(sorted(services)),
            )
        )
    return tuple(found)
