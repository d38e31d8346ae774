"""What the lab's commands share: the option that names a lab, and how it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from intermodal.lab.lab import Lab
    from intermodal.lab.state import Labs

DEFAULT = "lab"


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in labs().names() if name.startswith(incomplete)]


named = click.option(
    "--name", metavar="NAME", default=DEFAULT, show_default=True, shell_complete=_complete, help="Which lab."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def labs() -> Labs:
    """The labs of this machine."""
    from intermodal.lab.state import Labs  # noqa: PLC0415 - `--help` does without it

    return Labs()


def found(name: str) -> Lab:
    """A lab that is there. Raises `NotDone`."""
    from intermodal.kit.clock import SystemClock  # noqa: PLC0415 - `--help` does without it
    from intermodal.lab import checks, lifecycle  # noqa: PLC0415 - as above

    checks.fit()
    return lifecycle.find(labs(), name, SystemClock())
