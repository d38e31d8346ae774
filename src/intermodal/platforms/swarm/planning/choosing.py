"""Which services an `up` is about: those named with what they depend on, else all; and wishes that make no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.spelling import did_you_mean
from intermodal.model.changes import NotDone
from intermodal.model.labels import REVISION
from intermodal.platforms.swarm.planning.seen import by_name, labels, lasting, name, short
from intermodal.platforms.swarm.refusals import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.platform import Wishes
    from intermodal.platforms.swarm.planning.seen import Raw, Seen
    from intermodal.platforms.swarm.requests import Wanted, WantedService


def chosen(wanted: Wanted, wishes: Wishes) -> tuple[WantedService, ...]:
    """The services to bring up, in the file's order. Raises `NotDone` for names and numbers that make no sense."""
    every = {one.name: one for one in wanted.services}
    problems = [*unknown((*wishes.services, *wishes.replicas), every), *_numbers(wishes.replicas, every)]
    if problems:
        raise NotDone(problems)
    if not wishes.services:
        return wanted.services
    names = set(wishes.services)
    if not wishes.alone:
        _add_dependencies(names, every)
    return tuple(one for one in wanted.services if one.name in names)


def orphans(wanted: Wanted, there: Mapping[str, Raw]) -> list[Raw]:
    """The services of the stack that the file does not have, active or not."""
    ours = {one.full_name for one in wanted.services}
    return [
        raw
        for raw in there.values()
        if name(raw) not in ours and short(name(raw), wanted.application) not in wanted.inactive
    ]


def strangers(wanted: Wanted, seen: Seen, wishes: Wishes) -> list[Diagnostic]:
    """A diagnostic where the stack is another tool's and has none of the file's services: another application's."""
    there = by_name(lasting(seen.services))
    ours = any(REVISION in labels(raw) for raw in there.values())
    if wishes.adopt or ours or not there or any(one.full_name in there for one in wanted.services):
        return []
    names = ", ".join(short(full, wanted.application) for full in sorted(there))
    return [
        problem(
            "project-elsewhere",
            f"a stack {wanted.application!r} is there already: another tool deployed it, with other services ({names})",
            "choose another name with -p; if it is the same application, --adopt takes it over",
        )
    ]


def unknown(names: Iterable[str], every: Iterable[str]) -> list[Diagnostic]:
    """A diagnostic for each name that is none of a service; one where there are no services at all."""
    known = list(every)
    names = tuple(dict.fromkeys(names))
    if names and not known:
        message = f"there is no service {names[0]!r}: nothing of the application runs here"
        return [problem("application-not-there", message, BEGIN)]
    return [
        problem("service-not-there", f"no service is called {one!r}", did_you_mean(one, known, _listed(known)))
        for one in names
        if one not in known
    ]


def negative(replicas: Mapping[str, int]) -> list[Diagnostic]:
    """A diagnostic for each number that no service can have."""
    return [
        problem("replicas-negative", f"{one} cannot have {number} instances", f"--scale {one}=0 stops all of them")
        for one, number in replicas.items()
        if number < 0
    ]


def one_on_every_node(service: str) -> Diagnostic:
    """A global service cannot be scaled."""
    return problem(
        "global-not-scaled",
        f"{service} is global: it has one instance on every node, and no number of them can be chosen",
        "`deploy: mode: replicated` has a number; node labels and `placement.constraints` choose nodes",
    )


def _numbers(replicas: Mapping[str, int], every: Mapping[str, WantedService]) -> list[Diagnostic]:
    of_nodes = [one_on_every_node(one) for one in replicas if one in every and every[one].replicas is None]
    return [*negative(replicas), *of_nodes]


def _add_dependencies(names: set[str], every: Mapping[str, WantedService]) -> None:
    waiting = list(names)
    while waiting:
        more = [one for one in every[waiting.pop()].depends_on if one in every and one not in names]
        names.update(more)
        waiting += more


def _listed(known: list[str]) -> str:
    return f"services are {', '.join(known)}"


BEGIN = "`intermodal up` starts it; -p names another application"
