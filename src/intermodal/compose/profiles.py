"""Which services are active: the Compose Specification, profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar, Sequence, with_items

if TYPE_CHECKING:
    from collections.abc import Collection

    from intermodal.kit.nodes import Node

EVERY = "*"


def active(tree: Mapping, profiles: Collection[str]) -> tuple[Mapping, dict[str, Node]]:
    """The tree without the services that belong only to profiles not asked for, and those services by name.

    A service without profiles is always active; the profile `*` makes every service active.
    """
    services = tree.items.get("services")
    if EVERY in profiles or not isinstance(services, Mapping):
        return tree, {}
    inactive = {name: node for name, node in services.items.items() if not _belongs(node, profiles)}
    if not inactive:
        return tree, {}
    kept = {name: node for name, node in services.items.items() if name not in inactive}
    return with_items(tree, tree.items | {"services": with_items(services, kept)}), inactive


def _belongs(service: Node, profiles: Collection[str]) -> bool:
    named = service.items.get("profiles") if isinstance(service, Mapping) else None
    if not isinstance(named, Sequence) or not named.items:
        return True
    return any(isinstance(item, Scalar) and item.value in profiles for item in named.items)
