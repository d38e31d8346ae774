"""A change's instruction -> the hand that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.changes import Action, Stage, Step
from intermodal.platforms.swarm.operating.ending import end_service, remove, remove_volume
from intermodal.platforms.swarm.operating.objects import put_file, put_network
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning import instructions
from intermodal.platforms.swarm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.engine import Engine
    from intermodal.kit.clock import Clock
    from intermodal.model.changes import Change
    from intermodal.platforms.swarm.operating.nodes import NodeEngines
    from intermodal.platforms.swarm.operating.putting import Services


_WAITING = "waiting for the nodes"


class Reporting:
    """A clock that says so before each of its pauses: whoever listens may break off there, and nowhere else."""

    def __init__(self, clock: Clock, say: Callable[[], None]) -> None:
        self._clock = clock
        self._say = say
        self.now = clock.now
        self.monotonic = clock.monotonic

    def sleep(self, seconds: float) -> None:
        """Say it, then wait."""
        self._say()
        self._clock.sleep(seconds)


class Hands:
    """Carries changes out on one Swarm. Safe to use from many threads."""

    def __init__(self, client: Engine, clock: Clock, services: Services, engines: NodeEngines) -> None:
        self._client = client
        self._clock = clock
        self._engines = engines
        self._acts: dict[type, Callable[[Any, Clock], str | None]] = {
            instructions.FindImage: lambda _, __: None,
            instructions.PutNetwork: lambda one, clock: put_network(client, clock, one),
            instructions.PutFile: lambda one, _: put_file(client, one),
            instructions.PutService: services.put,
            instructions.Scale: services.scale,
            instructions.Restart: services.restart,
            instructions.GoBack: services.go_back,
            instructions.RemoveService: lambda one, clock: end_service(client, clock, one.id, one.stack, one.grace),
            instructions.Remove: lambda one, clock: remove(client, clock, one),
            instructions.RemoveVolume: self._remove_volume,
        }

    def carry_out(self, change: Change, report: Callable[[Step], None]) -> None:
        """Do what the change says; done already, nothing. Raises `NotDone`."""
        if change.action is Action.KEEP:
            return
        waiting = Reporting(self._clock, lambda: report(Step(key=change.key, stage=Stage.MOVED, text=_WAITING)))
        with told(self._client):
            said = self._acts[type(change.instruction)](change.instruction, waiting)
        if said:
            report(Step(key=change.key, stage=Stage.MOVED, text=said))

    def _remove_volume(self, volume: instructions.RemoveVolume, clock: Clock) -> None:
        engine = self._engines.by_name(volume.node)
        if engine is None:
            raise refused(
                "volume-on-another-node",
                f"volume {volume.name} is on {volume.node}, whose engine nobody named",
                f"on {volume.node}: docker volume rm {volume.name}; or --set engine.{volume.node}=HOST",
            )
        with told(engine):
            remove_volume(engine, clock, volume)
