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
    """All commands; knows their names and summaries without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"intermodal.cli.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command somebody asked for; a misspelt one is answered with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from intermodal.kit.spelling import did_you_mean  # noqa: PLC0415 - only needed when something is wrong

            said = did_you_mean(args[0], COMMANDS, f"commands are {', '.join(COMMANDS)}")
            raise click.UsageError(f"there is no command {args[0]!r}; {said}", ctx)
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what we do, then examples."""
        super().format_help_text(ctx, formatter)
        write_examples(EXAMPLES, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write the table, without importing what it names."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _write_text(text: str, formatter: click.HelpFormatter) -> None:
    if text:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Write examples as they are, under their heading."""
    if examples:
        formatter.write(f"\nExamples:\n{examples}")
