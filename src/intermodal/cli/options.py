"""Options that mean the same in every command, and the console they make. What is done with the rest: `loading.py`."""

from __future__ import annotations

import sys
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from intermodal.cli.output import FORMATS, PROBLEMS, UNUSABLE, Console, Unwritten

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

_ALLOWED = click.option(
    "--allow-loss",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="Accept a loss by code, field or path (services.*.privileged); all accepts any; repeatable.",
)
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
    return _with((_PLATFORM, *_SETTINGS, _ALLOWED), function)


def engine(function: Function) -> Function:
    """Add the options that say which application on which engine."""
    return _with((*_SOURCES, *_ENGINE), function)


def engine_of_logs(function: Function) -> Function:
    """As `engine`, but `-f` is left to follow, as everybody types it at logs: files are given by `--file` alone."""
    long = click.option("--file", "files", multiple=True, metavar="FILE", help="Compose file; repeatable.")
    return _with((long, *_SOURCES[1:], *_ENGINE), function)


def engine_alone(function: Function) -> Function:
    """Add the options that say which engine."""
    return _with(_ENGINE, function)


def services(function: Function) -> Function:
    """Add the names of services as arguments."""
    return click.argument("services", nargs=-1, metavar="[SERVICE]...", shell_complete=complete_service)(function)


def wishes(function: Function) -> Function:
    """Add what may be wished of `up` besides the files."""
    return _with(_WISHES, function)


def rollout(function: Function) -> Function:
    """Add the options of commands that change what runs: how long, how it is shown, or only the plan."""
    return _with(_ROLLOUT, function)


def losses(function: Function) -> Function:
    """Add the option that accepts losses."""
    return _ALLOWED(function)


def talk(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say how to talk; the function gets a console and may raise `Rejected` and `NotDone`."""
    return _with(_TALK, speaks(function))


def speaks(function: Callable[..., int]) -> Callable[..., int]:
    """Give the function a console, and report what it rejects or could not do."""

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
            except Exception as error:
                if not _not_done(error):
                    raise
                console.refuse(error.diagnostics)  # type: ignore[attr-defined] # it is a `NotDone`
                return _code(error)
        except Unwritten as reason:
            console.fail(reason)
            return PROBLEMS

    return update_wrapper(speaking, function)


def _not_done(error: Exception) -> bool:
    """Whether an error is a `NotDone`; where its module was not imported, nobody raised one."""
    changes = sys.modules.get("intermodal.model.changes")
    return changes is not None and isinstance(error, changes.NotDone)


_OF_INPUT = frozenset(
    {
        "context-not-found",
        "engine-address-invalid",
        "global-not-scaled",
        "node-availability-unknown",
        "node-not-there",
        "one-instance-only",
        "replicas-negative",
        "service-not-there",
    }
)
"""What an engine or platform refuses, but only because of what was said to us."""


def _code(error: Exception) -> int:
    """The exit code of a `NotDone`."""
    said = {found.code for found in error.diagnostics}  # type: ignore[attr-defined] # it is one
    return UNUSABLE if said and said <= _OF_INPUT else int(error.code)  # type: ignore[attr-defined] # as above


def _with(options: tuple[Callable[[Function], Function], ...], function: Function) -> Function:
    for option in reversed(options):
        function = option(function)
    return function


def complete_platform(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of platforms, without importing any."""
    from intermodal.platforms import PLATFORMS  # noqa: PLC0415 - `--help` does without it

    return [name for name in PLATFORMS if name.startswith(incomplete)]


def complete_operated(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of platforms that applications can be run on."""
    from intermodal.platforms import OPERATED  # noqa: PLC0415 - `--help` does without it

    return sorted(name for name in OPERATED if name.startswith(incomplete))


def complete_service(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names of services in the application's files; none where those cannot be used."""
    from intermodal.cli.loading import load  # noqa: PLC0415 - `--help` does without it
    from intermodal.kit.diagnostics import Rejected  # noqa: PLC0415 - as above

    try:
        found = load(Console(quiet=True), context.params).application.services
    except Rejected:
        return []
    return [name for name in found if name.startswith(incomplete)]


_PLATFORM = click.option(
    "--platform", metavar="NAME", default="", shell_complete=complete_platform, help="What to translate to."
)
_ENGINE = (
    click.option("--platform", metavar="NAME", default="", shell_complete=complete_operated, help="What runs it."),
    click.option("-H", "--host", metavar="URL", default="", help="The engine: unix:///…, tcp://… or ssh://…"),
    click.option("--context", metavar="NAME", default="", help="The Docker context that leads to the engine."),
    click.option("--set", "asked", multiple=True, metavar="NAME=VALUE", help="An option of the platform; repeatable."),
)


class Replicas(click.ParamType):
    """SERVICE=NUMBER; gives the pair."""

    name = "replicas"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        """Take it apart; raises click's own error."""
        name, _, number = str(value).rpartition("=")
        if not name or not number.isdecimal():
            self.fail(f"{value!r} is not SERVICE=NUMBER, such as web=3", param, ctx)
        return name, int(number)


class Seconds(click.FloatRange):
    """A duration; gives it in seconds, not fewer than none."""

    name = "number of seconds"

    def __init__(self) -> None:
        super().__init__(0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's signature
        """Read it; raises click's own error."""
        found = super().convert(value, param, ctx)
        if found != found:  # noqa: PLR0124 - only what is not a number differs from itself
            self.fail(f"{value!r} is not a valid {self.name}", param, ctx)
        return found


_WISHES = (
    click.option(
        "--scale", multiple=True, type=Replicas(), metavar="SERVICE=N", help="How many instances; repeatable."
    ),
    click.option(
        "--pull",
        type=click.Choice(("missing", "always", "never")),
        default=None,
        help="When images are pulled; what the files say if not given.",
    ),
    click.option("--force-recreate", is_flag=True, help="Replace instances even if nothing changed."),
    click.option("--no-recreate", is_flag=True, help="Leave instances that are there as they are."),
    click.option("--no-deps", is_flag=True, help="Leave out what the named services depend on."),
    click.option("--remove-orphans", is_flag=True, help="Remove services that the files no longer have."),
    click.option("--adopt", is_flag=True, help="Take over what another tool brought up elsewhere under this name."),
)
PROGRESS = ("auto", "tty", "plain", "json", "quiet")
_ROLLOUT = (
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=Seconds(),
        default=300.0,
        show_default=True,
        help="How long it may take until all is healthy, pulling images not counted; 0 waits without end.",
    ),
    click.option("--no-wait", is_flag=True, help="Do not wait until services are healthy."),
    click.option("--dry-run", is_flag=True, help="Print the plan and change nothing."),
    click.option("--progress", "mode", type=click.Choice(PROGRESS), default="auto", help="How progress is shown."),
    click.option("--json", "as_json", is_flag=True, help="One JSON object a line: each step, then the result."),
)
