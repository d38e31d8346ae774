"""What a service's spec needs to be there: the networks, configs and secrets it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.platforms.swarm.planning.seen import container

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.platforms.swarm.planning.seen import Raw


@record
class References:
    """Names on the engine."""

    networks: frozenset[str] = frozenset()
    configs: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()


def references(specs: Iterable[Raw], networks: Mapping[str, str]) -> References:
    """Everything that any of the specs names; `networks` are names by id, for specs that name those by id."""
    specs = list(specs)
    targets = (target for spec in specs for target in _targets(spec))
    return References(
        networks=frozenset(networks.get(target, target) for target in targets),
        configs=frozenset(one["ConfigName"] for spec in specs for one in container(spec).get("Configs") or ()),
        secrets=frozenset(one["SecretName"] for spec in specs for one in container(spec).get("Secrets") or ()),
    )


def volumes(spec: Raw) -> list[str]:
    """The named volumes that a service's instances mount."""
    mounts = container(spec).get("Mounts") or ()
    return [mount["Source"] for mount in mounts if mount.get("Type") == "volume" and mount.get("Source")]


def _targets(spec: Raw) -> list[str]:
    """Networks stand in the task's template; before API 1.25 they stood in the service itself."""
    said = (spec.get("TaskTemplate") or {}).get("Networks") or spec.get("Networks") or ()
    return [one["Target"] for one in said]
