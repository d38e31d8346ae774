"""Options that mean the same in every command, and the console they make. What is done with the rest: `loading.py`."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from intermodal.cli.output import FORMATS, PROBLEMS, UNUSABLE, Console, Unwritten

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

_SOURCES = (
    click.option("-f", "--file", "files", multiple=True, metavar="FILE", help="Compose file, - for stdin; repeatable."),
    click.option("-p", "--project-name", metavar="NAME", default="", help="The application's name."),
    click.option("--project-directory", metavar="DIR", default="", help="Where relative paths start."),
    click.option("--profile", "profiles", multiple=True, metavar="NAME", help="Activate a profile; repeatable."),
    click.option("--env-file", "env_files", multiple=True, metavar="FILE", help="Read instead of .env; repeatable."),
)
_SETTINGS = (
    click.option("--kubernetes-version", "version", metavar="X.Y", default="", help="The release that is written for."),
    click.option("--namespace", metavar="NAME", default="", help="The namespace of every object."),
    click.option("--set", "asked", multiple=True, metavar="NAME=VALUE", help="An option of the platform; repeatable."),
    click.option(
        "--allow-loss",
        "allowed",
        multiple=True,
        metavar="NAME",
        help="Accept a loss by code, field or path (services.*.privileged); all accepts any; repeatable.",
    ),
)
_TALK = (
    click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How diagnostics are shown."),
    click.option("-q", "--quiet", is_flag=True, help="Show errors only."),
    click.option("-v", "--verbose", is_flag=True, help="Show more: source lines, and what is without effect."),
)


def sources(function: Function) -> Function:
    """Add the options that say which application."""
    return _with(_SOURCES, function)


def settings(function: Function) -> Function:
    """Add the options that say how to translate, and which losses are accepted."""
    return _with((_PLATFORM, *_SETTINGS), function)


def talk(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say how to talk; the function gets a console and may raise `Rejected`."""
    return _with(_TALK, speaks(function))


def speaks(function: Callable[..., int]) -> Callable[..., int]:
    """Give the function a console, and report what it rejects."""

    def speaking(
        *,
        form: str = "text",
        quiet: bool = False,
        verbose: bool = False,
        as_json: bool = False,
        **rest: Any,  # noqa: ANN401 - the values of options, as click hands them over
    ) -> int:
        from intermodal.kit.diagnostics import Rejected  # noqa: PLC0415 - `--help` does without it

        console = Console(form, quiet=quiet, verbose=verbose, as_json=as_json)
        try:
            try:
                return function(console, **rest)
            except Rejected as rejected:
                console.refuse(rejected.diagnostics)
                return UNUSABLE
        except Unwritten as reason:
            console.fail(reason)
            return PROBLEMS

    return update_wrapper(speaking, function)


def _with(options: tuple[Callable[[Function], Function], ...], function: Function) -> Function:
    for option in reversed(options):
        function = option(function)
    return function


def complete_platform(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of platforms, without importing any."""
    from intermodal.platforms import PLATFORMS  # noqa: PLC0415 - `--help` does without it

    return [name for name in PLATFORMS if name.startswith(incomplete)]


_PLATFORM = click.option(
    "--platform", metavar="NAME", default="", shell_complete=complete_platform, help="What to translate to."
)
