"""`intermodal version`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intermodal import __version__
from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE

if TYPE_CHECKING:
    from intermodal.cli.output import Console


@click.command("version", cls=Command)
@options.speaks
def command(console: Console) -> int:
    """Print the version."""
    console.result(f"intermodal {__version__}\n")
    return DONE
