"""Which images must be looked for before a plan is made, and what was found.

A service keeps the digest it has while the file names the same image, so that nothing changes when nothing was asked
for: `--pull always` or `pull_policy: always` asks the registry again, as does another name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.changes import Action, Change, Kind
from intermodal.platforms.swarm.planning.instructions import FindImage
from intermodal.platforms.swarm.planning.seen import IMAGE, image, labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.platforms.swarm.planning.seen import Raw
    from intermodal.platforms.swarm.requests import WantedService


@record
class Pin:
    """An image that was found. `name` is what services get, with its digest where a registry told one.

    `platforms` are those it was built for, as the API spells them; `local` says that no registry has it.
    """

    name: str
    platforms: tuple[Mapping[str, str], ...] = ()
    local: bool = False


def to_find(services: Iterable[WantedService], seen: Mapping[str, Raw], pull: str) -> tuple[str, ...]:
    """The images nobody knows the digest of yet, or that are to be asked for anew."""
    wanted = (service for service in services if _asks(service, seen.get(service.full_name), pull))
    return tuple(dict.fromkeys(service.image for service in wanted))


def pin_of(service: WantedService, seen: Raw | None, pins: Mapping[str, Pin]) -> Pin | None:
    """What the service's image becomes; None where the one that runs stays."""
    if service.image in pins:
        return pins[service.image]
    return Pin(name=service.image) if seen is None or not _named_alike(service, seen) else None


def image_changes(pins: Mapping[str, Pin]) -> list[Change]:
    """The images that were looked for, so that a plan shows what they are."""
    return [
        Change(
            action=Action.CREATE if not pin.local else Action.KEEP,
            kind=Kind.IMAGE,
            name=reference,
            reasons=(_found(pin),),
            instruction=FindImage(reference=reference, pinned=pin.name),
        )
        for reference, pin in sorted(pins.items())
    ]


def _found(pin: Pin) -> str:
    if pin.local:
        return "in no registry, but on this node"
    return f"its registry has it as {pin.name.partition('@')[2]}"


def _asks(service: WantedService, seen: Raw | None, pull: str) -> bool:
    policy = pull or service.pull_policy or "missing"
    if policy == "never":
        return False
    return policy == "always" or seen is None or not _named_alike(service, seen)


def _named_alike(service: WantedService, seen: Raw) -> bool:
    written = labels(seen).get(IMAGE) or image(seen["Spec"]).partition("@")[0]
    return written == service.image
