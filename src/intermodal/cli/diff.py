"""`intermodal diff`: what `up` would change, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, PROBLEMS, SCHEMA

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.model.changes import Plan


class _Diff(Command):
    examples = """\
  intermodal diff
  intermodal diff -f compose.yaml -f compose.prod.yaml --platform swarm
  intermodal diff --exit-code && echo nothing to do
"""


@click.command("diff", cls=_Diff)
@options.engine
@options.services
@click.option("--exit-code", "telling", is_flag=True, help="End with 1 where anything differs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.talk
def command(console: Console, services: tuple[str, ...], telling: bool, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Show, field by field, what `up` would change; nothing is changed.

    Values of variables, configs and secrets are never shown, only that they changed.
    """
    from intermodal.cli import connection  # noqa: PLC0415 - `--help` does without it

    loaded = connection.loaded(console, {**chosen, "services": services})
    plan = loaded.engine.plan(loaded.application, loaded.files, loaded.wishes)
    if console.as_json:
        _print_json(console, plan)
    else:
        console.result(_drawn(plan))
    return PROBLEMS if telling and plan.work else DONE


def _drawn(plan: Plan) -> str:
    from intermodal.cli.differences import lines  # noqa: PLC0415 - JSON does without it

    if not plan.work:
        return "no difference: `up` would change nothing\n"
    return "".join(
        f"{change.action.value} {change.kind.value} {change.name}\n"
        + (lines(change.differences) or "".join(f"    {reason}\n" for reason in change.reasons))
        for change in plan.work
    )


def _print_json(console: Console, plan: Plan) -> None:
    from intermodal.cli.plans import change_as_data  # noqa: PLC0415 - text does without it

    changes = [change_as_data(change) for change in plan.work]
    console.data({"schema": SCHEMA, "application": plan.application, "platform": plan.platform, "changes": changes})
