"""From what the user said to an engine that answers and is new enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.diagnosis import told, too_old
from intermodal.clients.docker.engine import OLDEST, Engine
from intermodal.clients.docker.find import find

if TYPE_CHECKING:
    from intermodal.model.platform import Target

TIMEOUT = 60.0
"""How long an engine may be silent, seconds."""


def connect(target: Target, timeout: float = TIMEOUT) -> Engine:
    """The engine the target leads to, asked for its version. Raises `NotDone`."""
    engine = Engine(find(target), timeout)
    with told(engine.address):
        if not engine.at_least(*OLDEST):
            raise too_old(engine.version, engine.address)
    return engine
