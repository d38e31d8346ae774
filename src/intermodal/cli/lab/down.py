"""`intermodal lab down`: a lab removed, whatever state it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.lab import naming
from intermodal.cli.output import DONE

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Down(Command):
    examples = """\
  intermodal lab down
  intermodal lab down --name two
  intermodal lab down --all
"""


@click.command("down", cls=_Down)
@naming.named
@click.option("--all", "everything", is_flag=True, help="Every lab of this machine.")
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
@options.speaks
def command(console: Console, name: str, *, everything: bool) -> int:
    """Remove a lab and everything it made.

    Also one whose making was interrupted, and one that a restart of the machine left only files of.
    """
    from intermodal.kit.clock import SystemClock  # noqa: PLC0415 - `--help` does without it
    from intermodal.lab import lifecycle  # noqa: PLC0415 - as above

    labs, clock = naming.labs(), SystemClock()
    for each in labs.names() if everything else [name]:
        lifecycle.down(labs, each, clock)
        console.say(f"{each} is gone")
    return DONE
