"""What is told of a translation: its losses under the heading of their consequence, and the totals in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.cli.output import reported
from intermodal.kit.diagnostics import Severity
from intermodal.kit.drawing import concise, draw
from intermodal.model.ledger import word
from intermodal.model.losses import CONSEQUENCES, dotted, grouped, single, totals
from intermodal.model.support import Consequence, Exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from intermodal.cli.output import Console
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.losses import Loss
    from intermodal.model.support import Entry

_ASIDE = {
    "overridden": "overridden",
    "inactive": "of inactive profiles",
}


def tell(console: Console, entries: Iterable[Entry], losses: Sequence[Loss], warnings: Sequence[Diagnostic]) -> None:
    """Show warnings, every loss that matters, and the totals; verbose shows what is without effect too."""
    shown = _losses(console, losses, warnings)
    console.say("\n" * (shown and console.form == "text") + summary(entries, losses))


def _losses(console: Console, losses: Sequence[Loss], warnings: Sequence[Diagnostic]) -> bool:
    if console.form != "text":
        shown = [loss for loss in losses if loss.severity > Severity.NOTE or console.verbose]
        console.report([*warnings, *(found for loss in shown for found in single(loss))])
        return bool(shown or warnings)
    console.report(warnings)
    blocks = [*_blocks(console, losses), *(_notes(console, losses) if console.verbose else ())]
    console.write("\n" * bool(blocks and warnings and not console.quiet) + "\n\n".join(blocks) + "\n" * bool(blocks))
    return bool(blocks or warnings)


def summary(entries: Iterable[Entry], losses: Iterable[Loss]) -> str:
    """`42 values carried over, 3 approximated, 1 lost (behaviour); 7 without effect here (-v lists them)`."""
    counts = totals(entries)
    carried = counts.get("exact", 0) + counts.get("loading", 0)
    parts = [f"{carried} value{'s' * (carried != 1)} carried over"]
    near = _by_consequence(counts, "approximate")
    lost = _by_consequence(counts, "missing")
    lost_for_nothing = lost.pop(Consequence.NONE, 0)
    parts += [f"{sum(near.values())} approximated{_kinds(near)}"] if near else []
    parts += [f"{sum(lost.values())} lost{_kinds(lost)}"] if lost else []
    accepted = sum(len(loss.entries) for loss in losses if loss.accepted)
    aside = [f"{accepted} accepted by --allow-loss"] if accepted else []
    aside += [f"{counts[fate]} {said}" for fate, said in _ASIDE.items() if fate in counts]
    aside += [f"{lost_for_nothing} without effect here (-v lists them)"] if lost_for_nothing else []
    return "; ".join([", ".join(parts), *([", ".join(aside)] if aside else [])])


def as_data(entries: Sequence[Entry], losses: Sequence[Loss], warnings: Sequence[Diagnostic]) -> dict[str, Any]:
    """Diagnostics, totals and the whole ledger, for JSON."""
    diagnostics = [*warnings, *(found for loss in losses if loss.consequence for found in single(loss))]
    return {**reported(diagnostics), "totals": totals(entries), "ledger": [_entry(entry) for entry in entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    from intermodal.kit.reports import position  # noqa: PLC0415 - only a ledger as JSON needs it

    outcome = entry.outcome
    said: dict[str, Any] = {"path": list(entry.leaf.path), "field": dotted(entry.leaf.path)}
    said |= position(entry.leaf.place) | {"outcome": word(entry)}
    if entry.leaf.other is not None:
        said["overridden_by"] = position(entry.leaf.other)
    if isinstance(outcome, Exact):
        return said | {"how": outcome.how}
    how = {"how": outcome.how} if hasattr(outcome, "how") else {}
    lost = {"code": outcome.code, "consequence": outcome.consequence.name.lower()}
    return said | how | lost | {"why": outcome.why, "advice": outcome.advice}


def _blocks(console: Console, losses: Sequence[Loss]) -> list[str]:
    """Losses that matter: errors with their source lines, warnings with their places only; verbose draws all."""
    least = Severity.ERROR if console.quiet else Severity.WARNING
    blocks = []
    heading = None
    for loss in losses:
        if loss.severity >= least:
            style = console.style(excerpts=console.verbose or loss.severity is Severity.ERROR)
            title = style.paint(f"{CONSEQUENCES[loss.consequence].capitalize()}:", "1;4")
            blocks.append(("" if title == heading else f"{title}\n\n") + draw(grouped(loss), style))
            heading = title
    return blocks


def _notes(console: Console, losses: Sequence[Loss]) -> list[str]:
    notes = [concise(grouped(loss), console.style()) for loss in losses if loss.severity is Severity.NOTE]
    return ["\n".join(notes)] if notes else []


def _by_consequence(counts: Mapping[str, int], fate: str) -> dict[Consequence, int]:
    found = {kind: counts.get(f"{fate}-{kind.name.lower()}", 0) for kind in CONSEQUENCES}
    return {kind: number for kind, number in found.items() if number}


def _kinds(found: Mapping[Consequence, int]) -> str:
    """` (behaviour)` where all are of one kind, ` (2 data, 1 behaviour)` where some matter and not all alike."""
    kinds = {kind.name.lower(): number for kind, number in found.items() if kind is not Consequence.NONE}
    if not kinds:
        return ""
    same = len(found) == 1
    return f" ({', '.join(kinds if same else (f'{number} {name}' for name, number in kinds.items()))})"
