"""Scalars of a Compose file: how each kind is written, read and shown. Used by the grammar, never by platforms."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from intermodal.compose.kinds import (
    ANY_SCALAR,
    NOTHING,
    NUMBER_OR_TEXT,
    NUMBERS,
    TEXT_ONLY,
    TRUTH_OR_TEXT,
    WHOLE_OR_TEXT,
    Value,
)
from intermodal.kit import quantities

_TRUTHS = {"true": True, "y": True, "yes": True, "on": True, "false": False, "n": False, "no": False, "off": False}


def boolean(value: Any) -> bool:  # noqa: ANN401 - any scalar may be written
    """A truth value, or a text that docker compose takes for one."""
    if isinstance(value, bool):
        return value
    found = _TRUTHS.get(str(value).lower())
    if found is None:
        raise ValueError
    return found


def text(value: Any) -> str:  # noqa: ANN401 - any scalar may be written
    """A scalar as text: numbers as Go prints them, nothing as the empty text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quantities.format_number(value)


def text_or_nothing(value: Any) -> str | None:  # noqa: ANN401 - any scalar may be written
    """A scalar as text; nothing stays nothing."""
    return value if value is None or isinstance(value, str) else text(value)


def integer(value: Any) -> int:  # noqa: ANN401 - any scalar may be written
    """A whole number; a fraction written without quotes is cut off, as docker compose does."""
    if isinstance(value, str):
        digits = value[1:] if value[:1] in {"+", "-"} else value
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 19:
            raise ValueError
    return int(value)


def natural(value: Any) -> int:  # noqa: ANN401 - any scalar may be written
    """A whole number that is not negative."""
    number = integer(value)
    if number < 0:
        raise ValueError("it is negative")
    return number


def number(value: Any) -> float:  # noqa: ANN401 - any scalar may be written
    """A number."""
    return quantities.cpus(value) if isinstance(value, str) else float(value)


def size(value: Any) -> int:  # noqa: ANN401 - any scalar may be written
    """Bytes. An unquoted fraction means nothing to docker compose, so it is 0."""
    if isinstance(value, str):
        return quantities.size(value)
    return 0 if isinstance(value, float) else int(value)


def tmpfs_size(value: Any) -> int:  # noqa: ANN401 - any scalar may be written
    """Bytes of a file system in memory; there is no unlimited one."""
    found = size(value)
    if found < 0:
        raise ValueError("it is negative")
    return found


def duration(value: Any) -> float:  # noqa: ANN401 - any scalar may be written
    """Seconds."""
    return quantities.duration(str(value))


def mode(value: Any) -> int:  # noqa: ANN401 - any scalar may be written
    """Permission bits: a text is octal, a number is what YAML made of it."""
    if isinstance(value, float):
        raise ValueError("they are octal digits, such as 0444")  # noqa: TRY004 - the reason is shown
    if not isinstance(value, str):
        return int(value)
    if not value or value.strip("01234567"):
        raise ValueError("they are octal digits, such as 0444")
    return int(value, 8)


def count(value: Any) -> int:  # noqa: ANN401 - any scalar may be written
    """A number of devices; `all` is -1."""
    return -1 if isinstance(value, str) and value.lower() == "all" else integer(value)


def oom_score(value: Any) -> int:  # noqa: ANN401 - any scalar may be written
    """A whole number from -1000 to 1000."""
    score = integer(value)
    if not -1000 <= score <= 1000:
        raise ValueError("it lies between -1000 and 1000")
    return score


def percent(value: Any) -> float:  # noqa: ANN401 - any scalar may be written
    """A percentage; docker compose wants a whole one unless it is quoted."""
    found = number(value)
    if not 0 <= found <= 100 or found != int(found):
        raise ValueError("it is a whole number from 0 to 100")
    return found


_PULLS = ("always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly")


def pull_policy(value: str) -> str:
    """When an image is pulled; docker compose is content with any text that contains a right one."""
    if not any(word in value for word in _PULLS):
        _, found, rest = value.partition("every_")
        if not found or not rest[:1].isdigit() or rest.lstrip("0123456789")[:1] not in {*"wdhms"}:
            raise ValueError
    return "missing" if value == "if_not_present" else value


def address(value: str) -> str:
    """A host's address, without the brackets IPv6 may wear."""
    return value[1:-1] if len(value) > 2 and value[0] == "[" and value[-1] == "]" else value


def container_name(value: str) -> str:
    """A container's name; docker compose is content when a part of it is one: `[a-zA-Z0-9][a-zA-Z0-9_.-]+`."""
    for first, second in pairwise(value):
        if first.isascii() and first.isalnum() and second.isascii() and (second.isalnum() or second in "_.-"):
            return value
    raise ValueError("it has two or more letters, digits, '_', '.' or '-', and begins with a letter or digit")


