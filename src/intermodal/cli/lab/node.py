"""`intermodal lab node`: a node of a lab broken on purpose, and mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.lab import naming
from intermodal.cli.output import DONE

if TYPE_CHECKING:
    from intermodal.cli.output import Console

ACTIONS = {
    "stop": "is off",
    "start": "is on and ready",
    "pause": "stands still",
    "resume": "goes on",
    "cut": "is cut off",
    "slow": "is slow",
    "heal": "is whole",
}
"""What can be done to a node, and what is said of it then."""


class _Node(Command):
    examples = """\
  intermodal lab node stop lab-2
  intermodal lab node slow lab-3 --rate 500kbit
  intermodal lab node heal lab-3
"""


@click.command("node", cls=_Node)
@click.argument("action", type=click.Choice(tuple(ACTIONS)))
@click.argument("node")
@naming.named
@click.option("--rate", default="", metavar="RATE", help="For slow: how much passes, 1mbit unless said.")
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
@options.speaks
def command(console: Console, action: str, node: str, name: str, rate: str) -> int:
    """Break a node of a lab, and mend it.

    stop kills the engine and all its containers at once, as a power failure does; start brings the node back with its
    data. pause freezes the node, resume lets it go on. cut pulls its cable, slow lets little pass; heal undoes pause,
    cut and slow.
    """
    from intermodal.lab import faults  # noqa: PLC0415 - `--help` does without it

    if rate and action != "slow":
        raise click.UsageError(f"--rate is for slow, not for {action}")
    lab = naming.found(name)
    if action == "slow":
        faults.slow(lab, node, rate or faults.DEFAULT_RATE)
    else:
        faults.FAULTS[action](lab, node)
    console.say(f"{lab.node(node).name} {ACTIONS[action]}")
    return DONE
