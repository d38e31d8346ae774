"""What a change tells the hand that carries it out: what is to be done to which container, network, volume or image.

Every instruction can be carried out again after it was interrupted, or done already. Bodies hold values of environments
and secrets, so nothing here prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from intermodal.kit.records import record

if TYPE_CHECKING:
    from intermodal.platforms.compose.requests.records import ServiceRequest, Shared


@record
class Pull:
    """An image is to be fetched; `needed_by` are services."""

    image: str
    platform: str = ""
    needed_by: tuple[str, ...] = ()


@record
class PutNetwork:
    """A network is to be there; `replaces` is the id of one of that name that must go first, "" for none."""

    shared: Shared
    replaces: str = ""


@record
class PutVolume:
    """A volume is to be there."""

    shared: Shared


@record
class RemoveNetwork:
    """A network is to be gone."""

    id: str
    name: str


@record
class RemoveVolume:
    """A volume is to be gone, with its data."""

    name: str


@record
class Named:
    """A container by its id, and the name it had when it was seen."""

    id: str
    name: str


@record
class Make:
    """A new instance. Without a file, `like` is a container to copy, and `noted` how many the file asked for."""

    number: int
    like: Named | None = None
    noted: str = ""


@record
class Exchange:
    """A new instance in place of an old one, whose anonymous volumes it gets.

    `back` makes it of what the old one itself replaced; `new` is the new one where it was made already, and only the
    rest is to be done.
    """

    number: int
    old: Named
    back: bool = False
    new: Named | None = None


@record
class Start:
    """A container is to run that was stopped or paused; `name` is what it is to be called."""

    container: Named
    name: str = ""


@record
class Restart:
    """A container is to be stopped and started."""

    container: Named


@record
class Remove:
    """A container is to be stopped and gone; `data` takes its anonymous volumes with it."""

    container: Named
    volumes: tuple[str, ...] = ()


@record
class Forget:
    """A half-made container that never ran is to be gone."""

    container: Named


@record
class Remember:
    """A container that never starts is to be there: it remembers what no running one can, the number asked for."""

    like: Named | None = None
    noted: str = ""


Operation: TypeAlias = Make | Exchange | Start | Restart | Remove | Forget | Remember


@record
class Instances:
    """What is to be done to the containers of one service, in this order. `request` is None where there is no file.

    `image_id` is its image's, "" where that is not known yet.
    """

    project: str
    service: str
    operations: tuple[Operation, ...]
    request: ServiceRequest | None = None
    image_id: str = ""

    def __repr__(self) -> str:
        return f"Instances({self.project}, {self.service}, {self.operations})"
