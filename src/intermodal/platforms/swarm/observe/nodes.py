"""Nodes of a Swarm: answers of GET /nodes -> `Node`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.running import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BILLION = 1_000_000_000


def nodes(raw: Iterable[Mapping[str, Any]]) -> tuple[Node, ...]:
    """The nodes, managers first, then by name."""
    made = map(_node, raw)
    return tuple(sorted(made, key=lambda node: (node.role != "manager", node.name)))


def names(raw: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Host names by the nodes' ids."""
    return {one["ID"]: (one.get("Description") or {}).get("Hostname") or one["ID"] for one in raw}


def lost(raw: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The ids of nodes that are down: what is said to run there does not."""
    return frozenset(one["ID"] for one in raw if (one.get("Status") or {}).get("State") == "down")


def _node(raw: Mapping[str, Any]) -> Node:
    spec, said, status = (raw.get(key) or {} for key in ("Spec", "Description", "Status"))
    manager = raw.get("ManagerStatus") or {}
    resources = said.get("Resources") or {}
    cpus = resources.get("NanoCPUs")
    return Node(
        id=raw["ID"],
        name=said.get("Hostname") or spec.get("Name") or raw["ID"],
        role=spec.get("Role", "worker"),
        state=status.get("State", "unknown"),
        availability=spec.get("Availability", "active"),
        leader=bool(manager.get("Leader")),
        address=_address(status.get("Addr", ""), manager.get("Addr", "")),
        engine=(said.get("Engine") or {}).get("EngineVersion", ""),
        cpus=None if cpus is None else cpus / _BILLION,
        memory=resources.get("MemoryBytes"),
        labels=dict(spec.get("Labels") or {}),
    )


def _address(own: str, managing: str) -> str:
    """A leader may say 0.0.0.0 or 127.0.0.1 of itself; where it manages it says what the others reach."""
    useless = own in {"", "127.0.0.1", "0.0.0.0"}  # noqa: S104 - compared with, not bound to
    return managing.rpartition(":")[0] if useless and managing else own
