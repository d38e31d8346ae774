"""`intermodal up`: an application is brought up or to date, and waited for until it is healthy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.cli.output import Console
    from intermodal.model.application import Application


class _Up(Command):
    examples = """\
  intermodal up
  intermodal up -f compose.yaml --platform swarm
  intermodal up --dry-run
  intermodal up --scale web=3 --timeout 60 --rollback-on-failure
  intermodal up --json | jq 'select(.type == "result")'
"""


@click.command("up", cls=_Up)
@options.engine
@options.services
@options.wishes
@options.losses
@click.option(
    "--rollback-on-failure/--no-rollback-on-failure",
    "go_back",
    default=None,
    help="Roll changed services back that fail; the default where `failure_action: rollback` says so.",
)
@options.rollout
@click.option("-d", "--detach", is_flag=True, hidden=True, help="Accepted for habit: services always run on.")
@options.talk
def command(console: Console, go_back: bool | None, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Bring an application up or to date, and wait until it is healthy.

    What already is as the files say is left alone; a number of instances that somebody chose stays, unless the files'
    changes or --scale says another. Images are there before anything is stopped. Named services are brought up with
    what they depend on.
    """
    from intermodal.cli import planning, rolling  # noqa: PLC0415 - `--help` does without them

    planned = planning.plan(console, chosen)
    if isinstance(planned, int):
        return planned
    ready, plan = planned
    return rolling.carry_out(console, ready, plan, chosen, _going_back(ready.application, go_back))


def _going_back(application: Application, asked: bool | None) -> Callable[[str], bool]:
    if asked is not None:
        return lambda _: asked

    def as_written(name: str) -> bool:
        deploy = application.services[name].deploy if name in application.services else None
        update = deploy.update_config if deploy else None
        return update is not None and update.failure_action == "rollback"

    return as_written
