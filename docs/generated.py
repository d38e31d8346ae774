"""Pages' parts that are made from the product's own data, so that they cannot disagree with it.

A line `<!-- generated: NAME ARGUMENTS -->` is replaced by the Markdown that the function of that name returns.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import click

from intermodal.cli.commands import COMMANDS
from intermodal.cli.main import intermodal
from intermodal.model.support import Approximate, Exact, Missing
from intermodal.platforms import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from intermodal.model.support import Outcome, Support

_LINE = re.compile(r"^<!-- generated: (\w+) ?(.*?) -->$", re.MULTILINE)


def capabilities(platform: str) -> str:
    """What a platform's files make of every field, one table for each part of a Compose file."""
    return _sections(find(platform).support)


def operations(platform: str) -> str:
    """What `up` makes of every field on a platform, as above."""
    return _sections(find(platform).operating)


def _sections(support: Support) -> str:
    sections: dict[str, list[str]] = {}
    for pattern, outcome in support.items():
        part, _, _ = pattern.partition(".")
        sections.setdefault(part, []).append(_row(pattern, outcome))
    ordered = sorted(sections, key=lambda part: (part.startswith("x-"), part != "services"))
    return "\n\n".join(f"### `{part}`\n\n{_table(sections[part])}" for part in ordered)


def options(platform: str) -> str:
    """The options a platform takes with `--set NAME=VALUE`."""
    rows = [f"| `{name}` | {_cell(said)} |" for name, said in find(platform).options.items()]
    return "\n".join(["| option | what it asks for |", "|---|---|", *rows])


def diagnostics() -> str:
    """The page of every code, in alphabetical order, as `intermodal explain` prints it."""
    pages = files("intermodal").joinpath("explanations").iterdir()
    return "\n\n".join(_lowered(page.read_text("utf-8")) for page in sorted(pages, key=lambda page: page.name))


def commands() -> str:
    """What every command says with `--help`."""
    context = click.Context(intermodal, info_name="intermodal", terminal_width=100, help_option_names=["-h", "--help"])
    pages = {"intermodal": intermodal.get_help(context)}
    for name in COMMANDS:
        command = intermodal.get_command(context, name)
        if command is not None:
            inner = click.Context(command, parent=context, info_name=name, terminal_width=100)
            pages[inner.command_path] = command.get_help(inner)
    return "\n\n".join(f"### `{name}`\n\n```text\n{said}\n```" for name, said in pages.items())


def group(name: str) -> str:
    """What every command of a group of commands says with `--help`."""
    outer = click.Context(intermodal, info_name="intermodal", terminal_width=100, help_option_names=["-h", "--help"])
    found = intermodal.get_command(outer, name)
    assert isinstance(found, click.Group)  # noqa: S101 - the page names a group
    context = click.Context(found, parent=outer, info_name=name, terminal_width=100)
    inner = {each: found.get_command(context, each) for each in found.list_commands(context)}
    pages = {
        f"{context.command_path} {each}": command.get_help(
            click.Context(command, parent=context, info_name=each, terminal_width=100)
        )
        for each, command in inner.items()
        if command is not None
    }
    return "\n\n".join(f"### `{path}`\n\n```text\n{said}\n```" for path, said in pages.items())


def _table(rows: list[str]) -> str:
    return "\n".join(["| field | outcome | what it becomes, or why not |", "|---|---|---|", *rows])


def _row(pattern: str, outcome: Outcome) -> str:
    match outcome:
        case Exact():
            said, why = "exact", outcome.how
        case Approximate():
            said, why = f"approximate: [{outcome.code}](diagnostics.md#{outcome.code})", outcome.why
        case Missing():
            said, why = f"missing: [{outcome.code}](diagnostics.md#{outcome.code})", outcome.why
    return f"| `{pattern}` | {said} | {_cell(why)} |"


def _cell(text: str) -> str:
    return re.sub(r"([|<*\\])", r"\\\1", text)


def _lowered(page: str) -> str:
    """A page's headings one level down; fenced blocks are left alone."""
    return "\n".join(_lowered_lines(page.strip().splitlines()))


def _lowered_lines(lines: list[str]) -> Iterator[str]:
    fenced = False
    for line in lines:
        fenced ^= line.startswith("```")
        yield f"#{line}" if line.startswith("#") and not fenced else line


_MAKERS: dict[str, Callable[..., str]] = {
    "capabilities": capabilities,
    "commands": commands,
    "diagnostics": diagnostics,
    "group": group,
    "operations": operations,
    "options": options,
}


def _fill(_app: object, _page: str, source: list[str]) -> None:
    source[0] = _LINE.sub(lambda line: _MAKERS[line[1]](*line[2].split()), source[0])


def setup(app: Any) -> dict[str, bool]:  # noqa: ANN401 - Sphinx is not typed for us
    """Let Sphinx call us when it reads a page."""
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
