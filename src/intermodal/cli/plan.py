"""`intermodal plan`: what `up` would do, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Plan(Command):
    examples = """\
  intermodal plan
  intermodal plan -f compose.yaml -f compose.prod.yaml --platform swarm -v
  intermodal plan --json | jq '.changes[] | select(.action != "keep") | .key'
"""


@click.command("plan", cls=_Plan)
@options.engine
@options.services
@options.wishes
@options.losses
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.talk
def command(console: Console, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Print what `up` would do and why; change nothing.

    Each change stands with its reasons and the fields behind them; what stays is counted, and listed with -v.
    """
    from intermodal.cli import planning, rolling  # noqa: PLC0415 - `--help` does without them

    planned = planning.plan(console, chosen)
    return planned if isinstance(planned, int) else rolling.show(console, planned[1])
