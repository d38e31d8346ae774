"""A new container in place of an old one: which goes first, what if the new one is not well, many in turn.

The old one is set aside under another name, never removed before the new one could be made and started. Killed in
between, planning finds two containers of one number and goes on.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError
from intermodal.kit.threads import gather
from intermodal.model.changes import NotDone
from intermodal.platforms.compose.operating.containers import Made
from intermodal.platforms.compose.operating.wellness import Verdict, await_wellness
from intermodal.platforms.compose.planning.instructions import Exchange, Named
from intermodal.platforms.compose.planning.manners import Manner, manner, remembered_manner
from intermodal.platforms.compose.planning.memory import hooks, remembered
from intermodal.platforms.compose.planning.wording import problem
from intermodal.platforms.compose.requests import container_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from intermodal.kit.clock import Clock
    from intermodal.platforms.compose.operating.containers import Containers
    from intermodal.platforms.compose.operating.making import Making
    from intermodal.platforms.compose.planning.instructions import Instances


_BREATH = 0.5
"""Seconds between two chances to break off."""


class Exchanging:
    """Exchanges the containers of one service; `put_back` says that what ran before runs again."""

    def __init__(
        self,
        containers: Containers,
        making: Making,
        instances: Instances,
        clock: Clock,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self._containers = containers
        self._making = making
        self._instances = instances
        self._clock = clock
        self._pause = pause
        self._manner = Manner() if instances.request is None else manner(instances.request)
        self.put_back = False

    def all(self, wanted: Sequence[Exchange]) -> None:
        """Exchange them, so many at a time as the service says. Raises `NotDone`."""
        if self._instances.request is None:
            self._manner = self._remembered_manner(wanted)
        size = self._manner.parallelism or len(wanted)
        done: list[tuple[Exchange, str]] = []
        for start in range(0, len(wanted), size):
            if start:
                self._wait()
            batch = wanted[start : start + size]
            last = start + size >= len(wanted)
            try:
                made = gather([partial(self._one, exchange, last=last) for exchange in batch])
            except NotDone:
                if self._manner.on_failure == "rollback":
                    self._all_back(done)
                raise
            done += zip(batch, made, strict=True)

    def _remembered_manner(self, wanted: Sequence[Exchange]) -> Manner:
        """How a rollback goes: as the last update did."""
        found = self._containers.look(wanted[0].old.id)
        return remembered_manner(remembered(found).manner) if found is not None else Manner()

    def _wait(self) -> None:
        """Between batches. What is done so far is good, so this is a place to break off."""
        self._pause()
        end = self._clock.monotonic() + self._manner.delay
        while (left := end - self._clock.monotonic()) > 0:
            self._clock.sleep(min(left, _BREATH))
            self._pause()

    def _one(self, exchange: Exchange, *, last: bool = False) -> str:
        """Exchange one container; gives the id of the new one. The last one's health is for others to look at."""
        old = self._containers.look(exchange.old.id)
        if old is None:
            return self._alone(exchange)
        name = self._name(exchange)
        self._containers.set_aside(old, name)
        try:
            new = self._made(exchange, old, name)
        except (EngineError, NotDone):
            self._name_back(old, name)
            raise
        self._put_in_place(old, new, name, watched=self._manner.watches(last=last))
        self._containers.remove(old["Id"])
        return new.id

    def _put_in_place(self, old: Mapping[str, Any], new: Made, name: str, *, watched: bool) -> None:
        """Start the new one, stop the old one; the old one is put back where the new one is not well."""
        try:
            if not self._manner.start_first:
                self._containers.stop(old)
            self.begin(new)
            verdict = self._watched(new.id) if watched else Verdict(well=True)
        except NotDone:
            self._back(old, new, name)
            raise
        if not verdict.well and self._manner.on_failure != "continue":
            said = self._containers.last_words(new.id)
            if self._manner.on_failure == "rollback" or self._manner.start_first:
                self._back(old, new, name)
                raise _failed(self._instances.service, name, verdict, said, kept=True)
            raise _failed(self._instances.service, name, verdict, said, kept=False)
        if self._manner.start_first:
            self._containers.stop(old)

    def begin(self, made: Made) -> None:
        """Start a container and run the service's `post_start` hooks in it, unless it ran before. Raises `NotDone`."""
        if not made.ran:
            self.start(made.id)

    def start(self, container: str) -> None:
        """Start a container, even one that ran before, and run the hooks. Raises `NotDone`."""
        service = self._instances.request
        self._containers.start(container, self._instances.service)
        for hook in hooks(service.post_start) if service is not None else ():
            code, said = self._containers.hook(container, hook)
            if code:
                raise _hook_failed(self._instances.service, code, said)

    def _watched(self, new: str) -> Verdict:
        return await_wellness(self._containers, new, self._clock, self._manner.monitor, self._pause)

    def _made(self, exchange: Exchange, old: Mapping[str, Any], name: str) -> Made:
        service = self._instances.request
        if exchange.new is not None:
            found = self._containers.look(exchange.new.id)
            if found is not None:
                return Made(id=found["Id"], ran=bool(found["State"].get("Running")))
        if exchange.back or service is None:
            return self._making.former(old, exchange.number, name)
        return self._making.new(service, exchange.number, old)

    def _alone(self, exchange: Exchange) -> str:
        """What was to be replaced is gone: carried out before, or somebody removed it."""
        there = self._containers.look(self._name(exchange))
        if there is not None and there["State"]["Status"] != "created":
            return str(there["Id"])
        if self._instances.request is None:
            raise NotDone([_gone(exchange.old.name)])
        made = self._making.new(self._instances.request, exchange.number)
        self.begin(made)
        return made.id

    def _back(self, old: Mapping[str, Any], new: Made, name: str) -> None:
        """What ran before runs again, under its name; set aside before we came, it ran when that was done."""
        self.put_back = True
        self._containers.remove(new.id)
        self._name_back(old, name)
        if old["State"].get("Running") or old["Name"].removeprefix("/") != name:
            self._containers.start(old["Id"], self._instances.service)

    def _name_back(self, old: Mapping[str, Any], name: str) -> None:
        found = self._containers.look(old["Id"])
        if found is not None and found["Name"].removeprefix("/") != name:
            self._containers.rename(old["Id"], name)

    def _all_back(self, done: Sequence[tuple[Exchange, str]]) -> None:
        """Exchange those of earlier batches for what they replaced."""
        for exchange, new in done:
            self._one(Exchange(number=exchange.number, old=Named(id=new, name=exchange.old.name), back=True))

    def _name(self, exchange: Exchange) -> str:
        service = self._instances.request
        if service is not None:
            return container_name(service, exchange.number)
        had, short = exchange.old.name, f"{exchange.old.id[:12]}_"
        return had.removeprefix(short)


def _failed(service: str, name: str, verdict: Verdict, said: str, *, kept: bool) -> NotDone:
    message = f"the new {name} is not well: {verdict.why}" + (f"; its last line: {said}" if said else "")
    advice = "what ran before runs again" if kept else f"`intermodal rollback {service}` goes back to what ran before"
    return NotDone([problem("update-failed", message, advice)], 1 if kept else 3)


def _hook_failed(service: str, code: int, said: str) -> NotDone:
    message = f"a post_start hook of service {service} ended with exit code {code}"
    advice = "its last line is not shown, since it may hold secrets; try it with `intermodal exec`" if said else ""
    return NotDone([problem("hook-failed", message, advice)])


def _gone(name: str) -> Any:  # noqa: ANN401 - a diagnostic
    return problem("instance-gone", f"the container {name} was removed meanwhile", "make the plan anew")
