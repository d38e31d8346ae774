"""`intermodal events`: what happens to an application, as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, SCHEMA
from intermodal.cli.times import Moment, since

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.model.running import Event


class _Events(Command):
    examples = """\
  intermodal events
  intermodal events --since 1h --until 0s
  intermodal events --json | jq -r 'select(.action == "die") | .name'
"""


@click.command("events", cls=_Events)
@options.engine
@click.option("--since", "after", type=Moment(), metavar="WHEN", help="10m, 2026-01-31T08:00:00 or seconds since 1970.")
@click.option("--until", "before", type=Moment(), metavar="WHEN", help="As --since; without it we go on until ^C.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@options.talk
def command(console: Console, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Show what happens to an application, as it happens."""
    from intermodal.cli import connection  # noqa: PLC0415 - `--help` does without it

    connected = connection.named(console, chosen)
    begin, end = (since(chosen[name], connected.clock) for name in ("after", "before"))
    for event in connected.engine.events(connected.application, begin, end):
        console.result(_as_json(event) if console.as_json else _as_text(event))
    return DONE


def _as_text(event: Event) -> str:
    from intermodal.cli.times import stamp  # noqa: PLC0415 - JSON does without it
    from intermodal.kit.visible import visible  # noqa: PLC0415 - as above

    details = " ".join(f"{name}={value}" for name, value in event.details.items())
    return visible(f"{stamp(event.time)} {event.kind} {event.name} {event.action} {details}".rstrip()) + "\n"


def _as_json(event: Event) -> str:
    from intermodal.cli.output import as_json_text  # noqa: PLC0415 - text does without it
    from intermodal.kit.records import as_dict  # noqa: PLC0415 - as above

    return as_json_text({"schema": SCHEMA, **as_dict(event)})
