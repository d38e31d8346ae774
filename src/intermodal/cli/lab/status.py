"""`intermodal lab status`: the labs of this machine, and what their nodes are like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.lab import naming
from intermodal.cli.output import DONE, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.cli.output import Console
    from intermodal.lab.status import LabStatus


class _Status(Command):
    examples = """\
  intermodal lab status
  intermodal lab status --name two --json
"""


@click.command("status", cls=_Status)
@click.option("--name", metavar="NAME", default="", help="Only this lab.")
@naming.as_json
@options.speaks
def command(console: Console, name: str) -> int:
    """Show the labs of this machine and their nodes."""
    from intermodal.kit.records import as_dict  # noqa: PLC0415 - `--help` does without it
    from intermodal.lab import checks  # noqa: PLC0415 - as above
    from intermodal.lab.status import status  # noqa: PLC0415 - as above

    checks.fit(("ip",))
    if name:
        naming.found(name)
    labs = naming.labs()
    there = [status(labs, each) for each in ([name] if name else labs.names())]
    if console.as_json:
        console.data({"schema": SCHEMA, "labs": [as_dict(lab) for lab in there]}, indent=2)
    elif there:
        console.result("\n".join("".join(f"{line}\n" for line in _lines(lab)) for lab in there))
    else:
        console.say("there is no lab; `intermodal lab up` makes one")
    return DONE


def _lines(lab: LabStatus) -> Iterator[str]:
    from intermodal.cli.tables import table  # noqa: PLC0415 - `--help` does without it

    if not lab.complete:
        yield f"{lab.name}: made by half; `intermodal lab up` makes it again, `intermodal lab down` removes it"
        return
    registry = f", registry {lab.registry}" if lab.registry else ""
    yield f"{lab.name}: {lab.platform} on {lab.subnet}{registry}"
    heads = ("NODE", "ROLE", "STATE", "LINK", "ADDRESS", "HOST")
    links = [f"{node.link} ({node.rate})" if node.rate else node.link for node in lab.nodes]
    rows = [
        (node.name, node.role, node.state, link, node.address, node.host)
        for node, link in zip(lab.nodes, links, strict=True)
    ]
    yield from table(heads, rows).splitlines()
