"""The objects `up` would send, for people and machines to read; contents of secrets are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.platform import Document, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.swarm.requests import Wanted

_HIDDEN = "(not shown)"


def shaped(wanted: Wanted) -> Shape:
    """Networks, configs, secrets and services, in the order they are made."""
    objects = [
        *(Document(stem=f"{one.key}-network", content=one.body) for one in wanted.networks if not one.external),
        *(Document(stem=f"{one.key}-config", content=one.body) for one in wanted.configs if not one.external),
        *(Document(stem=f"{one.key}-secret", content=_veiled(one.body)) for one in wanted.secrets if not one.external),
        *(Document(stem=f"{one.name}-service", content=one.spec) for one in wanted.services),
    ]
    return Shape(objects=tuple(objects), notes=wanted.notes)


def _veiled(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _HIDDEN if key == "Data" else value for key, value in body.items()}
