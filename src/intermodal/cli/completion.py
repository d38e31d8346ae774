"""`intermodal completion`: what makes a shell complete our commands, options, platforms and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE

if TYPE_CHECKING:
    from intermodal.cli.output import Console

VARIABLE = "_INTERMODAL_COMPLETE"


class _Completion(Command):
    examples = """\
  eval "$(intermodal completion bash)"
  intermodal completion zsh > ~/.zfunc/_intermodal
  intermodal completion fish > ~/.config/fish/completions/intermodal.fish
"""


@click.command("completion", cls=_Completion)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@options.speaks
def command(console: Console, shell: str) -> int:
    """Print what makes a shell complete commands, options, platforms and codes."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - only needed here

    root = click.get_current_context().find_root().command
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click cannot complete for {shell}")
    console.result(found(root, {}, "intermodal", VARIABLE).source() + "\n")
    return DONE
