"""What `exec` and `run` have in common: the options that say how a command runs inside an instance."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.model.platform import Command

Function = TypeVar("Function", bound="Callable[..., Any]")

_OPTIONS = (
    click.option("-T", "--no-tty", is_flag=True, help="Give it no terminal, even if we have one."),
    click.option("-u", "--user", metavar="NAME", default="", help="Run as this user."),
    click.option("-w", "--workdir", metavar="DIR", default="", help="Run in this folder."),
    click.option("-e", "--env", "variables", metavar="NAME[=VALUE]", multiple=True, help="A variable; repeatable."),
)


def options(function: Function) -> Function:
    """Add the options."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def said(service: str, argv: tuple[str, ...], chosen: dict[str, Any], **more: Any) -> Command:  # noqa: ANN401 - fields
    """The command as the options say it; a variable without a value is taken from our environment."""
    from intermodal.cli.terminal import interactive  # noqa: PLC0415 - `--help` does without it
    from intermodal.model.platform import Command  # noqa: PLC0415 - as above

    pairs = (word.partition("=") for word in chosen["variables"])
    return Command(
        service=service,
        argv=argv,
        user=chosen["user"],
        working_dir=chosen["workdir"],
        environment={name: value if equals else os.environ.get(name, "") for name, equals, value in pairs},
        tty=interactive() and not chosen["no_tty"] and not more.get("detach"),
        **more,
    )
