"""Looks at a Swarm: one list call per kind, all at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.threads import gather
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning.seen import STACK, Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.engine import Engine


def look(client: Engine, stack: str, *kinds: str) -> Seen:
    """What there is of a stack, of the kinds named: fields of `Seen`, `own` before one for those of the stack alone.

    Services, tasks and volumes are always the stack's own. Raises `NotDone`.
    """
    mine = {"label": [f"{STACK}={stack}"]}
    asked = {kind.removeprefix("own "): mine if kind in _OWN or kind.startswith("own ") else None for kind in kinds}
    with told(client):
        answers = gather([_call(client, kind, filters) for kind, filters in asked.items()])
    return Seen(**dict(zip(asked, map(tuple, answers), strict=True)))


def look_everywhere(client: Engine) -> Seen:
    """The services and tasks of every stack. Raises `NotDone`."""
    with told(client):
        answers = gather([_call(client, kind, None) for kind in ("services", "tasks", "nodes")])
    services, tasks, nodes = map(tuple, answers)
    return Seen(services=services, tasks=tasks, nodes=nodes)


def _call(client: Engine, kind: str, filters: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - a call
    def ask() -> list[Any]:
        answer = client.call("GET", f"/{kind}", query={"filters": filters})
        return (answer.get("Volumes") if kind == "volumes" else answer) or []

    return ask


_OWN = ("services", "tasks", "volumes")
