"""`intermodal nodes`: the machines of an engine's cluster, and what they are used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, SCHEMA

if TYPE_CHECKING:
    from intermodal.cli.output import Console
    from intermodal.model.platform import Engine
    from intermodal.model.running import Node

AVAILABILITY = {"drain": "drain", "pause": "pause", "activate": "active"}
"""What a node is told, and the platform's word for it."""
ACTIONS = ("list", *AVAILABILITY, "label")


class _Nodes(Command):
    examples = """\
  intermodal nodes --platform swarm
  intermodal nodes drain node-2
  intermodal nodes activate node-2
  intermodal nodes label node-3 disk=ssd zone-
"""


@click.command("nodes", cls=_Nodes)
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("node", required=False, default="")
@click.argument("labels", nargs=-1, metavar="[NAME=VALUE | NAME-]...")
@options.engine_alone
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.talk
def command(console: Console, action: str, node: str, labels: tuple[str, ...], **chosen: Any) -> int:  # noqa: ANN401 - click's values
    """List the machines of a cluster, or change what one is used for.

    drain sends its instances elsewhere, pause gives it no new ones, activate takes it back; label sets and removes
    labels.
    """
    from intermodal.cli import connection  # noqa: PLC0415 - `--help` does without it

    if (action == "list") == bool(node) or (action == "label") != bool(labels):
        raise click.UsageError(_USAGE[action])
    changed = dict(map(_label, labels))
    engine = connection.engine(console, chosen)
    if action == "list":
        _show(console, engine)
    elif action == "label":
        engine.set_labels(node, changed)
    else:
        engine.set_availability(node, AVAILABILITY[action])
    return DONE


_USAGE = {
    "list": "to change a node, say what: drain, pause, activate or label",
    "label": "label takes a node and labels: intermodal nodes label NODE NAME=VALUE",
    **{action: f"{action} takes the name of one node" for action in AVAILABILITY},
}


def _label(word: str) -> tuple[str, str | None]:
    name, equals, value = word.partition("=")
    if not equals and not word.endswith("-"):
        raise click.UsageError(f"{word!r} neither sets a label (NAME=VALUE) nor removes one (NAME-)")
    return (name, value) if equals else (word[:-1], None)


def _show(console: Console, engine: Engine) -> None:
    found = engine.nodes()
    if console.as_json:
        from intermodal.kit.records import as_dict  # noqa: PLC0415 - text does without it

        console.data({"schema": SCHEMA, "nodes": [as_dict(one) for one in found]})
        return
    from intermodal.cli.tables import table  # noqa: PLC0415 - JSON does without it

    heads = ("NODE", "ROLE", "STATE", "AVAILABILITY", "ADDRESS", "CPUS", "MEMORY", "ENGINE", "LABELS")
    console.result(table(heads, [_row(one) for one in found]))


def _row(node: Node) -> tuple[str, ...]:
    from intermodal.cli.times import size  # noqa: PLC0415 - JSON does without it

    return (
        node.name,
        f"{node.role}, leader" if node.leader else node.role,
        node.state,
        node.availability,
        node.address or "-",
        "-" if node.cpus is None else f"{node.cpus:g}",
        "-" if node.memory is None else size(node.memory),
        node.engine or "-",
        " ".join(f"{name}={value}" for name, value in sorted(node.labels.items())),
    )
