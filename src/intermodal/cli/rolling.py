"""Carries a plan out with progress, and tells what became of it.

Belongs here: what all commands that change an application share. Does not: their plans (the commands), how the news
are drawn (`progress.py`, `live.py`), the account of the end (`outcomes.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.cli import outcomes, plans
from intermodal.cli.interrupt import stoppable
from intermodal.cli.output import DONE, INTERRUPTED
from intermodal.cli.progress import progress
from intermodal.kit.records import replace
from intermodal.platforms.rollout import roll_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.cli.connection import Named, Ready
    from intermodal.cli.output import Console
    from intermodal.model.changes import Plan


def show(console: Console, plan: Plan) -> int:
    """Print a plan instead of carrying it out."""
    if console.as_json:
        console.data(plans.as_data(plan), indent=2)
        return DONE
    console.report(plan.warnings)
    console.result(plans.drawn(plan, console.style_of_results(), verbose=console.verbose))
    return DONE


def carry_out(
    console: Console,
    on: Named | Ready,
    plan: Plan,
    chosen: Mapping[str, Any],
    go_back: Callable[[str], bool] = lambda _: False,
) -> int:
    """Carry a plan out, or print it if that is all that was asked; returns the exit code."""
    console.as_json = console.as_json or chosen.get("mode") == "json"
    if chosen.get("dry_run"):
        return show(console, plan)
    if chosen.get("no_wait"):
        plan = replace(plan, waits=())
    if not console.as_json:
        console.report(plan.warnings)
    shown = progress(console, plan, on.clock, chosen.get("mode") or "auto")
    try:
        with stoppable(shown.note) as stop:
            outcome = roll_out(
                on.engine,
                plan,
                clock=on.clock,
                report=shown.report,
                timeout=chosen.get("timeout") or None,
                stop=stop,
                go_back=go_back,
            )
    except KeyboardInterrupt:
        shown.note(f"stopped at once; {outcomes.GO_ON}")
        return INTERRUPTED
    finally:
        shown.close()
    outcomes.tell(console, on, plan, outcome)
    return outcome.code


def bring_up(console: Console, ready: Ready, services: tuple[str, ...], *, timeout: float) -> int:
    """Bring up some services with what they depend on, as `up` does; returns the exit code."""
    plan = ready.engine.plan(ready.application, ready.files, replace(ready.wishes, services=services))
    return carry_out(console, ready, plan, {"timeout": timeout})
