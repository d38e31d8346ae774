"""Keeps secrets out of what is drawn: a source line is shown without the values that may be one.

Hidden are values below `environment:` and its like, everything after `=` in files of variables, values of names that
sound like secrets, and passwords in URLs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intermodal.kit.places import Source

HIDDEN = "***"
_PRIVATE_PARENTS = frozenset({"environment", "args", "content", "secrets", "build_args"})
_FURTHEST = 200
"""How many lines up a parent key is looked for."""


def veil(source: Source, number: int, line: str) -> str:
    """The line with what must not be shown replaced by `***`."""
    if _holds_variables(source.name):
        return _after(line, r"[=:]\s*")
    if _parent(source, number, line) in _PRIVATE_PARENTS:
        return _after(line, r"^\s*(?:-\s+)?['\"]?[^\s:='\"]+['\"]?(?:=|:\s+)", otherwise=_is_text(line))
    line = re.sub(r"(://[^\s:/@]*:)[^\s@]+@", rf"\1{HIDDEN}@", line)
    return _after(line, r"(?i)(?:passw|secret|token|api_?key|private|credential|auth)[\w.-]*['\"]?\s*[:=]\s*")


def _after(line: str, pattern: str, *, otherwise: bool = False) -> str:
    """The line up to the end of the first match, then `***` where anything follows."""
    found = re.search(pattern, line)
    if found is None:
        return re.sub(r"\S.*", HIDDEN, line, count=1) if otherwise else line
    rest = line[found.end() :].strip()
    return line[: found.end()] + HIDDEN if rest and rest not in {"|", ">", "|-", ">-", "{", "["} else line


def _is_text(line: str) -> bool:
    """Whether a line below a private key is a value itself: a block's line, or what begins a list."""
    stripped = line.strip()
    return not stripped.endswith(":") and not re.fullmatch(r"-?\s*[\w.-]+", stripped)


def _holds_variables(name: str) -> bool:
    base = name.rpartition("/")[2]
    return base.endswith(".env") or base.startswith(".env") or "env_file" in base


def _parent(source: Source, number: int, line: str) -> str:
    """The nearest key above that stands further left and is private; else the nearest one's name."""
    depth = _indent(line)
    for above in range(number - 1, max(number - _FURTHEST, 0), -1):
        text = source.line(above)
        if text.strip() and not text.lstrip().startswith("#") and _indent(text) < depth:
            depth = _indent(text)
            key = text.strip().removeprefix("- ").partition(":")[0].strip("'\" ")
            if key in _PRIVATE_PARENTS or not depth:
                return key
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
