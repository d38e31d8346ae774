"""`intermodal lab up`: a cluster of real engines, and what to export to use it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.lab import naming
from intermodal.cli.output import DONE, SCHEMA

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.lab.lab import Lab


class _Up(Command):
    examples = """\
  eval "$(intermodal lab up)"
  intermodal lab up --name two --platform swarm --nodes 5 --managers 3
  intermodal lab up --name one --platform compose
"""


@click.command("up", cls=_Up)
@naming.named
@click.option(
    "--platform",
    type=click.Choice(("swarm", "compose")),
    help="A Swarm (unless said), or engines that know nothing of each other.",
)
@click.option("--nodes", type=int, default=0, metavar="N", help="How many engines: 3 for swarm, 1 for compose.")
@click.option("--managers", type=int, default=0, metavar="N", help="How many nodes are managers; 1 unless said.")
@click.option("--engine", default="", metavar="PATH", help="The dockerd that nodes run; Debian's unless said.")
@click.option("--subnet", default="", metavar="NETWORK", help="The nodes' network; a free 10.77.N.0/24 unless said.")
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
@naming.as_json
@options.speaks
def command(console: Console, **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """Make a lab, or find the one that is there.

    A lab of that name that stands is left as it is; one that was made by half is removed and made again. What is
    printed can be given to `eval`.
    """
    from intermodal.kit.clock import SystemClock  # noqa: PLC0415 - `--help` does without it
    from intermodal.lab import checks, lifecycle  # noqa: PLC0415 - as above
    from intermodal.lab.layout import Wanted  # noqa: PLC0415 - as above

    chosen["platform"] = chosen["platform"] or ""
    if "/" in chosen["engine"]:
        chosen["engine"] = os.path.abspath(chosen["engine"])
    lab, made = lifecycle.up(naming.labs(), Wanted(**chosen), SystemClock(), console.say)
    if made and not console.as_json:
        console.report(checks.registry_warnings())
    _show(console, lab, made=made)
    return DONE


def _show(console: Console, lab: Lab, *, made: bool) -> None:
    if console.as_json:
        from intermodal.kit.records import as_dict  # noqa: PLC0415 - text does without it
        from intermodal.lab.status import status  # noqa: PLC0415 - as above

        said = as_dict(status(lab.labs, lab.name))
        console.data({"schema": SCHEMA, "made": made, "host": str(lab.address()), **said}, indent=2)
        return
    console.result("".join(f"{line}\n" for line in _lines(lab, made=made)))


def _lines(lab: Lab, *, made: bool) -> list[str]:
    """What a shell takes for comments, and what to export."""
    count = f"{len(lab.nodes)} node{'s' * (len(lab.nodes) != 1)}"
    head = f"{lab.name}: {count} in {lab.seconds:.1f} s" if made else f"{lab.name}: {count}, there already"
    width = max(len(node.name) for node in lab.nodes)
    rows = [f"{node.name:<{width}}  {node.role:<7}  {node.address:<15}  {lab.address(node.name)}" for node in lab.nodes]
    return [*(f"# {line}" for line in (head, *rows)), *(f"export {name}={value}" for name, value in _exports(lab))]


def _exports(lab: Lab) -> list[tuple[str, str]]:
    """Variables that lead our commands, Docker's and the examples' files to the lab."""
    engines = " ".join(f"{node.name}={lab.address(node.name)}" for node in lab.nodes)
    registry = [("REGISTRY", lab.registry)] if lab.registry else []
    found = [("DOCKER_HOST", str(lab.address())), ("INTERMODAL_PLATFORM", lab.layout.platform), *registry]
    return [*found, ("INTERMODAL_ENGINES", f"'{engines}'")] if len(lab.nodes) > 1 else found
