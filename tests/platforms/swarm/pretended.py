"""A Swarm in memory, as far as planning looks at one: plans are carried out on it by the same pure functions."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from intermodal.kit.records import replace
from intermodal.model.changes import Action, Kind
from intermodal.model.platform import Wishes
from intermodal.platforms.swarm.planning import images_to_find, instructions, planned
from intermodal.platforms.swarm.planning.pins import Pin
from intermodal.platforms.swarm.planning.revising import gone_back, is_as_wanted, made_spec, next_spec
from intermodal.platforms.swarm.planning.seen import Seen, by_name, with_force, with_replicas
from intermodal.platforms.swarm.requests import requests
from tests.applications import FilesInMemory, settings

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.changes import Change, Plan

DIGEST = "sha256:" + "a" * 64


class Pretended:
    """Holds objects as the API lists them, and counts up their versions."""

    def __init__(self) -> None:
        self.seen = Seen(nodes=({"ID": "n1", "Description": {"Hostname": "node-1"}},))
        self.digests: dict[str, str] = {}
        self._ids = count(1)

    def plan(self, made: Application, **wishes: Any) -> Plan:
        """What `up` would do."""
        wanted, asked = requests(made, FilesInMemory(), settings()), Wishes(**wishes)
        names = images_to_find(wanted, self.seen, asked)
        pins = {name: Pin(name=f"{name}@{self.digests.get(name, DIGEST)}") for name in names}
        return planned(wanted, self.seen, asked, pins)

    def up(self, made: Application, **wishes: Any) -> Plan:
        """Carry it out."""
        return self.carry_out(self.plan(made, **wishes))

    def carry_out(self, plan: Plan) -> Plan:
        for change in plan.changes:
            self.do(change)
        return plan

    def do(self, change: Change) -> None:
        """One change; every action is one that a real engine would accept."""
        if change.action is Action.KEEP:
            return
        if change.kind is Kind.SERVICE:
            self._do_service(change.instruction)
        else:
            self._do_object(change.instruction)

    def _do_object(self, told: Any) -> None:
        match told:
            case instructions.PutNetwork():
                self._drop("networks", told.name)
                self._add("networks", {"Id": self._id(), **told.body, "Scope": "swarm"})
            case instructions.PutFile():
                self._add(told.section, {"ID": self._id(), "Spec": told.body})
            case instructions.Remove():
                self._drop(told.section, told.name)

    def _do_service(self, told: Any) -> None:
        match told:
            case instructions.PutService():
                self._put(told)
            case instructions.Scale():
                self._become(told.full_name, with_replicas(self.spec(told.full_name), told.replicas))
            case instructions.Restart():
                self._become(told.full_name, with_force(self.spec(told.full_name), told.force))
            case instructions.GoBack():
                spec = gone_back(self.service(told.full_name), told.spec)
                if spec is not None:
                    self._become(told.full_name, spec)
            case instructions.RemoveService():
                self._drop("services", told.full_name)

    def service(self, full_name: str) -> dict[str, Any]:
        return dict(by_name(self.seen.services)[full_name])

    def spec(self, full_name: str) -> dict[str, Any]:
        return dict(self.service(full_name)["Spec"])

    def names(self, section: str) -> set[str]:
        return set(by_name(getattr(self.seen, section)))

    def alter(self, full_name: str, **more: Any) -> None:
        """Change what the engine says of a service besides its spec."""
        self._exchange({**self.service(full_name), **more})

    def _put(self, put: instructions.PutService) -> None:
        there = by_name(self.seen.services).get(put.full_name)
        if there is None or put.exchange:
            self._drop("services", put.full_name)
            self._add("services", {"ID": self._id(), "Spec": made_spec(put, put.spec)})
        elif not is_as_wanted(there, put):
            self._become(put.full_name, next_spec(there, put, put.spec))

    def _become(self, full_name: str, spec: Any) -> None:
        """As the engine does it: the former spec is remembered, the state of the last update forgotten."""
        there = self.service(full_name)
        self._exchange({"ID": there["ID"], "Spec": spec, "PreviousSpec": there["Spec"]})

    def _exchange(self, raw: dict[str, Any]) -> None:
        self._drop("services", raw["Spec"]["Name"])
        self._add("services", raw)

    def _add(self, section: str, raw: dict[str, Any]) -> None:
        self.seen = replace(self.seen, **{section: (*getattr(self.seen, section), raw)})

    def _drop(self, section: str, name: str) -> None:
        kept = tuple(raw for named, raw in by_name(getattr(self.seen, section)).items() if named != name)
        self.seen = replace(self.seen, **{section: kept})

    def _id(self) -> str:
        return f"id{next(self._ids):022}"