TEXT = Value("text", "text", TEXT_ONLY, example="some text")
ADDRESS = Value("text", "text", TEXT_ONLY, address, example="10.0.0.5")
LABEL = Value("text", "text, a number, a truth value or nothing", ANY_SCALAR, text, example="some text")
VARIABLE = Value("text", "text, a number, a truth value or nothing", ANY_SCALAR, text_or_nothing, example="some text")
OPTION = Value("text", "text or a number", NUMBER_OR_TEXT, text, example="some text")
LOG_OPTION = Value("text", "text, a number or nothing", NUMBER_OR_TEXT | NOTHING, text, example="some text")
WORD = Value("text", "text or a whole number", WHOLE_OR_TEXT, text, example='"8080"')
FREE = Value("text", "text, a number or a truth value", NUMBER_OR_TEXT | {bool}, text, example="some text")
TEXT_OR_TRUTH = Value("text", "text or a truth value", TRUTH_OR_TEXT, text, example="true")
NULLABLE_TEXT = Value("text", "text", TEXT_ONLY | NOTHING, text, example="host")
BOOLEAN = Value("boolean", "true or false", TRUTH_OR_TEXT, boolean, code="invalid-boolean", example="true")
TRUTH = Value("boolean", "true or false, without quotes", frozenset({bool}), example="true")
INTEGER = Value("integer", "a whole number", WHOLE_OR_TEXT, integer, code="invalid-number", example="3")
NATURAL = Value("integer", "a whole number", WHOLE_OR_TEXT, natural, code="invalid-number", example="3")
UNQUOTED = Value("integer", "a whole number, without quotes", frozenset({int}), natural, example="300")
SIGNED = Value("integer", "a whole number, without quotes", frozenset({int}), example="1024")
WHOLE = Value("integer", "a number", NUMBER_OR_TEXT, integer, code="invalid-number", example="512")
WHOLE_NATURAL = Value("integer", "a number", NUMBER_OR_TEXT, natural, code="invalid-number", example="3")
PRIORITY = Value("integer", "a number, without quotes", NUMBERS, integer, example="100")
OOM_SCORE = Value("integer", "a whole number", WHOLE_OR_TEXT, oom_score, code="invalid-number", example="500")
PORT = Value("integer", "a port number", WHOLE_OR_TEXT, natural, code="invalid-port", example="8080")
CONTAINER_NAME = Value("text", "a name", TEXT_ONLY, container_name, code="invalid-name", example="web-1")
PERCENT = Value("number", "a whole number", WHOLE_OR_TEXT, percent, code="invalid-number", example="50")
NUMBER = Value(
    "number",
    "a number",
    NUMBER_OR_TEXT,
    number,
    code="invalid-number",
    example="0.5",
    show=quantities.single_precision,
)
DURATION = Value(
    "duration",
    "a duration such as 30s",
    TEXT_ONLY,
    duration,
    code="invalid-duration",
    example="30s",
    show=quantities.format_duration,
)
SIZE = Value("size", "a size such as 512m", NUMBER_OR_TEXT, size, code="invalid-size", example="512m", show=str)
WHOLE_SIZE = Value("size", "a size such as 512m", WHOLE_OR_TEXT, size, code="invalid-size", example="512m", show=str)
TMPFS_SIZE = Value(
    "size", "a size such as 512m", WHOLE_OR_TEXT, tmpfs_size, code="invalid-size", example="64m", show=str
)
TEXT_SIZE = Value(
    "size", "a size with a unit or in quotes", TEXT_ONLY, size, code="invalid-size", example="512M", show=str
)
SWAPPINESS = Value("integer", "a whole number", WHOLE_OR_TEXT, size, code="invalid-number", example="60", show=str)
COUNT = Value("count", "a whole number or all", WHOLE_OR_TEXT, count, code="invalid-number", example="all")
MODE = Value(
    "mode",
    "permission bits",
    NUMBER_OR_TEXT,
    mode,
    code="invalid-mode",
    example='"0444"',
    show=lambda bits: f"0{bits:o}",
)
TMPFS_MODE = Value("mode", "permission bits", NUMBERS, integer, code="invalid-mode", example="01777")

PULL_POLICY = Value(
    "choice",
    f"one of {', '.join(_PULLS)} or every_<duration>",
    TEXT_ONLY,
    pull_policy,
    code="invalid-choice",
    example="missing",
)


def choice(*words: str) -> Value:
    """One of a few words."""

    def read(value: str) -> str:
        if value not in words:
            raise ValueError
        return value

    return Value("choice", f"one of {', '.join(words)}", TEXT_ONLY, read, code="invalid-choice", example=words[0])
