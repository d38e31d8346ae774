"""Which services are active: the Compose Specification, profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar, Sequence, with_items

if TYPE_CHECKING:
    from collections.abc import Collection

    from intermodal.kit.diagnostics import Findings
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


def warn_if_idle(tree: Mapping, inactive: dict[str, Node], findings: Findings) -> None:
    """Warn of an application of which nothing runs, because all its services belong to profiles not asked for."""
    services = tree.items.get("services")
    if not inactive or not isinstance(services, Mapping) or services.items:
        return
    named = sorted({str(item.value) for service in inactive.values() for item in _profiles(service)})
    findings.warning(
        "no-active-service",
        "every service belongs to a profile, and none of those is active: nothing is left of the application",
        services.place,
        help=f"activate some with --profile; there are {', '.join(named)}",
    )


def _profiles(service: Node) -> list[Scalar]:
    named = service.items.get("profiles") if isinstance(service, Mapping) else None
    return [item for item in named.items if isinstance(item, Scalar)] if isinstance(named, Sequence) else []


def _belongs(service: Node, profiles: Collection[str]) -> bool:
    named = _profiles(service)
    return not named or any(item.value in profiles for item in named)
