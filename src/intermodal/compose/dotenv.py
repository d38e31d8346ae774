"""Reads files of variables: `.env`, `env_file`, `label_file`. Knows neither where they lie nor who wants them.

The format is that of the Compose Specification, "Env_file format", as compose-go reads it: `export`, comments,
quotes, values over several lines, escapes and expressions in double quotes, names without a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.interpolate import InvalidTemplateError, MissingVariableError, substitute
from intermodal.kit.places import Place, Source
from intermodal.kit.records import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.compose.interpolate import Lookup
    from intermodal.kit.diagnostics import Findings

_SPACE = "\t\v\f\r \x85\xa0"
_BLANK = frozenset(_SPACE + "\n")
_MARKS = frozenset("_.-[]")
_OCTAL = frozenset("01234567")
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    '"': '"',
    "\\": "\\",
    "$": "$$",
}


class _LineError(ValueError):
    """A line that cannot be read; `at` is the index of the fault."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def variables(source: Source, known: Lookup, findings: Findings, before: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """The variables a text defines.

    Expressions in values see `known` first, then what stands further up, then what the texts `before` defined.
    A name without `=` takes its value from `known`, and is left out where that has none.
    """
    parser = _Parser(source, known, findings, before)
    try:
        parser.parse()
    except _LineError as error:
        findings.error("invalid-env-file", str(error), parser.place(error.at), help=_HELP)
    return parser.found


def raw_variables(source: Source, known: Lookup, findings: Findings) -> dict[str, str]:
    """The variables of a text with `format: raw`: on each line a name, `=`, and the value exactly as it stands."""
    found: dict[str, str] = {}
    for number, line in enumerate(source.text.split("\n"), 1):
        statement = line.removesuffix("\r").lstrip()
        name, equals, value = statement.partition("=")
        if not statement or statement.startswith("#"):
            continue
        if not name or any(character.isspace() for character in name):
            place = Place(hidden(source), number, 1)
            findings.error("invalid-env-file", "a variable needs a name without spaces", place, help=_HELP)
            continue
        inherited = value if equals else known(name)
        if inherited is not None:
            found[name] = inherited
    return found


def hidden(source: Source) -> Source:
    """The source without its values, for showing lines to people: what it holds may be secret."""
    return Source(source.name, "\n".join(map(_without_value, source.text.split("\n"))))


def _without_value(line: str) -> str:
    name, equals, _ = line.partition("=")
    shown = bool(equals) and all(character.isalnum() or character in "_. " for character in name)
    return f"{name}=..." if shown else "..." if line.strip() else line


_HELP = "write NAME=value on each line; put values that hold line breaks or # in quotes"


class _Parser:
    """One pass over a text, statement by statement; `at` is the index it has come to."""

    def __init__(self, source: Source, known: Lookup, findings: Findings, before: Mapping[str, str]) -> None:
        self.source = source
        self.text = source.text
        self.known = known
        self.before = before
        self.found: dict[str, str] = {}
        self.findings = findings
        self.at = 0

    def parse(self) -> None:
        while self._to_statement():
            start = self.at
            name, inherited = self._name()
            value = self.known(name) if inherited else self._value(start)
            if value is not None:
                self.found[name] = value

    def place(self, at: int) -> Place:
        return Place(hidden(self.source), self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at))

    def _to_statement(self) -> bool:
        """Go on to the next character that is neither blank nor in a comment."""
        text, end, at = self.text, len(self.text), self.at
        while at < end:
            if text[at] == "#":
                at = text.find("\n", at)
                at = end if at < 0 else at
            elif text[at] in _BLANK or text[at].isspace():
                at += 1
            else:
                self.at = at
                return True
        return False

    def _name(self) -> tuple[str, bool]:
        """The name at hand, and whether it stands alone, so that its value comes from outside."""
        start = self._behind_export()
        at = start
        while at < len(self.text) and self.text[at] not in "=:\n":
            character = self.text[at]
            if not (character.isalnum() or character in _MARKS or character in _SPACE):
                raise _LineError(f"a variable's name cannot hold {character!r}", at)
            at += 1
        name = self.text[start:at].rstrip()
        if " " in name:
            raise _LineError("a variable's name cannot hold a space", start)
        alone = at >= len(self.text) or self.text[at] == "\n"
        self.at = at + 1
        return name, alone

    def _behind_export(self) -> int:
        text, at = self.text, self.at
        behind = at + len("export")
        if text.startswith("export", at) and text[behind : behind + 1] in _BLANK and behind < len(text):
            while behind < len(text) and text[behind] in _BLANK:
                behind += 1
            return behind
        return at

    def _value(self, start: int) -> str:
        text = self.text
        while self.at < len(text) and text[self.at] in _SPACE:
            self.at += 1
        quote = text[self.at : self.at + 1]
        if quote not in {"'", '"'}:
            return self._bare(start)
        return self._quoted(quote, start)

    def _bare(self, start: int) -> str:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        value = self.text[self.at : end].split(" #", 1)[0].rstrip()
        self.at = end
        return self._filled(value, start)

    def _quoted(self, quote: str, start: int) -> str:
        text, at, pieces = self.text, self.at + 1, []
        while at < len(text) and text[at] != quote:
            if text[at] == "\\" and at + 1 < len(text):
                pieces.append(quote if text[at + 1] == quote else text[at : at + 2])
                at += 2
            else:
                pieces.append(text[at])
                at += 1
        if at >= len(text):
            raise _LineError("a quote is opened here and never closed", self.at)
        self.at = at + 1
        value = "".join(pieces)
        return value if quote == "'" else self._filled(_unescaped(value), start)

    def _filled(self, value: str, start: int) -> str:
        if "$" not in value:
            return value
        try:
            return substitute(value, self._lookup, lambda name: self._unset(name, start))
        except InvalidTemplateError as error:
            raise _LineError("the expression in this value cannot be filled in", start) from error
        except MissingVariableError as error:
            raise _LineError(f"the variable {error.name} must have a value: {error.reason}", start) from error

    def _lookup(self, name: str) -> str | None:
        outer = self.known(name)
        return self.found.get(name, self.before.get(name)) if outer is None else outer

    def _unset(self, name: str, start: int) -> None:
        message = f"the variable {name} is not set; an empty text stands in its place"
        advice = f"set {name}, or write a default: ${{{name}:-value}}"
        self.findings.warning("variable-not-set", message, self.place(start), help=advice)


def _unescaped(value: str) -> str:
    """The value with the escapes of double quotes replaced; an escaped dollar becomes `$$`: nothing is filled in."""
    start = value.find("\\")
    if start < 0:
        return value
    pieces, done = [], 0
    while start >= 0:
        pieces.append(value[done:start])
        piece, done = _escape(value, start)
        pieces.append(piece)
        start = value.find("\\", done)
    pieces.append(value[done:])
    return "".join(pieces)


def _escape(value: str, start: int) -> tuple[str, int]:
    letter = value[start + 1 : start + 2]
    if letter in _ESCAPES:
        return _ESCAPES[letter], start + 2
    if letter != "0":
        return value[start : start + 1], start + 1
    end = start + 2
    while end < min(start + 5, len(value)) and value[end] in _OCTAL:
        end += 1
    digits = value[start + 2 : end]
    whole = len(digits) == 3 and int(digits, 8) < 256
    return (chr(int(digits, 8)) if whole else "\\" + digits), end
