"""`intermodal platforms`: the capability table, from what each platform says of every field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intermodal.cli import options
from intermodal.cli.commands import Command
from intermodal.cli.output import DONE, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intermodal.cli.output import Console
    from intermodal.model.support import Outcome, Support
    from intermodal.platforms import Platform

_WORDS = ("exact", "approximate", "missing", "no effect")


class _Platforms(Command):
    examples = """\
  intermodal platforms
  intermodal platforms kubernetes
  intermodal platforms --json
"""


@click.command("platforms", cls=_Platforms)
@click.argument("name", default="", shell_complete=options.complete_platform)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.speaks
def command(console: Console, name: str) -> int:
    """List the platforms and what each can carry over; with a NAME, field by field."""
    from intermodal.platforms import find, names  # noqa: PLC0415 - `--help` does without it

    found = [find(each) for each in ((name,) if name else names())]
    if console.as_json:
        console.data({"schema": SCHEMA, "platforms": [_data(platform) for platform in found]}, indent=2)
    elif name:
        console.result(_detailed(found[0]))
    else:
        console.result(_table([_row(platform) for platform in found]))
    return DONE


def _row(platform: Platform) -> tuple[str, ...]:
    said = [_word(outcome) for outcome in platform.support.values()]
    return (platform.name, *(str(said.count(word)) for word in _WORDS), platform.title)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    all_rows = [("PLATFORM", *(word.upper() for word in _WORDS), "WRITES"), *rows]
    widths = [max(len(row[column]) for row in all_rows) for column in range(len(_WORDS) + 1)]
    return "".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:-1], widths[1:]), row[-1]]) + "\n" for row in all_rows
    )


def _detailed(platform: Platform) -> str:
    """Every option, then every pattern of the platform's table with its outcome."""
    lines = [f"{platform.name}: {platform.title}", ""]
    if platform.options:
        width = max(map(len, platform.options))
        lines += ["Options (--set NAME=VALUE):"]
        lines += [f"  {name.ljust(width)}  {said}" for name, said in platform.options.items()]
        lines += [""]
    lines += ["Fields:", *_fields(platform.support)]
    return "\n".join(lines) + "\n"


def _fields(support: Support) -> Iterator[str]:
    """A line for each pattern, in the order of the table but extensions last."""
    width = max(map(len, support))
    for pattern in sorted(support, key=lambda pattern: "x-*" in pattern):
        outcome = support[pattern]
        said = getattr(outcome, "how", "") if _word(outcome) == "exact" else f"[{_code(outcome)}] {_why(outcome)}"
        yield f"  {_word(outcome):<11}  {pattern:<{width}}  {said}".rstrip()


def _data(platform: Platform) -> dict[str, Any]:
    return {
        "name": platform.name,
        "title": platform.title,
        "options": dict(platform.options),
        "fields": {pattern: _outcome(outcome) for pattern, outcome in platform.support.items()},
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    from intermodal.kit.records import fields  # noqa: PLC0415 - loaded with the platform

    said = {name: getattr(outcome, name) for name in fields(outcome)}
    if "consequence" in said:
        said["consequence"] = said["consequence"].name.lower()
    return {"outcome": type(outcome).__name__.lower(), **said}


def _word(outcome: Outcome) -> str:
    """What people read; what is missing without consequence is told apart from what is missed."""
    word = type(outcome).__name__.lower()
    return "no effect" if word == "missing" and not getattr(outcome, "consequence", True) else word


def _code(outcome: Outcome) -> str:
    return getattr(outcome, "code", "")


def _why(outcome: Outcome) -> str:
    return getattr(outcome, "why", "")
