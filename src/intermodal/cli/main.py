"""The command line's frame: runs a command, and turns whatever ends it into an exit code and a few clear lines."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

import click

from intermodal import __version__
from intermodal.cli.commands import Commands

_NAME = "intermodal"
_COMPLETING = "_INTERMODAL_COMPLETE"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name=_NAME, message="%(prog)s %(version)s")
def intermodal() -> None:
    """One Compose file, any container platform; nothing is lost in silence."""


def main() -> NoReturn:
    """Run the command that the process was started with, and end the process."""
    _end(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command; returns its exit code. Nothing escapes as a traceback."""
    try:
        return _invoke(arguments or ["--help"])
    except click.exceptions.Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("\ninterrupted\n")
        return 130
    except click.ClickException as error:
        return _misused(error)
    except BrokenPipeError:
        # Whoever read our output has had enough, as `head` has.
        _write_no_more()
        return 0
    except Exception as error:  # noqa: BLE001 - the last line of defence
        # Only help is printed past the console; every file is opened where its failure is answered.
        unprinted = isinstance(error, OSError) and error.filename is None
        return _unprinted(error) if unprinted else _bug(error, arguments)


def _invoke(arguments: list[str]) -> int:
    """What `intermodal.main` does, but a pipe that breaks and an interrupt are ours to answer."""
    if _COMPLETING in os.environ:
        intermodal.main(arguments, prog_name=_NAME, complete_var=_COMPLETING)
    with intermodal.make_context(_NAME, list(arguments)) as context:
        return int(intermodal.invoke(context) or 0)


def _end(code: int) -> NoReturn:
    """End the process at once: taking every value apart first would take longer than many a translation."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _write_no_more() -> None:
    """See that Python, when it flushes at the end, does not complain once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _misused(error: click.ClickException) -> int:
    from intermodal.cli.output import UNUSABLE, Console  # noqa: PLC0415 - only needed when something is wrong
    from intermodal.kit.diagnostics import Diagnostic, Severity  # noqa: PLC0415 - as above

    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "intermodal"
    message = " ".join(error.format_message().split()).rstrip(".")
    advice = f"`{path} --help` shows what can be said"
    Console().report([Diagnostic(code="usage", severity=Severity.ERROR, message=message, help=advice)])
    return UNUSABLE


def _unprinted(error: Exception) -> int:
    from intermodal.cli.output import PROBLEMS, Console, Unwritten  # noqa: PLC0415 - only needed when something is wrong

    _write_no_more()
    Console().fail(Unwritten(getattr(error, "strerror", "")))
    return PROBLEMS


def _bug(error: Exception, arguments: list[str]) -> int:
    from intermodal.cli.crash import saved_report  # noqa: PLC0415 - only needed when something is wrong
    from intermodal.cli.output import BUG  # noqa: PLC0415 - as above

    where = saved_report(error, arguments)
    sys.stderr.write(f"intermodal has a bug: {type(error).__name__}; nothing more was done\n")
    sys.stderr.write(f"please report it with {where} (it holds no values of yours)\n")
    return BUG
