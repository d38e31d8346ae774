"""Plans: what is to be done on an engine, as values that can be printed, saved and carried out.

Belongs here: changes, why they are made, and what each must wait for. Does not: how they are found (a platform's
`plan`), how they are carried out (a platform's `operate`), in what order things run (`platforms.rollout`).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.diagnostics import Diagnostic


class Action(Enum):
    """What a change does."""

    KEEP = "keep"
    CREATE = "create"
    UPDATE = "update"
    """In place: instances that need not change go on."""
    REPLACE = "replace"
    """Instances are exchanged for new ones."""
    REMOVE = "remove"


class Kind(Enum):
    """What a change is done to, in the order things come into being."""

    IMAGE = "image"
    NETWORK = "network"
    VOLUME = "volume"
    CONFIG = "config"
    SECRET = "secret"  # noqa: S105 - a word
    SERVICE = "service"


class Condition(Enum):
    """What must be true of an earlier change, or of the service it brings up."""

    DONE = "done"
    STARTED = "started"
    HEALTHY = "healthy"
    COMPLETED = "completed"


@record
class Difference:
    """One field that is not as wanted. `before` and `after` are None where absent, or where a value may be secret.

    `hidden` says that the values are not to be shown.
    """

    field: str
    before: str | None = None
    after: str | None = None
    hidden: bool = False


@record
class Requirement:
    """What a change waits for: the `key` of another, and what must hold. Unless `required`, its failure is no harm."""

    key: str
    condition: Condition = Condition.DONE
    required: bool = True


@record
class Change:
    """One thing to do. `instruction` is the platform's own; nobody else looks into it.

    `name` is what people call the thing ("web"); `reasons` are sentences, `differences` the fields behind them.
    """

    action: Action
    kind: Kind
    name: str
    reasons: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    after: tuple[Requirement, ...] = ()
    instruction: Any = None

    @property
    def key(self) -> str:
        """What other changes call this one: `service/web`."""
        return f"{self.kind.value}/{self.name}"


@record
class Plan:
    """Everything to be done to an application on an engine, things that stay as they are included.

    `waits` are the services to be healthy in the end. `warnings` are shown before anything is done.
    """

    application: str
    platform: str
    changes: tuple[Change, ...] = ()
    waits: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def work(self) -> tuple[Change, ...]:
        """The changes that do something."""
        return tuple(change for change in self.changes if change.action is not Action.KEEP)


class Stage(Enum):
    """How far a change or a service is."""

    BEGUN = "begun"
    MOVED = "moved"
    DONE = "done"
    WAITING = "waiting"
    HEALTHY = "healthy"
    FAILED = "failed"


@record
class Step:
    """One piece of news of a rollout; `done` and `total` count bytes or instances where there is something to count."""

    key: str
    stage: Stage
    text: str = ""
    done: int | None = None
    total: int | None = None


class NotDone(Exception):  # noqa: N818 - named for what became of the operation
    """An operation on an engine came to nothing or stopped half way; carries what to tell, and the exit code.

    1: it failed, nothing is half done; 3: it stopped half way, the same command goes on; 4: not healthy in time.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], code: int = 1) -> None:
        self.diagnostics = tuple(diagnostics)
        self.code = code
        super().__init__("; ".join(found.message for found in self.diagnostics))


class BrokenOff(Exception):  # noqa: N818 - named for what became of the change
    """Nobody waits for a change any longer: raised by the `report` that `carry_out` was handed, which lets it pass.

    So whoever waits inside a change reports now and then, where leaving does no harm.
    """
