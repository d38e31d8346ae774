"""`intermodal exec`: a command inside a running instance."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import inside, options
from intermodal.cli.commands import Command

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Exec(Command):
    examples = """\
  intermodal exec web sh
  intermodal exec -T db pg_dump -U postgres > dump.sql
  intermodal exec --index 2 -e DEBUG=1 worker ./inspect
"""


@click.command("exec", cls=_Exec, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@options.engine
@inside.options
@click.option("--index", "number", type=click.IntRange(1), metavar="N", default=None, help="Which instance.")
@click.option("-d", "--detach", is_flag=True, help="Do not wait for it to end.")
@click.argument("service")
@click.argument("argv", metavar="COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@options.talk
def command(console: Console, service: str, argv: tuple[str, ...], **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Run a command inside a running instance of a service; its exit code becomes ours.

    A terminal is given to it where both ends of ours are one.
    """
    from intermodal.cli import connection  # noqa: PLC0415 - `--help` does without it
    from intermodal.cli.terminal import OwnTerminal, raw  # noqa: PLC0415 - as above

    connected = connection.named(console, chosen)
    asked = inside.said(service, argv, chosen, number=chosen["number"] or 0, detach=chosen["detach"])
    with raw() if asked.tty else nullcontext():
        return connected.engine.execute(connected.application, asked, OwnTerminal(reading=not asked.detach))
