"""What instances wrote, on whatever node they are or were: services' logs of the engine, side by side, in order.

Lines of several instances are put in the order of their times: all of them, or, while following, those that came
within a tenth of a second.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.clients.docker.logs import Once, read
from intermodal.kit.threads import Crew, gather
from intermodal.model.changes import NotDone
from intermodal.model.running import LogLine
from intermodal.platforms.swarm.operating.names import InstanceNames
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning.seen import container, name, short
from intermodal.platforms.swarm.refusals import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.engine import Engine
    from intermodal.clients.docker.logs import Line
    from intermodal.clients.docker.streams import Streamed
    from intermodal.kit.clock import Clock
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.platform import LogWishes
    from intermodal.platforms.swarm.planning.seen import Raw, Seen

_TOGETHER = 0.1
"""Seconds within which lines are put in order while following."""
_LOOK = 0.5
_PAUSE = 1.0
_PATIENCE = 30.0
"""Seconds an engine may stay away while its logs are followed."""
_TASK = "com.docker.swarm.task.id"


class Logs:
    """The logs of services of one stack."""

    def __init__(self, client: Engine, clock: Clock, stack: str, seen: Seen) -> None:
        self._client = client
        self._clock = clock
        self._stack = stack
        self._names = InstanceNames(client, stack, seen)

    def read(self, services: list[Raw], wishes: LogWishes) -> Iterator[LogLine]:
        """The lines there are, then those that come if wanted. Raises `NotDone`."""
        return self._follow(services, wishes) if wishes.follow else self._all(services, wishes)

    def _all(self, services: list[Raw], wishes: LogWishes) -> Iterator[LogLine]:
        with told(self._client):
            answers = gather([lambda raw=raw: self._whole(raw, wishes) for raw in services])  # type: ignore[misc]
        found = [(line.nanoseconds, self._line(raw, line)) for raw, (lines, _) in zip(services, answers, strict=True)
                 for line in lines]  # fmt: skip
        yield from (line for _, line in sorted(found, key=lambda pair: pair[0]))
        lacking = [said for _, said in answers if said]
        if lacking:
            raise NotDone([_incomplete(lacking[0])])

    def _whole(self, raw: Raw, wishes: LogWishes) -> tuple[list[Line], str]:
        """Every line of one service, and why some could not be had."""
        found: list[Line] = []
        try:
            found.extend(self._open(raw, wishes, follow=False, since=wishes.since, tail=wishes.tail))
        except EngineError as error:
            if error.status == 404:
                return found, ""
            if "incomplete log stream" not in error.message:
                raise
            return found, error.message
        return found, ""

    def _open(
        self, raw: Raw, wishes: LogWishes, *, follow: bool, since: float | str | None, tail: int | None
    ) -> Streamed[Line]:
        return read(
            self._client,
            f"/services/{raw['ID']}/logs",
            tty=bool(container(raw["Spec"]).get("TTY")),
            follow=follow,
            tail=tail,
            since=since,
            until=wishes.until,
            details=True,
        )

    def _line(self, raw: Raw, line: Line) -> LogLine:
        instance, node = self._names.of(line.details.get(_TASK, ""))
        return LogLine(
            service=short(name(raw), self._stack),
            instance=instance or name(raw),
            node=node,
            stream=line.stream,
            time=line.time,
            text=line.text,
        )

    def _follow(self, services: list[Raw], wishes: LogWishes) -> Iterator[LogLine]:
        followers = [_Follower(self, raw, wishes) for raw in services]
        crew: Crew[str] = Crew(max(1, len(followers)))
        came: SimpleQueue[tuple[int, Raw, Line]] = SimpleQueue()
        for one in followers:
            crew.start(one.service, lambda one=one: one.run(self._clock, came))  # type: ignore[misc]
        try:
            while True:
                batch = self._batch(came, wishes)
                yield from (self._line(raw, line) for _, raw, line in sorted(batch, key=lambda one: one[0]))
                if not batch and self._over(crew, wishes):
                    return
        finally:
            for one in followers:
                one.close()

    def _batch(self, came: SimpleQueue[tuple[int, Raw, Line]], wishes: LogWishes) -> list[tuple[int, Raw, Line]]:
        """Lines that came close together, none after a while without."""
        found: list[tuple[int, Raw, Line]] = []
        until = self._clock.monotonic() + _LOOK
        while (left := until - self._clock.monotonic()) > 0:
            try:
                found.append(came.get(timeout=left))
            except Empty:
                break
            if len(found) == 1:
                until = min(until, self._clock.monotonic() + _TOGETHER)
        return [one for one in found if wishes.until is None or one[2].time <= wishes.until]

    def _over(self, crew: Crew[str], wishes: LogWishes) -> bool:
        if wishes.until is not None and self._clock.now() > wishes.until:
            return True
        while crew.busy and (ended := crew.next(0.0)) is not None:
            if ended.error is not None:
                with told(self._client):
                    raise ended.error
        return not crew.busy


class _Follower:
    """Follows one service, over interruptions of the connection."""

    def __init__(self, logs: Logs, raw: Raw, wishes: LogWishes) -> None:
        self.service = name(raw)
        self._logs = logs
        self._raw = raw
        self._wishes = wishes
        self._open: Streamed[Line] | None = None
        self._closed = False
        self._shown = Once()
        self._newest = ""

    def run(self, clock: Clock, came: SimpleQueue[tuple[int, Raw, Line]]) -> None:
        """Hand on lines until closed, or until the service is gone. Raises what keeps it from going on."""
        heard = clock.monotonic()
        while not self._closed:
            try:
                for line in self._lines():
                    heard = clock.monotonic()
                    came.put((line.nanoseconds, self._raw, line))
            except EngineError as error:
                if error.status == 404 or "not found" in error.message:
                    return
            except Unreachable:
                if clock.monotonic() - heard > _PATIENCE:
                    raise
            if not self._closed:
                clock.sleep(_PAUSE)

    def close(self) -> None:
        """End it, from any thread."""
        self._closed = True
        if self._open is not None:
            self._open.close()

    def _lines(self) -> Iterator[Line]:
        """The lines that were not handed on before."""
        since: float | str | None = self._newest or self._wishes.since
        tail = None if self._newest else self._wishes.tail
        self._open = self._logs._open(self._raw, self._wishes, follow=True, since=since, tail=tail)  # noqa: SLF001 - its part
        for line in self._open:
            if self._shown.new(line, line.details.get(_TASK, "")):
                self._newest = max(self._newest, line.moment)
                yield line


def _incomplete(said: str) -> Diagnostic:
    return problem(
        "logs-incomplete",
        f"these are not all lines, some nodes did not answer: {said}",
        "`intermodal nodes` says which are down; their lines come back with them",
    )
