"""Keeps secrets out of what is drawn: a source line is shown without the values that may be one.

Hidden are values below `environment:` and its like, everything after `=` in files of variables, values of names that
sound like secrets, and passwords in URLs. A value that only names a variable is no secret.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intermodal.kit.places import Source

HIDDEN = "***"
_PRIVATE = frozenset({"environment", "args", "content"})
_PRIVATE_HERE = re.compile(r"^\s*(?:- )?['\"]?(?:environment|args|content)['\"]?:\s+")
_ENTRY = re.compile(r"^\s*(?:-\s+)?['\"]?[^\s:='\"]+['\"]?(?:=|:\s+)")
_BARE_NAME = re.compile(r"-\s+['\"]?[\w.-]+['\"]?|['\"]?[\w.-]+['\"]?:")
_TELLING_NAME = re.compile(
    r"(?i)(?!(?<![\w.-])secrets['\"]?:)(?:passw|secret|token|api_?key|private|credential|auth)[\w.-]*['\"]?\s*(?:=|:\s+)"
)
_PASSWORD = re.compile(r"(://[^\s:/@]*:)[^\s@]+@")
_HARMLESS = re.compile(r"(?:['\"]?(?:\$\w+|\$\{\w+(?::?\?[^}]*)?\})['\"]?|[|>][-+0-9]*|[\[{])?")
_FURTHEST = 200
"""How many lines up a parent key is looked for."""


def veil(source: Source, number: int, line: str) -> str:
    """The line with what must not be shown replaced by `***`."""
    if _holds_variables(source.name):
        return _hidden_after(re.compile(r"[=:]\s*"), line)
    if _below_private_key(source, number, line):
        shown = _hidden_after(_ENTRY, line)
        text = shown == line and not _ENTRY.match(line) and not _BARE_NAME.fullmatch(line.strip())
        return re.sub(r"\S.*", HIDDEN, line, count=1) if text else shown
    line = _PASSWORD.sub(rf"\1{HIDDEN}@", line)
    return _hidden_after(_TELLING_NAME, _hidden_after(_PRIVATE_HERE, line))


def _hidden_after(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.search(line)
    if found is None or _HARMLESS.fullmatch(line[found.end() :].strip()):
        return line
    return line[: found.end()] + HIDDEN


def _holds_variables(name: str) -> bool:
    base = name.rpartition("/")[2]
    return base.endswith(".env") or base.startswith(".env") or "env_file" in base


def _below_private_key(source: Source, number: int, line: str) -> bool:
    """Whether any key that the line stands below is private."""
    depth = _depth(line)
    for above in range(number - 1, max(number - _FURTHEST, 0), -1):
        text = source.line(above)
        stripped = text.lstrip()
        if stripped and not stripped.startswith("#") and len(text) - len(stripped) < depth:
            depth = len(text) - len(stripped)
            if stripped.removeprefix("- ").partition(":")[0].strip("'\" ") in _PRIVATE:
                return True
    return False


def _depth(line: str) -> int:
    """How far in a line stands; an item of a list may stand as far out as the list's key."""
    stripped = line.lstrip()
    return len(line) - len(stripped) + stripped.startswith("- ")
