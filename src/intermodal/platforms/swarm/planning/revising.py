"""The spec a service gets: always made from the one it has, so that what we do not know of it survives.

The merge rule: the parts of a spec that a Compose file can speak of are as the wanted spec has them, so that what a
former revision of the file said and this one does not is gone. All other parts stay as they are, among them the count
of forced updates. The number of instances is the live one unless another was chosen; the digest of an image, and the
platforms it was built for, stay while nobody looked for the image anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.labels import PREVIOUS, REPLICAS, REVISION
from intermodal.platforms.swarm.planning.previous import essence, packed, remembered
from intermodal.platforms.swarm.planning.seen import (
    force,
    image,
    labels,
    live_replicas,
    with_force,
    with_image,
    with_replicas,
)
from intermodal.platforms.swarm.requests import updated

if TYPE_CHECKING:
    from intermodal.platforms.swarm.planning.instructions import PutService
    from intermodal.platforms.swarm.planning.seen import Raw


def made_spec(put: PutService, wanted: Raw) -> dict[str, Any]:
    """The spec of a service that is not there yet; `wanted` has ids where the engine wants them."""
    return with_replicas(with_image(wanted, put.image or image(wanted), put.platforms), put.replicas)


def is_as_wanted(raw: Raw, put: PutService) -> bool:
    """Whether the service is what the instruction says already."""
    wanted, has = put.spec.get("Labels") or {}, labels(raw)
    return (
        all(has.get(label) == wanted.get(label) for label in (REVISION, REPLICAS))
        and put.image in ("", image(raw["Spec"]))
        and put.replicas in (None, live_replicas(raw["Spec"]))
        and (put.force is None or force(raw["Spec"]) >= put.force)
    )


def next_spec(raw: Raw, put: PutService, wanted: Raw) -> Raw:
    """The spec the service gets: the one it has, with what the file says and what it is to remember."""
    had = raw["Spec"]
    replicas = put.replicas if put.replicas is not None else live_replicas(had)
    platforms = put.platforms or tuple((had["TaskTemplate"].get("Placement") or {}).get("Platforms") or ())
    spec = with_image(updated(had, dict(wanted), replicas), put.image or image(had), platforms)
    spec = with_force(with_replicas(spec, replicas), max(force(had), put.force or 0))
    renewed = labels(raw).get(REVISION) != put.revision or image(spec) != image(had)
    return _remembering(spec, remembered(raw, changed=renewed))


def gone_back(raw: Raw, former: Raw) -> dict[str, Any] | None:
    """The spec that was, with the number of instances there is now; None where the service has it already."""
    if essence(raw["Spec"]) == essence(former):
        return None
    spec = with_replicas(former, live_replicas(raw["Spec"]))
    return _remembering(with_force(spec, force(raw["Spec"])), packed(raw["Spec"]))


def _remembering(spec: Raw, label: str) -> dict[str, Any]:
    kept = {key: value for key, value in (spec.get("Labels") or {}).items() if key != PREVIOUS}
    return {**spec, "Labels": {**kept, **({PREVIOUS: label} if label else {})}}
