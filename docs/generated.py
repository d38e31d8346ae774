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

    from intermodal.model.support import Support

_LINE = re.compile(r"^<!-- generated: (\w+) ?(.*?) -->$", re.MULTILINE)


def capabilities(platform: str) -> str:
    """What a platform's files make of every field, one table for each part of a Compose file."""
    return _sections(find(platform).support)


def operations(platform: str) -> str:
    """What `up` makes of every field on a platform, as above."""
    return _sections(find(platform).operating)


def both(platform: str) -> str:
    """What becomes of every field, translated and with `up`, in columns beside each other."""
    found = find(platform)
    return _sections(found.support, found.operating)


def _sections(*tables: Support) -> str:
    sections: dict[str, list[str]] = {}
    for pattern in {key: None for table in tables for key in table}:
        part, _, _ = pattern.partition(".")
        sections.setdefault(part, []).append(_row(pattern, [_said(table, pattern) for table in tables]))
    ordered = sorted(sections, key=lambda part: (part.startswith("x-"), part != "services"))
    head = _HEADS[len(tables)]
    return "\n\n".join(f"### `{part}`\n\n{_table(sections[part], head)}" for part in ordered)


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


_HEADS = {
    1: ("field", "outcome", "what it becomes, or why not"),
    2: ("field", "translated", "with `up`"),
}


def _table(rows: list[str], head: tuple[str, ...]) -> str:
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *rows])


def _row(pattern: str, said: list[tuple[str, str]]) -> str:
    """A row with outcome and explanation apart, or with both in one cell for each of two outcomes."""
    if len(said) == 1:
        return f"| `{pattern}` | {said[0][0]} | {said[0][1]} |"
    cells = [f"{outcome}: {why}" if why else outcome for outcome, why in said]
    return f"| `{pattern}` | {cells[0]} | {'the same' if cells[1] == cells[0] else cells[1]} |"


def _said(table: Support, pattern: str) -> tuple[str, str]:
    """The outcome of a field, and what it becomes or why not; by the row around it where it has none."""
    outcome = table.get(pattern) or table[_around(table, pattern)]
    match outcome:
        case Exact():
            said, why = "exact", outcome.how
        case Approximate():
            said, why = f"approximate, [{outcome.code}](diagnostics.md#{outcome.code})", outcome.why
        case Missing():
            said, why = f"missing, [{outcome.code}](diagnostics.md#{outcome.code})", outcome.why
    return said, _cell(why)


def _around(table: Support, pattern: str) -> str:
    keys = pattern.split(".")
    wider = (".".join([*keys[:end], "**"]) for end in range(len(keys), 0, -1))
    return next(one for one in wider if one in table)


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
    "both": both,
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
