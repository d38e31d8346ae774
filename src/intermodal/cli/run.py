"""`intermodal run`: a command in a new instance of a service, which is removed afterwards."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import inside, options
from intermodal.cli.commands import Command

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Run(Command):
    examples = """\
  intermodal run --rm web ./manage.py migrate
  intermodal run -T --no-deps db psql --version
  intermodal run -e DEBUG=1 worker
"""


@click.command("run", cls=_Run, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@options.engine
@inside.options
@click.option("--no-deps", is_flag=True, help="Do not bring up what the service depends on.")
@click.option("--service-ports", "ports", is_flag=True, help="Publish the service's ports.")
@click.option("--rm/--keep", "remove", default=True, help="Remove the instance afterwards; the default.")
@click.option(
    "--timeout", metavar="SECONDS", type=options.Seconds(), default=300.0, help="How long what it depends on may take."
)
@click.argument("service")
@click.argument("argv", metavar="[COMMAND]...", nargs=-1, type=click.UNPROCESSED)
@options.talk
def command(console: Console, service: str, argv: tuple[str, ...], **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Run a command in a new instance of a service; its exit code becomes ours.

    What the service depends on is brought up first. The new instance has no published ports unless asked, and is
    removed when the command has ended.
    """
    from intermodal.cli import connection, rolling  # noqa: PLC0415 - `--help` does without it
    from intermodal.cli.terminal import OwnTerminal, raw  # noqa: PLC0415 - as above

    loaded = connection.loaded(console, chosen)
    connection.refuse_unknown_services((service,), loaded.application)
    said = loaded.application.services[service]
    if said.depends_on and not chosen["no_deps"]:
        code = rolling.bring_up(console, loaded, tuple(said.depends_on), timeout=chosen["timeout"])
        if code:
            return code
    asked = inside.said(service, argv, chosen, remove=chosen["remove"], ports=chosen["ports"])
    with raw() if asked.tty else nullcontext():
        return loaded.engine.run(loaded.application, loaded.files, asked, OwnTerminal())
