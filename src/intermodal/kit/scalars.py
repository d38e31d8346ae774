"""What a YAML scalar means: text, number, truth value or nothing. Knows nothing of documents or places.

The core schema of YAML 1.2 as go-yaml 3 reads it, which is what `docker compose` does: `on` and `yes` are text,
`010`, `0o10` and `0x8` are the number 8, `1_000` is 1000. Dates stay text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from intermodal.kit.nodes import Plain

_INFINITY = float("inf")
_WORDS: dict[str, Plain] = {
    "": None,
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), _INFINITY),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -_INFINITY),
}
_STARTS = frozenset("~nNtTfF+-.0123456789")
_NUMBER_STARTS = frozenset("+-.0123456789")
_NUMBER_CHARACTERS = frozenset("+-._0123456789abcdefABCDEFxXoO")
_BASES = {"0x": 16, "0o": 8, "0b": 2}
_LONGEST_INTEGER = 20
_LONGEST_NUMBER = 400


def resolve(text: str) -> Plain:
    """The value of an unquoted scalar without a tag."""
    if not text:
        return None
    if text[0] not in _STARTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS and len(text) <= _LONGEST_NUMBER and _NUMBER_CHARACTERS.issuperset(text):
        return _number(text)
    return text


def _number(text: str) -> Plain:
    digits = text.replace("_", "")
    whole = _whole(digits)
    if whole is not None:
        return whole
    # Python reads "1_0", "nan" and "infinity" as floats too; none of them gets here, for their letters or lost `_`.
    try:
        number = float(digits)
    except ValueError:
        return text
    return text if number in (_INFINITY, -_INFINITY) else number


def _whole(text: str) -> int | None:
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    if digits.isdecimal() and digits[0] != "0":
        base = 10
    elif digits[:2].lower() in _BASES:
        base, digits = _BASES[digits[:2].lower()], digits[2:]
    else:
        base = 8
    if not digits.isalnum() or len(digits) > _LONGEST_INTEGER * 4:
        return None
    try:
        number = int(sign + digits, base)
    except ValueError:
        return None
    return number if -(2**63) <= number < 2**64 else None


class TagMismatchError(ValueError):
    """A scalar does not have the form its tag promises."""


class _Tagged(NamedTuple):
    kinds: tuple[type, ...]
    word: str


_TAGGED = {
    "int": _Tagged((int,), "a whole number"),
    "float": _Tagged((float, int), "a number"),
    "bool": _Tagged((bool,), "true or false"),
    "null": _Tagged((type(None),), "nothing"),
}


def resolve_tagged(text: str, tag: str) -> Plain:
    """The value of a scalar with a tag of the core schema, such as `int`; raises `TagMismatchError`."""
    if tag == "binary":
        return _decoded(text)
    expected = _TAGGED.get(tag)
    if expected is None:
        return text
    value = resolve(text)
    fits = isinstance(value, expected.kinds) and (tag == "bool" or not isinstance(value, bool))
    if not fits:
        raise TagMismatchError(f"a value tagged !!{tag} must be {expected.word}")
    return float(value) if tag == "float" and value is not None else value


def _decoded(text: str) -> str:
    from base64 import b64decode  # noqa: PLC0415 - hardly any file has a !!binary value

    try:
        return b64decode(text).decode()
    except ValueError as error:
        raise TagMismatchError("a value tagged !!binary must be text in base64") from error
