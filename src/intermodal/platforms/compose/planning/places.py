"""What is to be done to the containers of one service so that there are as many as wanted, each as wanted.

A number is a place: an instance is exchanged for another in the same place, and whatever an interrupted exchange left
there is recognised by its number.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.platforms.compose.planning.counting import noted_replicas
from intermodal.platforms.compose.planning.instructions import (
    Exchange,
    Forget,
    Make,
    Named,
    Remember,
    Remove,
    Start,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from intermodal.platforms.compose.planning.instructions import Operation
    from intermodal.platforms.compose.seen import SeenContainer

_NEVER_RAN = frozenset({"created", "dead", "removing"})
_STANDS = frozenset({"exited", "paused"})


@record
class Aim:
    """What the containers of a service are to become.

    `name` gives the name of each number; `stale` why a container must be made anew; `rests` whether one that ended
    well stays so. `noted` is the number of instances the file asks for, as its label says it.
    """

    replicas: int
    noted: str
    name: Callable[[int], str]
    stale: Callable[[SeenContainer], tuple[str, ...]]
    rests: bool = False


@record
class Outcome:
    """The operations, why they are needed, and the containers that go on as they are."""

    operations: tuple[Operation, ...] = ()
    reasons: tuple[str, ...] = ()
    kept: tuple[SeenContainer, ...] = ()


def arrange(there: Iterable[SeenContainer], aim: Aim) -> Outcome:
    """What makes the containers that are there into what is aimed at."""
    groups = _groups(there)
    rows = groups.pop(0, ())
    staying = sorted(groups)[: aim.replicas]
    outcomes = [_place(number, groups[number], aim) for number in staying]
    outcomes += [Outcome(operations=(Make(number=number),)) for number in _free(staying, aim.replicas)]
    outcomes += [_surplus(groups[number]) for number in sorted(groups) if number not in staying]
    counted = _counted(len(groups), aim.replicas)
    outcomes.append(_memory(rows, tuple(one for outcome in outcomes for one in outcome.kept), outcomes, aim))
    return Outcome(
        operations=tuple(operation for outcome in outcomes for operation in outcome.operations),
        reasons=tuple(dict.fromkeys((*counted, *(reason for outcome in outcomes for reason in outcome.reasons)))),
        kept=tuple(one for outcome in outcomes for one in outcome.kept),
    )


def named(one: SeenContainer) -> Named:
    """A container as operations name it."""
    return Named(id=one.id, name=one.name)


def removal(one: SeenContainer, *, data: bool = False) -> Remove:
    """Stop and remove a container; `data` takes its anonymous volumes as well."""
    return Remove(container=named(one), volumes=one.anonymous if data else ())


def _groups(there: Iterable[SeenContainer]) -> dict[int, tuple[SeenContainer, ...]]:
    found: dict[int, list[SeenContainer]] = {}
    for one in there:
        found.setdefault(one.number, []).append(one)
    return {number: tuple(ones) for number, ones in found.items()}


def _free(taken: Iterable[int], wanted: int) -> Iterable[int]:
    held = set(taken)
    unused = (number for number in count(1) if number not in held)
    return (next(unused) for _ in range(wanted - len(held)))


def _counted(live: int, wanted: int) -> tuple[str, ...]:
    if not live or live == wanted:
        return ()
    return (f"{wanted} {'instance' if wanted == 1 else 'instances'} instead of {live}",)


def _surplus(ones: tuple[SeenContainer, ...]) -> Outcome:
    return Outcome(operations=tuple(removal(one) for one in ones))


def _place(number: int, ones: tuple[SeenContainer, ...], aim: Aim) -> Outcome:
    """One place: at most one of its containers stays, best one that is as wanted, then the one with the right name."""
    final = aim.name(number)
    halves = tuple(Forget(container=named(one)) for one in ones if one.state in _NEVER_RAN)
    ran = [one for one in ones if one.state not in _NEVER_RAN]
    begun = ("an earlier change was interrupted",) if len(ones) > 1 or halves else ()
    if not ran:
        return Outcome(operations=(*halves, Make(number=number)), reasons=begun)
    reasons = {one.id: aim.stale(one) for one in ran}
    ran.sort(key=lambda one: (not reasons[one.id], one.name == final, one.created), reverse=True)
    best, *others = ran
    rest = tuple(removal(one) for one in others)
    if reasons[best.id]:
        exchange = Exchange(number=number, old=named(best))
        return Outcome(operations=(*halves, *rest, exchange), reasons=(*reasons[best.id], *begun))
    if best.name == final and others and others[0].aside:
        left = Exchange(number=number, old=named(others[0]), new=named(best))
        return Outcome(operations=(*halves, *rest[1:], left), reasons=begun, kept=(best,))
    start = _started(best, final, aim)
    # Without another that has its name, what runs goes on while the rest is cleared away.
    ordered: tuple[Operation, ...] = (*rest, *start) if best.name != final else (*start, *rest)
    stopped = (f"{best.name} is {best.state}",) if start and best.state in _STANDS else ()
    return Outcome(operations=(*halves, *ordered), reasons=(*stopped, *begun), kept=(best,))


def _started(one: SeenContainer, final: str, aim: Aim) -> tuple[Operation, ...]:
    well = one.state not in _STANDS or (aim.rests and one.exit_code == 0)
    if well and one.name == final:
        return ()
    return (Start(container=named(one), name=final),)


def _memory(
    rows: tuple[SeenContainer, ...], kept: tuple[SeenContainer, ...], outcomes: list[Outcome], aim: Aim
) -> Outcome:
    """Whether a container that never runs must remember the file's number, since no other one can."""
    new = any(isinstance(operation, (Make, Exchange)) for outcome in outcomes for operation in outcome.operations)
    noted = noted_replicas(kept)
    known = new or noted in ("", aim.noted) if aim.replicas else aim.noted == "0"
    good = [one for one in rows if one.replicas == aim.noted and not known]
    forgotten = tuple(Forget(container=named(one)) for one in rows if one not in good[:1])
    if known or good:
        return Outcome(operations=forgotten)
    return Outcome(operations=(*forgotten, Remember()), reasons=("the file asks for another number of instances",))


def by_service(there: Iterable[SeenContainer]) -> Mapping[str, tuple[SeenContainer, ...]]:
    """Containers by the name of their service, in order."""
    found: dict[str, list[SeenContainer]] = {}
    for one in there:
        found.setdefault(one.service, []).append(one)
    return {name: tuple(ones) for name, ones in found.items()}
