"""`intermodal rollback`: services go back to what they were before their last change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Rollback(Command):
    examples = """\
  intermodal rollback --dry-run
  intermodal rollback web
  intermodal rollback -p shop --platform swarm
"""


@click.command("rollback", cls=_Rollback)
@options.engine
@options.services
@options.rollout
@options.talk
def command(console: Console, services: tuple[str, ...], **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Take services back to what they were before their last change, all of them if none is named.

    How many instances they have stays as it is. The files still say what was taken back: the next `up` would bring it
    again.
    """
    from intermodal.cli import connection, rolling  # noqa: PLC0415 - `--help` does without them

    on = connection.named(console, chosen)
    return rolling.carry_out(console, on, on.engine.rollback(on.application, services), chosen)
