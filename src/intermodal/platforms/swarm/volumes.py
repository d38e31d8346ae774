"""Top-level volumes. Which node they are on is told where services mount them (`locality.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.swarm.plain import filled

if TYPE_CHECKING:
    from intermodal.model.volumes import Volume
    from intermodal.platforms.swarm.context import Context
    from intermodal.platforms.swarm.plain import Object


def volume(context: Context, key: str, declared: Volume) -> Object:
    """One volume's definition; {} for one that is as Swarm makes them anyway."""
    if declared.external:
        return {"name": declared.name or key, "external": True}
    return filled(
        name="" if declared.name == f"{context.application.name}_{key}" else declared.name,
        driver="" if declared.driver == "local" and not declared.driver_opts else declared.driver,
        driver_opts=dict(declared.driver_opts),
        labels=dict(declared.labels),
    )
