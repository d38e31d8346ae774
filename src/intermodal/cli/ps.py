"""`intermodal ps`: the instances of an application, on whatever nodes they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Ps(Command):
    examples = """\
  intermodal ps
  intermodal ps -p shop --platform swarm web
  intermodal ps --all
  intermodal ps --json | jq '.services[] | select(.health != "healthy")'
"""


@click.command("ps", cls=_Ps)
@options.engine
@options.services
@click.option("-a", "--all", "everything", is_flag=True, help="Show ended instances too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.talk
def command(console: Console, services: tuple[str, ...], everything: bool, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """List the instances of an application: where they are, how they are, since when, and their open ports.

    With -q only their ids. Instances that ended and were replaced are left out.
    """
    from intermodal.cli import connection, instances  # noqa: PLC0415 - `--help` does without them

    on = connection.named(console, chosen)
    running = on.engine.observe(on.application)
    shown = instances.chosen(running, services, everything=everything)
    if console.as_json:
        console.data(instances.as_data(running, shown), indent=2)
    elif console.quiet:
        console.result("".join(f"{one.id}\n" for each in shown for one in each.instances))
    else:
        console.result(instances.drawn(shown, on.clock.now()))
        if not shown:
            console.say(f"nothing of an application called {on.application} runs on this engine")
    return DONE
