"""What the file no longer has: services whose containers still run, and projects that come from somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.changes import Action, Change, Kind, Requirement
from intermodal.platforms.compose.planning.instructions import Instances
from intermodal.platforms.compose.planning.places import by_service, removal
from intermodal.platforms.compose.planning.wording import caution, listed, problem
from intermodal.platforms.compose.seen import DEPENDS_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.platforms.compose.planning.situation import Findings, Situation
    from intermodal.platforms.compose.seen import SeenContainer


def orphans(situation: Situation, findings: Findings) -> tuple[Change, ...]:
    """The removal of services that the file no longer has, where that was asked for; else a warning.

    A service whose profile is not active is the file's, and goes on if it runs, as with docker compose.
    """
    known = {*situation.wanted.services, *situation.wanted.inactive}
    found = by_service(one for one in situation.seen.instances if one.service not in known)
    if situation.wishes.orphans:
        return removals(situation.seen.project, found, reason="the file no longer has it")
    if found:
        message = f"the project has containers of {listed(list(found))}, but the file has no such service"
        findings.warnings.append(caution("orphaned", message, "--remove-orphans removes what the file no longer has"))
    return ()


def elsewhere(situation: Situation, folder: str, findings: Findings) -> None:
    """Keep off a project of the same name that another tool brought up from another folder; warn where it was ours."""
    there = situation.seen.instances
    folders = {one.folder for one in there if one.folder}
    if not folder or not folders or folder in folders or situation.wishes.adopt:
        return
    if not any(one.revision for one in there):
        findings.problems.append(_of_another(situation.seen.project, listed(sorted(folders)), folder))
    else:
        message = f"the project {situation.seen.project!r} was brought up from {listed(sorted(folders))}, not {folder}"
        findings.warnings.append(
            caution("project-elsewhere", message, "is it the same application? Otherwise choose another name with -p")
        )


def _of_another(project: str, there: str, here: str) -> Diagnostic:
    return problem(
        "project-elsewhere",
        f"a project {project!r} is there already: docker compose brought it up from {there}, and this is {here}",
        "choose another name with -p; if it is the same application, --adopt takes it over",
    )


def removals(
    project: str, found: Mapping[str, tuple[SeenContainer, ...]], reason: str = "", *, data: bool = False
) -> tuple[Change, ...]:
    """The removal of services, each after those that depend on it."""
    needs = {name: needed(ones) for name, ones in found.items()}
    return tuple(
        Change(
            action=Action.REMOVE,
            kind=Kind.SERVICE,
            name=name,
            reasons=(reason,) if reason else (),
            after=tuple(Requirement(key=f"service/{other}", required=False) for other in _dependents(name, needs)),
            instruction=Instances(
                project=project, service=name, operations=tuple(removal(one, data=data) for one in ones)
            ),
        )
        for name, ones in found.items()
    )


def needed(ones: Iterable[SeenContainer]) -> frozenset[str]:
    """The services that a service's containers say they depend on: `db:service_healthy:false,redis:…`."""
    lists = (one.labels.get(DEPENDS_ON, "").split(",") for one in ones)
    return frozenset(text.partition(":")[0] for texts in lists for text in texts if text)


def _dependents(name: str, needs: dict[str, frozenset[str]]) -> list[str]:
    """Who must be gone first; circles of labels, which no file has, are broken."""
    return [
        other for other, names in needs.items() if name in names and other != name and not _reaches(name, other, needs)
    ]


def _reaches(start: str, goal: str, needs: dict[str, frozenset[str]]) -> bool:
    met: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in met:
            met.add(name)
            waiting += needs.get(name, ())
    return False
