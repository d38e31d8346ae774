"""`intermodal down`: an application is removed; its volumes only when asked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, PROBLEMS, UNUSABLE
from intermodal.kit.visible import visible

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.model.changes import Plan


class _Down(Command):
    examples = """\
  intermodal down
  intermodal down -p shop --platform swarm
  intermodal down --volumes --dry-run
  intermodal down --volumes --yes
"""


@click.command("down", cls=_Down)
@options.engine
@options.services
@click.option("--volumes", is_flag=True, help="Delete the application's volumes too, with the data in them.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before data is deleted.")
@click.option("--remove-orphans", is_flag=True, hidden=True, help="Accepted for habit: all of it is removed.")
@options.rollout
@options.talk
def command(console: Console, services: tuple[str, ...], volumes: bool, yes: bool, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Remove an application: services before what they depend on, then its networks, configs and secrets.

    Volumes stay unless --volumes says otherwise; then the plan is shown and asked about first. Only what belongs to
    the application is removed; what is not there is no error.
    """
    from intermodal.cli import connection, rolling  # noqa: PLC0415 - `--help` does without them

    on = connection.named(console, chosen)
    plan = on.engine.removal(on.application, volumes=volumes, services=services)
    if not (plan.changes or plan.warnings or console.as_json or chosen["dry_run"]):
        console.say(f"nothing of an application called {visible(on.application)} is on this engine")
        return DONE
    if not (yes or chosen["dry_run"]) and _deletes_data(plan):
        refused = _asked(console, plan)
        if refused:
            return refused
    return rolling.carry_out(console, on, plan, chosen)


def _deletes_data(plan: Plan) -> bool:
    return any(change.kind.value == "volume" for change in plan.work)


def _asked(console: Console, plan: Plan) -> int:
    """Show the plan and ask; 0 is a yes."""
    if console.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        console.refuse([_unconfirmed(plan)])
        return UNUSABLE
    from intermodal.cli.plans import drawn  # noqa: PLC0415 - only where somebody is asked

    sys.stderr.write(drawn(plan, console.style()))
    if click.confirm("Delete the volumes and the data in them?", err=True):
        return DONE
    console.say("nothing was removed")
    return PROBLEMS


def _unconfirmed(plan: Plan) -> Diagnostic:
    from intermodal.kit.diagnostics import Diagnostic, Severity  # noqa: PLC0415 - only needed when nobody can be asked

    names = ", ".join(change.name for change in plan.work if change.kind.value == "volume")
    return Diagnostic(
        code="confirmation-needed",
        severity=Severity.ERROR,
        message=f"data would be deleted, and nobody can be asked: volumes {names}",
        help="--yes deletes without asking; --dry-run shows the plan",
    )
