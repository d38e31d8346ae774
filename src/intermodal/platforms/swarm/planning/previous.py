"""What a service was before its last `up`: kept in a label, since Swarm's own memory does not survive scaling.

Swarm remembers one former spec, and every scale, restart or change of a label puts the one that runs in its place. The
label holds the spec of the former revision, packed; a spec is seen by whoever may see its service, packed or not.
"""

from __future__ import annotations

from base64 import b85decode, b85encode
from json import dumps, loads
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress, error

from intermodal.model.labels import PREVIOUS, REVISION
from intermodal.platforms.swarm.planning.seen import is_paused, labels, with_force, with_replicas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.swarm.planning.seen import Raw


def packed(spec: Raw) -> str:
    """A spec as the text of a label, without the one it carries itself."""
    return b85encode(compress(dumps(_without(spec), separators=(",", ":"), sort_keys=True).encode(), 9)).decode()


def unpacked(label: str) -> dict[str, Any] | None:
    """The spec in a label; None where there is none, or somebody wrote over it."""
    try:
        found: dict[str, Any] = loads(decompress(b85decode(label)))
    except (ValueError, error):
        return None
    return found if isinstance(found, dict) and found else None


def remembered(raw: Raw, *, changed: bool) -> str:
    """The label for a service that is about to change: the spec that runs, or what it remembers already.

    An update that stopped half way is nothing to go back to, so the one before it stays remembered.
    """
    kept = labels(raw).get(PREVIOUS, "")
    if not changed or (kept and is_paused(raw)):
        return kept
    return packed(raw["Spec"])


def before(raw: Raw) -> dict[str, Any] | None:
    """The spec a rollback of the service goes back to, None where there is none.

    Swarm's own memory counts where it differs in more than the number of instances; else the label does. What Swarm
    rolled back by itself is not rolled back further.
    """
    if (raw.get("UpdateStatus") or {}).get("State", "").startswith("rollback") and not raw.get("PreviousSpec"):
        return None
    now = essence(raw["Spec"])
    remembered_ = (raw.get("PreviousSpec"), unpacked(labels(raw).get(PREVIOUS, "")))
    return next((dict(spec) for spec in remembered_ if spec and essence(spec) != now), None)


def formers(raw: Raw) -> list[dict[str, Any]]:
    """Every spec a rollback of the service might go back to."""
    found = (raw.get("PreviousSpec"), unpacked(labels(raw).get(PREVIOUS, "")))
    return [dict(spec) for spec in found if spec]


def will_remember(raw: Raw, wanted: Raw) -> list[dict[str, Any]]:
    """Every spec a rollback might go back to once the service has been updated to the wanted spec."""
    kept = unpacked(labels(raw).get(PREVIOUS, ""))
    renewed = labels(raw).get(REVISION) != (wanted.get("Labels") or {}).get(REVISION)
    stays = kept if kept and (is_paused(raw) or not renewed) else None
    return [spec for spec in (dict(raw["Spec"]), stays) if spec]


def essence(spec: Raw) -> Mapping[str, Any]:
    """A spec without what scaling, restarting and our own memory change."""
    return with_force(with_replicas(_without(spec), 1), 0)


def _without(spec: Raw) -> dict[str, Any]:
    kept = {key: value for key, value in (spec.get("Labels") or {}).items() if key != PREVIOUS}
    return {**spec, "Labels": kept}
