"""Plans as people and programs read them: a line for each change with its reasons and fields, and the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.cli.differences import line
from intermodal.cli.output import SCHEMA, reported
from intermodal.kit.records import as_dict
from intermodal.kit.visible import visible
from intermodal.model.changes import Action, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.kit.drawing import Style
    from intermodal.model.changes import Change, Plan

_SIGNS: Mapping[Action, tuple[str, str]] = {
    Action.KEEP: ("=", "2"),
    Action.CREATE: ("+", "32"),
    Action.UPDATE: ("~", "33"),
    Action.REPLACE: ("±", "33"),
    Action.REMOVE: ("-", "31"),
}
_COUNTED: Mapping[Action, str] = {
    Action.CREATE: "to create",
    Action.UPDATE: "to update",
    Action.REPLACE: "to replace",
    Action.REMOVE: "to remove",
    Action.KEEP: "unchanged",
}


def drawn(plan: Plan, style: Style, *, verbose: bool = False) -> str:
    """The plan as text; what stays is counted, and listed if `verbose`."""
    shown = [change for change in plan.changes if verbose or change.action is not Action.KEEP]
    return "".join(_drawn(change, style) for change in shown) + "\n" * bool(shown) + counted(plan.changes) + "\n"


def counted(changes: Iterable[Change]) -> str:
    """`2 to create, 1 to update; 7 unchanged`."""
    actions = [change.action for change in changes]
    counts = {action: actions.count(action) for action in _COUNTED}
    work = [f"{counts[action]} {_COUNTED[action]}" for action in _COUNTED if counts[action] and action != Action.KEEP]
    kept = [f"{counts[Action.KEEP]} {_COUNTED[Action.KEEP]}"] if counts[Action.KEEP] else []
    return "; ".join([", ".join(work) or "nothing to do", *kept])


def as_data(plan: Plan, diagnostics: Sequence[Diagnostic] = ()) -> dict[str, Any]:
    """The plan for JSON, with what is to be told of it."""
    return {
        "schema": SCHEMA,
        "application": plan.application,
        "platform": plan.platform,
        "changes": [_change(change) for change in plan.changes],
        "waits": list(plan.waits),
        **reported((*diagnostics, *plan.warnings)),
    }


def _drawn(change: Change, style: Style) -> str:
    sign, shade = _SIGNS[change.action]
    verb = _verb(change)
    reasons = [visible(reason) for reason in change.reasons]
    head = f"{verb} {change.kind.value} {visible(change.name)}"
    first = f" ({reasons[0]})" if reasons else ""
    rest = [f"    {reason}\n" for reason in reasons[1:]]
    fields = [f"    {line(one)}\n" for one in change.differences]
    return f"{style.paint(sign, shade)} {head}{first}\n" + "".join((*rest, *fields))


def _verb(change: Change) -> str:
    pulled = change.kind is Kind.IMAGE and change.action is Action.CREATE
    return "pull" if pulled else change.action.value


def change_as_data(change: Change) -> dict[str, Any]:
    """What a change does and why, for JSON."""
    return {
        "action": change.action.value,
        "kind": change.kind.value,
        "name": change.name,
        "reasons": list(change.reasons),
        "differences": [as_dict(one) for one in change.differences],
    }


def _change(change: Change) -> dict[str, Any]:
    return {**change_as_data(change), "key": change.key, "after": [as_dict(need) for need in change.after]}
