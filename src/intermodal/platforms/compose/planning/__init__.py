"""What is to be done so that an engine holds what is wanted: a pure comparison, given as a plan.

Belongs here: the plans of `up`; those that need no file are in `afterwards.py`. Does not: asking the engine, doing it.
"""

from __future__ import annotations

from intermodal.model.changes import NotDone, Plan
from intermodal.platforms.compose.planning.images import images
from intermodal.platforms.compose.planning.orphans import elsewhere, orphans
from intermodal.platforms.compose.planning.services import services
from intermodal.platforms.compose.planning.shared import networks, volumes
from intermodal.platforms.compose.planning.situation import Findings, Situation
from intermodal.platforms.compose.planning.wording import negative, unknown_service

PLATFORM = "compose"

__all__ = ["PLATFORM", "Situation", "plan"]


def plan(situation: Situation, folder: str = "") -> Plan:
    """The plan of `up`; `folder` is the application's. Raises `NotDone` with everything that keeps it from working."""
    findings = Findings()
    _check_names(situation, findings)
    elsewhere(situation, folder, findings)
    shared = (*networks(situation, findings), *volumes(situation, findings))
    earlier = (*images(situation, findings), *shared)
    changes = (*earlier, *services(situation, findings, earlier), *orphans(situation, findings))
    if findings.problems:
        raise NotDone(findings.problems)
    return Plan(
        application=situation.wanted.application,
        platform=PLATFORM,
        changes=changes,
        waits=tuple(service.name for service in situation.chosen),
        warnings=tuple(findings.warnings),
    )


def _check_names(situation: Situation, findings: Findings) -> None:
    """Services and numbers that the user named must be there."""
    known = situation.wanted.services
    for name in dict.fromkeys((*situation.wishes.services, *situation.wishes.replicas)):
        if name not in known:
            findings.problems.append(unknown_service(name, known))
    for name, replicas in situation.wishes.replicas.items():
        if replicas < 0:
            findings.problems.append(negative(name, replicas))
