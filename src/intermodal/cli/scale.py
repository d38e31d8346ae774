"""`intermodal scale`: how many instances services have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Scale(Command):
    examples = """\
  intermodal scale web=5
  intermodal scale web=5 worker=0 -p shop --platform swarm
"""


@click.command("scale", cls=_Scale)
@options.engine
@click.argument("replicas", nargs=-1, required=True, type=options.Replicas(), metavar="SERVICE=NUMBER...")
@options.rollout
@options.talk
def command(console: Console, replicas: tuple[tuple[str, int], ...], **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Give services so many instances, and wait until they are healthy.

    The number stays through later `up`s until the files say another.
    """
    from intermodal.cli import connection, rolling  # noqa: PLC0415 - `--help` does without them

    on = connection.named(console, chosen)
    return rolling.carry_out(console, on, on.engine.scale(on.application, dict(replicas)), chosen)
