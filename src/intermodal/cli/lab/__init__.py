"""`intermodal lab`: throw-away clusters of real engines on this machine. Each of its commands has a file here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from intermodal.cli.commands import Commands

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBCOMMANDS: Mapping[str, str] = {
    "up": "Make a lab, or find the one that is there.",
    "status": "Show the labs of this machine and their nodes.",
    "node": "Break a node of a lab, and mend it.",
    "images": "Bring images into a lab.",
    "down": "Remove a lab and everything it made.",
}


class _Lab(Commands):
    table = SUBCOMMANDS
    room = "intermodal.cli.lab"
    examples = """\
  eval "$(intermodal lab up --platform swarm --nodes 3)"
  intermodal lab images load vote.tar
  intermodal lab node stop lab-2
  intermodal lab down
"""


@click.group("lab", cls=_Lab, invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Make throw-away clusters of real engines on this machine.

    Each node is a Docker engine with a network, an address and data of its own. Needs root, Linux, and Debian's
    packages docker.io, iptables, iproute2 and, for a registry, docker-registry.
    """
    # Not everybody who becomes root gets root's PATH.
    os.environ["PATH"] = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
