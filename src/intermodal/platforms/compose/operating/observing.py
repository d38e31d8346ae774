"""What runs, told in everybody's words: the application, all applications, the machine, the images."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError
from intermodal.kit.records import replace
from intermodal.kit.threads import gather
from intermodal.model.running import Node, Running
from intermodal.platforms.compose.observe import applications, held_images, instance_inspected, running
from intermodal.platforms.compose.operating.looking import containers, networks, unwell, volumes
from intermodal.platforms.compose.seen import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.engine import Engine
    from intermodal.model.running import HeldImage, Instance, ServiceState
    from intermodal.platforms.compose.operating.looking import Rows


def observed(engine: Engine, application: str) -> Running:
    """The application as it runs; of instances that are not well the engine is asked why."""
    rows, networks_, volumes_ = gather([partial(list_, engine) for list_ in _lists(application)])
    seen = running(application, rows, networks_, volumes_)
    closer = {
        one.id: one for one in gather([partial(_closer, engine, name) for name in unwell(rows, application)]) if one
    }
    if not closer:
        return seen
    return replace(seen, services={name: _with(state, closer) for name, state in seen.services.items()})


def everything(engine: Engine) -> tuple[Running, ...]:
    """Every project on the engine, whoever made it."""
    return applications(*gather([partial(list_, engine) for list_ in (containers, networks, volumes)]))


def machine(engine: Engine) -> Node:
    """The one machine the engine is."""
    found = engine.call("GET", "/info")
    return Node(
        id=found.get("ID", ""),
        name=found.get("Name", ""),
        role="engine",
        address=engine.address.host,
        engine=found.get("ServerVersion", ""),
        cpus=float(found.get("NCPU") or 0) or None,
        memory=found.get("MemTotal") or None,
        labels=dict(text.partition("=")[::2] for text in found.get("Labels") or ()),
    )


def images_of(engine: Engine, application: str) -> tuple[HeldImage, ...]:
    """The images of the application's containers."""
    listed, images = gather([partial(_of, application, engine), partial(_images, engine)])
    return held_images(listed, images)


def _lists(application: str) -> tuple[Any, ...]:
    """The engine sorts out what is not the application's."""
    label = {"filters": {"label": [f"{PROJECT}={application}"]}}
    return (
        partial(_of, application),
        lambda engine: engine.call("GET", "/networks", query=label),
        lambda engine: (engine.call("GET", "/volumes", query=label) or {}).get("Volumes") or [],
    )


def _of(application: str, engine: Engine) -> Rows:
    query = {"all": True, "filters": {"label": [f"{PROJECT}={application}"]}}
    found: Rows = engine.call("GET", "/containers/json", query=query)
    return found


def _images(engine: Engine) -> Rows:
    found: Rows = engine.call("GET", "/images/json")
    return found


def _closer(engine: Engine, container: str) -> Instance | None:
    try:
        return instance_inspected(engine.call("GET", f"/containers/{container}/json"))
    except EngineError as error:
        if error.status != 404:
            raise
        return None


def _with(state: ServiceState, closer: Mapping[str, Instance]) -> ServiceState:
    return replace(state, instances=tuple(closer.get(one.id, one) for one in state.instances))
