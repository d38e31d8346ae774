"""Text from anywhere, made safe and visible for a terminal: nothing in it can move the cursor, recolour or hide.

Belongs here: what single characters look like and how wide they are. Does not: layout (`drawing.py`).
"""

from __future__ import annotations

_TAB = "    "


def visible(text: str) -> str:
    """The text with a sign in place of everything that is not a printable character; tabs become blanks."""
    if text.isprintable():
        return text
    return "".join(map(_sign, text))


def width(text: str) -> int:
    """How many cells of a terminal a visible text takes: wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - a large module that few runs need

    return sum(0 if combining(sign) else 1 + (east_asian_width(sign) in "WF") for sign in text)


def _sign(character: str) -> str:
    if character == "\t":
        return _TAB
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return chr(0x2400 + code) if code < 0x20 else "\u2421"
    return "\u2423" if character.isspace() else "\ufffd"
