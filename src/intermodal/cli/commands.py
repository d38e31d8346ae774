"""The table of commands, and what `--help` says of each. A command's module is imported when it runs."""

from __future__ import annotations

from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "translate": "Translate an application to a platform.",
    "check": "Look for problems without writing anything.",
    "config": "Print the application with everything resolved.",
    "up": "Bring an application up or to date, and wait until it is healthy.",
    "down": "Remove an application.",
    "plan": "Print what up would do, and why.",
    "ps": "List the instances of an application.",
    "scale": "Give services so many instances.",
    "restart": "Start every instance of services anew.",
    "rollback": "Take services back to what they were before their last change.",
    "logs": "Show what instances print.",
    "exec": "Run a command inside a running instance.",
    "run": "Run a command in a new instance.",
    "images": "List the images of an application.",
    "events": "Show what happens to an application.",
    "nodes": "List or tend the machines of a cluster.",
    "diff": "Show what up would change, field by field.",
    "verify": "Compare what runs with what the files say.",
    "lab": "Make throw-away clusters of real engines on this machine.",
    "explain": "Explain a code of a diagnostic.",
    "platforms": "List the platforms and what each can carry over.",
    "completion": "Print what makes a shell complete commands.",
    "version": "Print the version.",
}

EXAMPLES = """\
  intermodal translate -f compose.yaml --platform kubernetes -o out/
  intermodal translate -f compose.yaml --platform swarm -o -
  intermodal check --platform kubernetes
  intermodal config -f compose.yaml -f compose.prod.yaml --profile web
  intermodal explain CODE
"""


class Command(click.Command):
    """A command whose help begins with examples: `examples` is text that is shown as it is."""

    examples = ""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write what the command does in a sentence, its examples, then the rest."""
        summary, _, rest = cleandoc(self.help or "").partition("\n\n")
        _write_text(summary, formatter)
        write_examples(self.examples, formatter)
        _write_text(rest, formatter)


class Commands(click.Group):
    """Commands of which each has a module in `room`; knows their names and summaries without importing them."""

    table = COMMANDS
    room = "intermodal.cli"
    examples = EXAMPLES

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import and return a command."""
        if cmd_name not in self.table:
            return None
        found: click.Command = import_module(f"{self.room}.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command somebody asked for; a misspelt one is answered with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in self.table:
            from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - only needed when something is wrong

            said = did_you_mean(args[0], self.table, f"commands are {', '.join(self.table)}")
            raise click.UsageError(f"there is no command {args[0]!r}; {said}", ctx)
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what we do, then examples."""
        super().format_help_text(ctx, formatter)
        write_examples(self.examples, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write the table, without importing what it names."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))


def _write_text(text: str, formatter: click.HelpFormatter) -> None:
    if text:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Write examples as they are, under their heading."""
    if examples:
        formatter.write(f"\nExamples:\n{examples}")
