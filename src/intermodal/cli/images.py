"""`intermodal images`: the images that an application's services use, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, SCHEMA

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.model.running import HeldImage


class _Images(Command):
    examples = """\
  intermodal images
  intermodal images -p shop --platform swarm --json | jq -r '.images[].reference'
"""


@click.command("images", cls=_Images)
@options.engine
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.talk
def command(console: Console, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """List the images that the services of an application run from."""
    from intermodal.cli import connection  # noqa: PLC0415 - `--help` does without it

    connected = connection.named(console, chosen)
    found = connected.engine.images(connected.application)
    if console.as_json:
        from intermodal.kit.records import as_dict  # noqa: PLC0415 - text does without it

        console.data(
            {"schema": SCHEMA, "application": connected.application, "images": [as_dict(one) for one in found]}
        )
    else:
        _print(console, found)
    return DONE


def _print(console: Console, found: tuple[HeldImage, ...]) -> None:
    from intermodal.cli.tables import table  # noqa: PLC0415 - JSON does without it
    from intermodal.cli.times import size  # noqa: PLC0415 - as above

    rows = [
        (
            one.reference,
            one.id.removeprefix("sha256:")[:12] or "-",
            "-" if one.size is None else size(one.size),
            one.node or "-",
            ", ".join(one.services),
        )
        for one in found
    ]
    console.result(table(("IMAGE", "ID", "SIZE", "NODE", "SERVICES"), rows))
