r"""How one scalar is written in YAML so that every reader reads it back: plain, quoted or as a literal block.

Belongs here: the spelling of single values. Does not: lists and mappings (`emitter.py`), reading (`yamlfiles.py`).
A text stays plain only when YAML 1.1 and YAML 1.2 readers agree that it is that text: `yes`, `0x1F`, `1e3`, `22:22`
and `2024-01-01` are quoted, since one or the other reads a truth value, a number or a date.
"""

from __future__ import annotations

import re
from functools import cache

# A letter, a path or an option, then printable ASCII without ": ", " #" or a blank at the end; or a size or duration.
_PLAIN = re.compile(
    r"(?:[A-Za-z_]|\.?\.?/|--?[A-Za-z]|\$[({A-Za-z])(?:[!-9;-~]|:(?=[^ ])| (?=[^ #]))*"
    r"|[0-9]+(?:\.[0-9]+)?(?:m|[KMGTP]i?|Ei)|(?:[0-9]+(?:us|ms|s|m|h))+"
)
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_PRINTABLE = r" -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x1b": "\\e"}


def inline(text: str) -> str:
    """A text on one line: plain where that is safe, else quoted."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    needs_escapes = '"' in text or "\\" in text
    if not needs_escapes and text.isascii() and text.isprintable():
        return f'"{text}"'
    if needs_escapes and _printable(text) and "\n" not in text and "\t" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + _escapes().sub(_escape, text) + '"'


def literal(text: str, pad: str) -> str | None:
    """A text of several lines as a literal block, its lines after `pad`; None where a block would not be exact."""
    if text.isspace() or not _printable(text):
        return None
    # A reader finds the indentation by the first line, so one that begins with white space needs it said.
    said = "2" if text[0] in " \t\n" else ""
    body = text.rstrip("\n")
    keep = ("-", "", "+")[min(len(text) - len(body), 2)]
    lines = [pad + line if line else "" for line in body.split("\n")]
    return f"|{said}{keep}\n" + "\n".join(lines) + "\n" * max(len(text) - len(body), 1)


def number(value: float) -> str:
    """A whole number or a float; YAML 1.1 knows a float by its point."""
    if isinstance(value, int):
        return str(value)
    written = repr(value)
    if written.lstrip("-") in {"inf", "nan"}:
        return written.replace("inf", ".inf").replace("nan", ".nan")
    mantissa, mark, exponent = written.partition("e")
    return f"{mantissa}.0e{exponent}" if mark and "." not in mantissa else written


def _printable(text: str) -> bool:
    """Whether every character is a line break, a tab, or one that YAML prints as it is."""
    shown = text.replace("\n", "").replace("\t", "")
    return (shown.isascii() and shown.isprintable()) or not _unprintable().search(text)


# Character classes that wide take milliseconds to compile, and most output has no need of them.
@cache
def _unprintable() -> re.Pattern[str]:
    return re.compile(f"[^\\n\\t{_PRINTABLE}]")


@cache
def _escapes() -> re.Pattern[str]:
    return re.compile(f'["\\\\]|[^{_PRINTABLE}]')


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")
