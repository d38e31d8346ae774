"""What happens to an application, as the engine tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.events import events
from intermodal.platforms.compose.observe import event
from intermodal.platforms.compose.seen import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.engine import Engine
    from intermodal.model.running import Event


def happenings(engine: Engine, application: str, since: float | None, until: float | None) -> Iterator[Event]:
    """The application's events, for ever or until then. Commands run inside containers are none."""
    stream = events(engine, filters={"label": [f"{PROJECT}={application}"]}, since=since, until=until)
    try:
        for raw in stream:
            found = event(raw)
            if found is not None:
                yield found
    finally:
        stream.close()
