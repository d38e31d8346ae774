"""What becomes of one service: made, changed, exchanged or left alone, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record
from intermodal.model.changes import Action, Change, Difference, Kind, Requirement
from intermodal.model.labels import REPLICAS, REVISION
from intermodal.platforms.swarm.observe import KEEPS_INSTANCES, differences
from intermodal.platforms.swarm.planning.instructions import PutService
from intermodal.platforms.swarm.planning.pins import pin_of
from intermodal.platforms.swarm.planning.seen import force, image, is_paused, labels, live_replicas, mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.platform import Wishes
    from intermodal.platforms.swarm.planning.pins import Pin
    from intermodal.platforms.swarm.planning.seen import Raw
    from intermodal.platforms.swarm.requests import WantedService

REPLICAS_FIELD = "deploy.replicas"


@record
class Scene:
    """What services are planned with: the wishes, images that were found, names of networks by id, keys of changes."""

    wishes: Wishes
    pins: Mapping[str, Pin] = NOTHING
    networks: Mapping[str, str] = NOTHING
    keys: frozenset[str] = frozenset()


def service_change(wanted: WantedService, seen: Raw | None, scene: Scene) -> Change:
    """The change of one service; `seen` is None where it is not there."""
    if seen is None:
        return _change(Action.CREATE, wanted, scene, _put(wanted, None, scene), ("it is not there yet",))
    if mode(seen["Spec"]) != mode(wanted.spec):
        was, will = mode(seen["Spec"]), mode(wanted.spec)
        reason = f"its mode changes from {was} to {will}, which no update can do: it is removed and made anew"
        return _change(Action.REPLACE, wanted, scene, _put(wanted, seen, scene, exchange=seen["ID"]), (reason,))
    if scene.wishes.recreate == "never":
        return _change(Action.KEEP, wanted, scene, None, ("existing services are left alone, as asked",))
    return _updated(wanted, seen, scene)


def _updated(wanted: WantedService, seen: Raw, scene: Scene) -> Change:
    put = _put(wanted, seen, scene)
    changed = labels(seen).get(REVISION, "") != wanted.revision
    reasons = [*_of_file(seen, changed=changed), *_of_image(seen, put), *_of_engine(wanted, seen)]
    renewed = [*reasons, *(["asked for new instances"] if scene.wishes.recreate == "always" else ())]
    resized = _of_number(wanted, seen, put)
    if not renewed and not resized:
        return _change(Action.KEEP, wanted, scene, None)
    found = [*(_differences(wanted, seen, scene) if changed else ()), *_pinned(seen, put), *_number(seen, put)]
    action = Action.REPLACE if _exchanges(found, put) else Action.UPDATE
    return _change(action, wanted, scene, put, (*renewed, *resized), tuple(found))


def _put(wanted: WantedService, seen: Raw | None, scene: Scene, exchange: str = "") -> PutService:
    pin = pin_of(wanted, seen, scene.pins)
    anew = seen is not None and not exchange and (scene.wishes.recreate == "always" or _stuck(wanted, seen))
    return PutService(
        name=wanted.name,
        full_name=wanted.full_name,
        spec=wanted.spec,
        revision=wanted.revision,
        replicas=replicas(wanted, seen, scene.wishes),
        image=(pin.name if pin else "") or (image(seen["Spec"]) if seen is not None and exchange else ""),
        platforms=pin.platforms if pin else (),
        force=force(seen["Spec"]) + 1 if anew and seen is not None else None,
        exchange=exchange,
    )


def replicas(wanted: WantedService, seen: Raw | None, wishes: Wishes) -> int | None:
    """How many instances the service is to have; None keeps what it has.

    The file's number counts when the service is made and when the file changes; in between, whoever scaled it knew why.
    """
    if wanted.name in wishes.replicas:
        return wishes.replicas[wanted.name]
    if wanted.replicas is None:
        return None
    if seen is None or live_replicas(seen["Spec"]) is None:
        return wanted.replicas
    noted = labels(seen).get(REPLICAS)
    return None if noted is None or noted == str(wanted.replicas) else wanted.replicas


def _of_file(seen: Raw, *, changed: bool) -> list[str]:
    if not changed:
        return []
    if not labels(seen).get(REVISION):
        return ["it was made by something else, and becomes what the file says"]
    return ["the file says something else"]


def _of_image(seen: Raw, put: PutService) -> list[str]:
    before = image(seen["Spec"])
    if not put.image or put.image == before:
        return []
    if put.image.partition("@")[0] == before.partition("@")[0]:
        return ["its registry has another image of that name"]
    return ["it runs another image"]


def _of_engine(wanted: WantedService, seen: Raw) -> list[str]:
    return ["its last update stopped half way: it is tried again"] if _stuck(wanted, seen) else []


def _stuck(wanted: WantedService, seen: Raw) -> bool:
    """Whether an update to this very revision stopped half way.

    Sent again as it is, Swarm would call it completed and stop the instances that are still good: only new instances
    for all make it a new try, which stops like the first when it fails.
    """
    return is_paused(seen) and labels(seen).get(REVISION) == wanted.revision


def _of_number(wanted: WantedService, seen: Raw, put: PutService) -> list[str]:
    live = live_replicas(seen["Spec"])
    if put.replicas is None or live is None:
        return []
    asked = "asked for" if labels(seen).get(REPLICAS) == str(wanted.replicas) else "the file says"
    if put.replicas != live:
        return [f"{asked} {put.replicas} instances, there are {live}"]
    return [] if asked == "asked for" else [f"the file now says {put.replicas}, as it has"]


def _differences(wanted: WantedService, seen: Raw, scene: Scene) -> list[Difference]:
    found = differences(wanted.spec, seen["Spec"], scene.networks)
    return [one for one in found if one.field not in ("image", REPLICAS_FIELD)]


def _pinned(seen: Raw, put: PutService) -> list[Difference]:
    before = image(seen["Spec"])
    return [] if not put.image or put.image == before else [Difference(field="image", before=before, after=put.image)]


def _number(seen: Raw, put: PutService) -> list[Difference]:
    live = live_replicas(seen["Spec"])
    if put.replicas is None or live is None or live == put.replicas:
        return []
    return [Difference(field=REPLICAS_FIELD, before=str(live), after=str(put.replicas))]


def _exchanges(found: list[Difference], put: PutService) -> bool:
    """Whether instances are exchanged for new ones."""
    if put.force is not None:
        return True
    return any(not one.field.startswith(KEEPS_INSTANCES) for one in found)


def _change(
    action: Action,
    wanted: WantedService,
    scene: Scene,
    put: PutService | None,
    reasons: tuple[str, ...] = (),
    found: tuple[Difference, ...] = (),
) -> Change:
    return Change(
        action=action,
        kind=Kind.SERVICE,
        name=wanted.name,
        reasons=reasons,
        differences=found,
        after=_after(wanted, scene),
        instruction=put,
    )


def _after(wanted: WantedService, scene: Scene) -> tuple[Requirement, ...]:
    """What must be there before, and which services must stand first; only what the plan has."""
    objects = [
        *(f"{Kind.NETWORK.value}/{name}" for name in wanted.networks),
        *(f"{Kind.CONFIG.value}/{name}" for name in wanted.configs),
        *(f"{Kind.SECRET.value}/{name}" for name in wanted.secrets),
        f"{Kind.IMAGE.value}/{wanted.image}",
    ]
    services = [
        Requirement(key=f"{Kind.SERVICE.value}/{name}", condition=condition, required=required)
        for name, (condition, required) in wanted.depends_on.items()
    ]
    needs = [*(Requirement(key=key) for key in objects), *services]
    return tuple(need for need in needs if need.key in scene.keys)
