"""`intermodal logs`: what the instances of services print, interleaved."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, SCHEMA, wants_colour
from intermodal.cli.times import Moment, since
from intermodal.kit.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.cli.output import Console
    from intermodal.model.running import LogLine

ALL = "all"


class _Logs(Command):
    examples = """\
  intermodal logs -f
  intermodal logs --tail 100 --since 10m web worker
  intermodal logs --timestamps -p shop --platform swarm
  intermodal logs --json | jq -r 'select(.stream == "stderr") | .text'
"""


class _Tail(click.ParamType):
    name = "lines"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        if value == ALL or str(value).isdecimal():
            return value
        return self.fail(f"{value!r} is neither a number of lines nor all", param, ctx)


@click.command("logs", cls=_Logs)
@options.engine_of_logs
@options.services
@click.option("-f", "--follow", is_flag=True, help="Go on as lines are printed, through restarts too.")
@click.option("-n", "--tail", type=_Tail(), metavar="LINES", default=ALL, help="The last lines of each instance.")
@click.option("--since", "after", type=Moment(), metavar="WHEN", help="10m, 2026-01-31T08:00:00 or seconds since 1970.")
@click.option("--until", "before", type=Moment(), metavar="WHEN", help="As --since.")
@click.option("-t", "--timestamps", is_flag=True, help="Show when each line was printed, in UTC.")
@click.option("--nodes", is_flag=True, help="Show on which node.")
@click.option("--no-log-prefix", "bare", is_flag=True, help="Show the lines only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@options.talk
def command(console: Console, services: tuple[str, ...], **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Show what the instances of services print.

    Lines of all instances on all nodes stand in the order of time, each behind its instance's name.
    """
    from intermodal.cli import connection  # noqa: PLC0415 - `--help` does without it
    from intermodal.model.platform import LogWishes  # noqa: PLC0415 - as above

    _refuse_files(services, follow=chosen["follow"])
    connected = connection.named(console, chosen)
    wishes = LogWishes(
        services=services,
        follow=chosen["follow"],
        tail=None if chosen["tail"] == ALL else int(chosen["tail"]),
        since=since(chosen["after"], connected.clock),
        until=since(chosen["before"], connected.clock),
    )
    draw = _as_json if console.as_json else _as_text(chosen)
    silent = True
    for line in connected.engine.logs(connected.application, wishes):
        console.result(draw(line))
        silent = False
    if silent:
        console.say(f"no lines of {visible(connected.application)}; `intermodal ps` shows what runs")
    return DONE


def _refuse_files(services: tuple[str, ...], *, follow: bool) -> None:
    """Elsewhere `-f` names a file."""
    files = [name for name in services if name == "-" or (name.endswith((".yaml", ".yml")) and os.path.isfile(name))]
    if follow and files:
        raise click.UsageError(f"-f follows the logs; write --file {files[0]} to name a file")


def _as_text(chosen: dict[str, Any]) -> Callable[[LogLine], str]:
    from intermodal.cli.loglines import LogLines, LogStyle  # noqa: PLC0415 - JSON does without it

    style = LogStyle(
        colour=wants_colour(sys.stdout), names=not chosen["bare"], times=chosen["timestamps"], nodes=chosen["nodes"]
    )
    return LogLines(style).draw


def _as_json(line: LogLine) -> str:
    from intermodal.cli.output import as_json_text  # noqa: PLC0415 - text does without it
    from intermodal.kit.records import as_dict  # noqa: PLC0415 - as above

    return as_json_text({"schema": SCHEMA, **as_dict(line)})
