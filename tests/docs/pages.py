"""Examples in Markdown pages: what a reader would type, and what the page says comes out.

In a `console` block a line `$ COMMAND` is run; the lines below it are its output, standard error included. `...` stands
for any text, and alone on a line for any lines. A block with `:caption: NAME` or `title="NAME"` is a file of that name.
What a command exports is there for the next. A page with `<!-- on real engines -->` in it is followed in the suite on
real engines. `python -m tests.docs.pages PAGE…` writes the true output into pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^(?P<fence>`{3,}|:{3,})(?P<info>[^\n`]+)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r"\A(?::[\w-]+:[^\n]*\n)*?:caption: (?P<name>\S+)\n(?::[\w-]+:[^\n]*\n)*\n?")
_TITLE = re.compile(r'title="(?P<name>[^"]+)"')
_SECONDS = 180
ON_ENGINES = "<!-- on real engines -->"
_EXPORTED = "exported.sh"
_KEEPING_EXPORTS = """\
[ ! -e "$0" ] || . "$0"
{line}
code=$?
export -p >"$0"
exit $code
"""


class File(NamedTuple):
    """A file the page has its reader write."""

    name: str
    text: str


class Command(NamedTuple):
    """A command, the output the page shows, and where that output stands in the page."""

    line: str
    shown: str
    span: tuple[int, int]


def examples(page: str) -> Iterator[File | Command]:
    """What a page has its reader do, in order."""
    for block in _BLOCK.finditer(page):
        caption = _CAPTION.match(block["text"])
        title = _TITLE.search(block["info"])
        if block["info"] == "console":
            yield from _commands(block["text"], block.start("text"))
        elif title:
            yield File(title["name"], block["text"])
        elif caption:
            yield File(caption["name"], block["text"][caption.end() :])


def _commands(block: str, start: int) -> Iterator[Command]:
    for found in re.finditer(
        r"^\$ (?P<line>(?:[^\n]*\\\n)*[^\n]*)\n(?P<shown>(?:(?!\$ )[^\n]*\n)*)", block, re.MULTILINE
    ):
        first, last = found.span("shown")
        yield Command(found["line"], found["shown"], (start + first, start + last))


def scratch(folder: Path) -> Path:
    """A folder to follow a page in, with a copy of the examples; its name names the applications written there."""
    project = folder / "shop"
    shutil.copytree(ROOT / "examples", project / "examples")
    return project


def follow(example: File | Command, folder: Path) -> str:
    """Do what a page says, in a scratch copy; gives a command's output."""
    if isinstance(example, File):
        (folder / example.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / example.name).write_text(example.text, encoding="utf-8")
        return ""
    commands = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{commands}:{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", _KEEPING_EXPORTS.format(line=example.line), str(folder.parent / _EXPORTED)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def agrees(shown: str, printed: str) -> bool:
    """Whether the output a page shows is the output there is."""
    pattern = "".join(_line_pattern(line) for line in shown.splitlines())
    return re.fullmatch(pattern, printed) is not None


def _line_pattern(line: str) -> str:
    if line.strip() == "...":
        return r"(?:[^\n]*\n)*?"
    return ".*?".join(map(re.escape, line.rstrip().split("..."))) + r"\n"


def _rewrite(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    pieces, at = [], 0
    with tempfile.TemporaryDirectory() as folder:
        project = scratch(Path(folder))
        for example in examples(text):
            printed = follow(example, project)
            if isinstance(example, Command) and not agrees(example.shown, printed):
                pieces += [text[at : example.span[0]], printed]
                at = example.span[1]
    page.write_text("".join([*pieces, text[at:]]), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _rewrite(Path(name))
