"""Services that wait for each other in a ring, found in one walk; the whole ring is named."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from intermodal.compose.treewalk import mapping

if TYPE_CHECKING:
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Mapping


_ENOUGH = 20
"""Rings that are told; a file with more needs untangling first."""


def check_rings(services: Mapping | None, findings: Findings) -> None:
    """Record the rings of dependencies, each once."""
    if services is None:
        return
    done: set[str] = set()
    before = len(findings.diagnostics)
    for name in services.items:
        if name not in done and len(findings.diagnostics) - before < _ENOUGH:
            _search(name, services, done, findings)


def _search(start: str, services: Mapping, done: set[str], findings: Findings) -> None:
    """Depth first, without recursion; `trail` is the way from the start to here."""
    trail: dict[str, None] = {start: None}
    waiting = [(start, iter(_targets(services, start)))]
    most = len(findings.diagnostics) + _ENOUGH
    while waiting and len(findings.diagnostics) < most:
        name, targets = waiting[-1]
        target = next(targets, None)
        if target is None:
            waiting.pop()
            del trail[name]
            done.add(name)
        elif target in trail:
            names = [*trail]
            _report([*names[names.index(target) :], target], services, findings)
        elif target not in done and target in services.items:
            trail[target] = None
            waiting.append((target, iter(_targets(services, target))))


def _targets(services: Mapping, name: str) -> list[str]:
    found = mapping(services, name, "depends_on")
    return [*found.items] if found is not None else []


def _report(ring: list[str], services: Mapping, findings: Findings) -> None:
    places = [
        (depends.keys[target].place, f"{name} waits for {target}")
        for name, target in pairwise(ring)
        if (depends := mapping(services, name, "depends_on")) is not None
    ]
    findings.error(
        "dependency-cycle",
        f"services wait for each other in a ring: {' -> '.join(ring)}",
        places[0][0],
        help="remove one of these dependencies",
        secondary=tuple(places[1:]),
    )
