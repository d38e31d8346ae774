"""What is told at the end of a rollout: what failed and why, what is left, and one line when all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.cli.output import SCHEMA, reported
from intermodal.cli.wordings import seconds
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.kit.records import replace
from intermodal.kit.visible import visible
from intermodal.model.changes import Action, NotDone
from intermodal.model.platform import LogWishes
from intermodal.model.running import Health

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intermodal.cli.connection import Named, Ready
    from intermodal.cli.output import Console
    from intermodal.model.changes import Change, Plan
    from intermodal.model.running import LogLine, Standing
    from intermodal.platforms.rollout import Outcome

GO_ON = "the same command goes on from here"
_LINES = 10
"""So many of its last lines are shown of each instance of a service that is not well."""
_MOST_LOGS = 5
"""Of so many services."""
_MOST_NAMED = 6
_DID = {Action.CREATE: "created", Action.UPDATE: "updated", Action.REPLACE: "replaced", Action.REMOVE: "removed"}


def tell(console: Console, on: Named | Ready, plan: Plan, outcome: Outcome) -> None:
    """Tell it, as text or as a last JSON object."""
    found = diagnostics(outcome, plan)
    logs = _logs(on, plan, outcome)
    if console.as_json:
        console.data(as_data(plan, outcome, (*plan.warnings, *found), logs))
        return
    console.report(found)
    for service, lines in logs.items():
        _show_lines(console, service, lines)
    if outcome.interrupted:
        console.say(f"stopped; {_left(outcome)}{GO_ON}")
    elif not outcome.code:
        console.say(_summary(outcome))


def diagnostics(outcome: Outcome, plan: Plan) -> list[Diagnostic]:
    """What went wrong: changes that failed, services that are not well, what was left undone."""
    found = [told for failure in outcome.failures for told in failure.diagnostics]
    found += [_as_warning(told) for one in outcome.failed if one.optional for told in one.diagnostics]
    found += [*outcome.unseen, *(_unwell(one, outcome) for one in outcome.unwell)]
    found += [_rolled_back(outcome.went_back)] if outcome.went_back else []
    found += diagnostics(outcome.went_back, plan) if outcome.went_back else []
    found += outcome.not_back
    found = list(dict.fromkeys(found))  # Many changes may fail for one cause: a full disk, an engine that is gone.
    return found + ([_half_done(outcome)] if outcome.left and not outcome.interrupted and _worked(outcome) else [])


def as_data(
    plan: Plan, outcome: Outcome, found: Sequence[Diagnostic], logs: Mapping[str, Sequence[LogLine]]
) -> dict[str, Any]:
    """The last JSON object of a rollout."""
    return {
        "schema": SCHEMA,
        "type": "result",
        "application": plan.application,
        "platform": plan.platform,
        "code": outcome.code,
        "seconds": round(outcome.seconds, 3),
        "done": [_key(change) for change in outcome.done],
        "failed": [failure.change.key for failure in outcome.failed],
        "left": [_key(change) for change in outcome.left],
        "services": [_standing(one, logs.get(name, ())) for name, one in outcome.standings.items()],
        "timed_out": outcome.timed_out,
        "interrupted": outcome.interrupted,
        "rolled_back": [change.name for change in outcome.went_back.done] if outcome.went_back else [],
        **reported(found),
    }


def _key(change: Change) -> dict[str, str]:
    return {"key": change.key, "action": change.action.value}


def _standing(one: Standing, lines: Sequence[LogLine]) -> dict[str, Any]:
    said = {"name": one.service, "health": one.health.value, "ready": one.ready, "wanted": one.wanted}
    return {**said, "why": list(one.why), "log": [f"{line.instance}: {line.text}" for line in lines]}


def _unwell(one: Standing, outcome: Outcome) -> Diagnostic:
    why = "; ".join(one.why)
    said = f"{one.service}: {one.ready} of {one.wanted} well" + (f": {why}" if why else "")
    if one.health is Health.FAILED:
        advice = f"`intermodal logs {one.service}` shows all it printed; when the cause is gone, run the command again"
        message = f"{said}; waiting longer will not help"
        return Diagnostic(code="service-failed", severity=Severity.ERROR, message=message, help=advice)
    if outcome.timed_out:
        advice = f"`intermodal logs -f {one.service}` shows what it does; --timeout gives it longer to become healthy"
        message = f"{said}, and the time is up"
        return Diagnostic(code="service-not-healthy", severity=Severity.ERROR, message=message, help=advice)
    return Diagnostic(code="service-not-awaited", severity=Severity.WARNING, message=f"{said} when this ended")


def _rolled_back(back: Outcome) -> Diagnostic:
    names = ", ".join(change.name for change in back.done) or "nothing"
    return Diagnostic(
        code="rolled-back",
        severity=Severity.WARNING,
        message=f"rolled back to what ran before: {names}",
        help="the files still say what failed: correct them before the next `intermodal up`",
    )


def _half_done(outcome: Outcome) -> Diagnostic:
    return Diagnostic(
        code="stopped-half-way",
        severity=Severity.ERROR,
        message=f"{_left(outcome)}nothing that ran was removed for it",
        help="when the cause is gone, run the same command again: it goes on from here",
    )


def _left(outcome: Outcome) -> str:
    keys = [change.key.replace("/", " ", 1) for change in outcome.left if change.action is not Action.KEEP]
    named = ", ".join(keys[:_MOST_NAMED]) + (f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else "")
    return f"not done: {named}; " if keys else ""


def _worked(outcome: Outcome) -> bool:
    return any(change.action is not Action.KEEP for change in outcome.left)


def _as_warning(found: Diagnostic) -> Diagnostic:
    return replace(found, severity=min(found.severity, Severity.WARNING))


def _summary(outcome: Outcome) -> str:
    """`3 created, 1 updated, 5 unchanged; 4 services healthy, 1 complete; 3.4s`."""
    actions = [change.action for change in outcome.done]
    work = [f"{actions.count(action)} {word}" for action, word in _DID.items() if action in actions]
    kept = actions.count(Action.KEEP)
    work += [f"{kept} unchanged"] if kept else []
    healths = [one.health for one in outcome.standings.values()]
    stood = [
        f"{healths.count(health)} service{'s' * (healths.count(health) != 1)} {health.value}"
        for health in (Health.HEALTHY, Health.COMPLETE)
        if health in healths
    ]
    took = seconds(outcome.seconds) if work else ""
    return "; ".join(filter(None, [", ".join(work) or "nothing to do", ", ".join(stood), took]))


def _logs(on: Named | Ready, plan: Plan, outcome: Outcome) -> dict[str, list[LogLine]]:
    """The end of what services printed that are not well; whoever stopped us did not wait for that."""
    if outcome.interrupted:
        return {}
    found = {one.service: _last_lines(on, plan, one) for one in outcome.unwell[:_MOST_LOGS]}
    return {service: lines for service, lines in found.items() if lines is not None}


def _last_lines(on: Named | Ready, plan: Plan, one: Standing) -> list[LogLine] | None:
    """None where the engine cannot tell: it has told worse already."""
    try:
        return list(on.engine.logs(plan.application, LogWishes(services=(one.service,), tail=_LINES)))[-_LINES:]
    except NotDone:
        return None


def _show_lines(console: Console, service: str, lines: Sequence[LogLine]) -> None:
    if not lines:
        console.say(f"\n{visible(service)} printed nothing")
        return
    console.say(f"\nthe last lines of {visible(service)}:")
    for line in lines:
        console.say(f"  {visible(line.instance)} | {visible(line.text)}")
