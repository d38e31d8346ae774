"""`intermodal restart`: every instance of services starts anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Restart(Command):
    examples = """\
  intermodal restart
  intermodal restart web worker -p shop --platform swarm
"""


@click.command("restart", cls=_Restart)
@options.engine
@options.services
@options.rollout
@options.talk
def command(console: Console, services: tuple[str, ...], **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Start every instance of services anew, all of them if none is named, and wait until they are healthy.

    Nothing else changes: what the files say meanwhile is for `up`.
    """
    from intermodal.cli import connection, rolling  # noqa: PLC0415 - `--help` does without them

    on = connection.named(console, chosen)
    return rolling.carry_out(console, on, on.engine.restart(on.application, services), chosen)
