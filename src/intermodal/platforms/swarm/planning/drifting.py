"""What runs but is not what the file says, field by field. What somebody scaled by hand is as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Difference, Kind
from intermodal.platforms.swarm.observe import differences, network_differences
from intermodal.platforms.swarm.planning.choosing import chosen, orphans
from intermodal.platforms.swarm.planning.seen import by_name, lasting, live_replicas, name, network_names, short
from intermodal.platforms.swarm.planning.services import REPLICAS_FIELD, replicas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.platform import Wishes
    from intermodal.platforms.swarm.planning.seen import Raw, Seen
    from intermodal.platforms.swarm.requests import Wanted, WantedService

_FILES = (("configs", Kind.CONFIG), ("secrets", Kind.SECRET))


def drifted(wanted: Wanted, seen: Seen, wishes: Wishes) -> Mapping[str, tuple[Difference, ...]]:
    """The differences by change key; nothing for what is as the file says."""
    there = by_name(lasting(seen.services))
    names = network_names(seen.networks)
    services = chosen(wanted, wishes)
    found = {f"service/{one.name}": _service(one, there.get(one.full_name), wishes, names) for one in services}
    found |= _objects(wanted, seen)
    if not wishes.services:
        for raw in orphans(wanted, there):
            full = name(raw)
            found[f"service/{short(full, wanted.application)}"] = (_absent("service", full, None),)
    return {key: fields for key, fields in found.items() if fields}


def _service(
    wanted: WantedService, seen: Raw | None, wishes: Wishes, networks: Mapping[str, str]
) -> tuple[Difference, ...]:
    if seen is None:
        return (_absent("service", None, wanted.full_name),)
    live, asked = live_replicas(seen["Spec"]), replicas(wanted, seen, wishes)
    found = differences(wanted.spec, seen["Spec"], networks)
    kept = [one for one in found if one.field != REPLICAS_FIELD]
    if asked is not None and live is not None and asked != live:
        kept.append(Difference(field=REPLICAS_FIELD, before=str(live), after=str(asked)))
    return tuple(kept)


def _objects(wanted: Wanted, seen: Seen) -> dict[str, tuple[Difference, ...]]:
    networks = {raw["Name"]: raw for raw in seen.networks if raw.get("Scope") == "swarm"}
    found = {
        f"network/{one.name}": tuple(network_differences(one.body, networks[one.name]))
        if one.name in networks
        else (_absent("network", None, one.name),)
        for one in wanted.networks
        if not one.external
    }
    for section, kind in _FILES:
        there = by_name(getattr(seen, section))
        for file in getattr(wanted, section):
            if file.name not in there:
                found[f"{kind.value}/{file.name}"] = (_absent(kind.value, None, file.name),)
    return found


def _absent(what: str, before: str | None, after: str | None) -> Difference:
    return Difference(field=what, before=before, after=after)
