"""What a change tells the hand that carries it out: everything it needs, nothing it must find out twice.

Every instruction can be carried out again: it says what is to be true afterwards, not what step to take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping


@record
class FindImage:
    """An image that was found: its name as the file has it, and as services will have it."""

    reference: str
    pinned: str


@record
class PutNetwork:
    """A network is to be there; `replaces` is the id of one of that name that must go first, "" for none."""

    name: str
    body: Mapping[str, Any]
    replaces: str = ""


@record
class PutFile:
    """A config or a secret is to be there. `section` is "configs" or "secrets", as in the API's paths."""

    section: str
    name: str
    body: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"PutFile(section={self.section!r}, name={self.name!r})"


@record
class PutService:
    """A service is to be as `spec` says, in which networks, configs and secrets stand by name.

    `replicas` of None keeps the live number; `image` "" keeps the one that runs; `force` is how often it is to have
    been told to start anew, None for as often as it was. `exchange` says that it cannot become this by an update: the
    service of the id `exchange` goes first.
    """

    name: str
    full_name: str
    spec: Mapping[str, Any]
    revision: str
    replicas: int | None = None
    image: str = ""
    platforms: tuple[Mapping[str, Any], ...] = ()
    force: int | None = None
    exchange: str = ""

    def __repr__(self) -> str:
        return f"PutService(full_name={self.full_name!r}, revision={self.revision!r})"


@record
class Scale:
    """A service is to have that many instances."""

    full_name: str
    replicas: int


@record
class Restart:
    """A service is to have been told so often to start its instances anew."""

    full_name: str
    force: int


@record
class GoBack:
    """A service is to be as the former spec says, with the number of instances it has now."""

    full_name: str
    spec: Mapping[str, Any] = NOTHING

    def __repr__(self) -> str:
        return f"GoBack(full_name={self.full_name!r})"


@record
class RemoveService:
    """A service and its instances are to be gone. `grace` is how long an instance may take to stop, seconds."""

    id: str
    full_name: str
    stack: str
    grace: float = 10.0


@record
class Remove:
    """A network, config or secret is to be gone. `section` is as in the API's paths.

    `spare` says that it may stay where somebody else uses it.
    """

    section: str
    id: str
    name: str
    spare: bool = False


@record
class RemoveVolume:
    """A volume is to be gone from a node; `node` "" is the node whose engine was connected to."""

    name: str
    node: str = ""
