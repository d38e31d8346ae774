"""`intermodal check`: every problem of an application, and with a platform everything that would be lost there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, PROBLEMS
from intermodal.kit.diagnostics import Severity

if TYPE_CHECKING:
    from intermodal.cli.output import Console


class _Check(Command):
    examples = """\
  intermodal check
  intermodal check -f compose.yaml --platform kubernetes
  intermodal check --format github
"""


@click.command("check", cls=_Check)
@options.sources
@options.settings
@options.talk
def command(console: Console, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Look for problems without writing anything.

    The diagnostics are the result: they go to stdout. Exit code 1 says that something would be lost that is not
    allowed, 2 that the application cannot be loaded.
    """
    from intermodal.cli import loading  # noqa: PLC0415 - `--help` does without it

    console.talk_on_stdout = True
    if not chosen["platform"]:
        loaded = loading.load(console, chosen)
        console.report(loaded.diagnostics)
        console.count(loaded.diagnostics)
        if any(found.severity is Severity.ERROR for found in loaded.diagnostics):
            return PROBLEMS
        console.say(_sound(loaded.application.name, len(loaded.application.services)))
        return DONE
    from intermodal.cli import telling  # noqa: PLC0415 - only a translation has a ledger

    done = loading.translate(console, chosen)
    telling.tell(console, done.result.ledger, done.losses, done.warnings)
    return PROBLEMS if done.refused else DONE


def _sound(name: str, services: int) -> str:
    return f"{name}: {services} service{'s' * (services != 1)}, no errors"
