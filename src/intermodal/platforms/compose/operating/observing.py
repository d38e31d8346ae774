"""What runs, told in everybody's words: the application, all applications, the machine, the images."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError
from intermodal.kit.records import replace
from intermodal.kit.threads import gather
from intermodal.model.running import Node, Running
from intermodal.platforms.compose.observe import applications, held_images, instance_inspected, running
from intermodal.platforms.compose.operating.looking import containers, networks, volumes
from intermodal.platforms.compose.seen import PROJECT, named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from intermodal.clients.docker.engine import Engine
    from intermodal.model.running import HeldImage, Instance, ServiceState


class Observing:
    """Looks at what runs. `starting` are the ids of containers that the engine answers nothing about for now."""

    def __init__(self, engine: Engine, starting: AbstractSet[str] = frozenset()) -> None:
        self._engine = engine
        self._starting = starting

    def application(self, name: str) -> Running:
        """The application as it runs. Lists do not tell when an instance started, nor why one is not well."""
        label = {"filters": {"label": [f"{PROJECT}={name}"]}}
        calls: list[Callable[[], Any]] = [
            partial(self._ask, path, **query)
            for path, query in (("/containers/json", {"all": True, **label}), ("/networks", label), ("/volumes", label))
        ]
        rows, networks_, volumes_ = gather(calls)
        seen = running(name, named(rows), networks_, volumes_["Volumes"] or ())
        looked = gather([partial(self._closer, one) for state in seen.services.values() for one in state.instances])
        closer = {one.id: one for one in looked if one}
        return replace(seen, services={service: _with(state, closer) for service, state in seen.services.items()})

    def everything(self) -> tuple[Running, ...]:
        """Every project on the engine, whoever made it."""
        return applications(*gather([partial(list_, self._engine) for list_ in (containers, networks, volumes)]))

    def machine(self) -> Node:
        """The one machine the engine is."""
        return _node(self._engine.call("GET", "/info"), self._engine.address.host)

    def images(self, application: str) -> tuple[HeldImage, ...]:
        """The images of the application's containers."""
        label = {"filters": {"label": [f"{PROJECT}={application}"]}}
        listed = partial(self._ask, "/containers/json", all=True, **label)
        return held_images(*gather([listed, partial(self._ask, "/images/json")]))

    def _ask(self, path: str, **query: Any) -> Any:  # noqa: ANN401 - JSON
        return self._engine.call("GET", path, query=query)

    def _closer(self, listed: Instance) -> Instance | None:
        if listed.id in self._starting:
            return listed
        try:
            return instance_inspected(self._engine.call("GET", f"/containers/{listed.id}/json"))
        except EngineError as error:
            if error.status != 404:
                raise
            return None


def _node(found: Mapping[str, Any], address: str) -> Node:
    return Node(
        id=found.get("ID", ""),
        name=found.get("Name", ""),
        role="engine",
        address=address,
        engine=found.get("ServerVersion", ""),
        cpus=float(found.get("NCPU") or 0) or None,
        memory=found.get("MemTotal") or None,
        labels=dict(text.partition("=")[::2] for text in found.get("Labels") or ()),
    )


def _with(state: ServiceState, closer: Mapping[str, Instance]) -> ServiceState:
    """The service with what a closer look told; what went meanwhile is left out."""
    return replace(state, instances=tuple(closer[one.id] for one in state.instances if one.id in closer))
