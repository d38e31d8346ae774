"""The lines of all instances in the order of time, and what comes after, across restarts and new instances.

Belongs here: several logs side by side. Does not: one container's log (`clients.docker.logs`).
"""

from __future__ import annotations

from functools import partial
from heapq import merge
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.clients.docker.events import events
from intermodal.clients.docker.logs import Once, read
from intermodal.kit.moments import seconds
from intermodal.kit.records import record
from intermodal.kit.threads import Crew, gather
from intermodal.model.changes import NotDone
from intermodal.model.running import LogLine
from intermodal.platforms.compose.planning.wording import unknown_service
from intermodal.platforms.compose.seen import ONEOFF, PROJECT, SERVICE, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.engine import Engine
    from intermodal.clients.docker.logs import Line
    from intermodal.clients.docker.streams import Streamed
    from intermodal.model.platform import LogWishes

_MANY = 10_000
"""Following takes a thread for each container."""
_UNREADABLE = (404, 409, 501)
"""A container that went meanwhile, one that is going, one whose logging driver keeps nothing to read."""


@record
class Source:
    """A container whose lines are wanted; `started` is when its present life began, seconds since 1970."""

    id: str
    name: str
    service: str
    tty: bool = False
    started: float = 0.0


def lines(engine: Engine, application: str, wishes: LogWishes) -> Iterator[LogLine]:
    """Lines as wished. Raises `NotDone` for services that are not there, `EngineError`, `Unreachable`."""
    news = events(engine, filters=_own(application)) if wishes.follow else None
    try:
        sources = _sources(engine, application, wishes)
        shown = Once()
        for source, line in _history(engine, sources, wishes):
            shown.note(line, source.id)
            yield _told(source, line)
        if news is not None:
            yield from _Following(engine, wishes, shown, news).run(sources)
    finally:
        if news is not None:
            news.close()


def _sources(engine: Engine, application: str, wishes: LogWishes) -> list[Source]:
    query = {"all": True, "filters": {"label": [f"{PROJECT}={application}"]}}
    found = seen(application, engine.call("GET", "/containers/json", query=query)).instances
    there = {one.service for one in found}
    unknown = [unknown_service(name, sorted(there)) for name in wishes.services if name not in there]
    if unknown:
        raise NotDone(unknown)
    chosen = [one for one in found if one.number and (not wishes.services or one.service in wishes.services)]
    ran = [one for one in chosen if one.state != "created"]
    looked = gather([partial(_source, engine, one.id) for one in ran])
    return [source for source in looked if source]


def _source(engine: Engine, container: str) -> Source | None:
    try:
        found = engine.call("GET", f"/containers/{container}/json")
    except EngineError as error:
        if error.status != 404:
            raise
        return None
    config = found["Config"]
    labels = config.get("Labels") or {}
    name = found["Name"].removeprefix("/")
    started = seconds(str(found["State"].get("StartedAt") or "")) or 0.0
    return Source(
        id=container, name=name, service=labels.get(SERVICE, ""), tty=bool(config.get("Tty")), started=started
    )


def _history(engine: Engine, sources: list[Source], wishes: LogWishes) -> Iterator[tuple[Source, Line]]:
    """What was written until now, oldest first."""
    logs = [_past(engine, source, wishes) for source in sources]
    return merge(*logs, key=lambda pair: pair[1].nanoseconds)


def _past(engine: Engine, source: Source, wishes: LogWishes) -> Iterator[tuple[Source, Line]]:
    try:
        for line in _read(engine, source, wishes):
            yield source, line
    except EngineError as error:
        if error.status not in _UNREADABLE:
            raise


def _read(engine: Engine, source: Source, wishes: LogWishes, **more: Any) -> Streamed[Line]:  # noqa: ANN401 - as `read`
    said = {"tail": wishes.tail, "since": wishes.since, "until": wishes.until, **more}
    return read(engine, f"/containers/{source.id}/logs", tty=source.tty, **said)


def _told(source: Source, line: Line) -> LogLine:
    return LogLine(
        service=source.service, instance=source.name, node="", stream=line.stream, time=line.time, text=line.text
    )


def _own(application: str) -> dict[str, list[str]]:
    return {"label": [f"{PROJECT}={application}"], "type": ["container"], "event": ["start", "destroy"]}


class _Following:
    """Reads every container on a thread of its own, and begins anew with one that starts; ends when none is left."""

    def __init__(self, engine: Engine, wishes: LogWishes, shown: Once, news: Streamed[dict[str, Any]]) -> None:
        self._engine = engine
        self._wishes = wishes
        self._shown = shown
        self._news = news
        self._crew: Crew[str] = Crew(_MANY)
        self._streams: dict[str, Streamed[Line]] = {}
        self._again: dict[str, float] = {}
        self._reading: set[str] = set()
        self._lock = Lock()
        self._alive: set[str] = set()
        self._queue: SimpleQueue[LogLine | dict[str, Any] | BaseException | None] = SimpleQueue()

    def run(self, sources: list[Source]) -> Iterator[LogLine]:
        """Lines as they come."""
        try:
            self._crew.start("news", self._listen)
            for source in sources:
                self._follow(source, None)
            while (got := self._queue.get()) is not None:
                if isinstance(got, BaseException):
                    raise got
                if isinstance(got, LogLine):
                    yield got
                else:
                    self._hear(got)
        finally:
            for stream in list(self._streams.values()):
                stream.close()

    def _hear(self, news: dict[str, Any]) -> None:
        container = news["Actor"]["ID"]
        if news["Action"] == "destroy":
            self._alive.discard(container)
            if not self._alive:
                self._queue.put(None)
            return
        attributes = news["Actor"].get("Attributes") or {}
        wanted = not self._wishes.services or attributes.get(SERVICE) in self._wishes.services
        one_off = attributes.get(ONEOFF, "").lower() == "true"
        source = _source(self._engine, container) if wanted and not one_off else None
        if source is not None:
            # What it wrote first may bear a time just before the one the engine notes for its start.
            self._follow(source, source.started - 1.0)

    def _follow(self, source: Source, started: float | None) -> None:
        """Read a container's lines; one whose former life is still being read is read anew after that."""
        self._alive.add(source.id)
        with self._lock:
            if source.id in self._reading:
                self._again[source.id] = started or 0.0
                return
            self._reading.add(source.id)
        self._crew.start(source.id, partial(self._read_on, source, started))

    def _read_on(self, source: Source, started: float | None) -> None:
        while True:
            try:
                self._read(source, started)
            except EngineError as error:
                if error.status not in _UNREADABLE:
                    self._queue.put(error)
            except Unreachable as error:
                self._queue.put(error)
            with self._lock:
                started = self._again.pop(source.id, None)
                if started is None:
                    self._reading.discard(source.id)
                    self._streams.pop(source.id, None)
                    return

    def _read(self, source: Source, started: float | None) -> None:
        """The lines after the last one that was shown; of a container that has just started, all since then."""
        since: dict[str, Any] = {} if started is None else {"since": started, "tail": None}
        if newest := self._shown.newest(source.id):
            since = {"since": newest, "tail": None}
        stream = self._streams[source.id] = _read(self._engine, source, self._wishes, follow=True, **since)
        for line in stream:
            if self._shown.new(line, source.id):
                self._queue.put(_told(source, line))

    def _listen(self) -> None:
        try:
            for news in self._news:
                self._queue.put(news)
        except (EngineError, Unreachable) as error:
            self._queue.put(error)
        self._queue.put(None)
