"""Durations, byte sizes and CPU numbers as people write them, and back. Knows nothing of applications.

Durations are Go's (`1h30m`, `1.5s`, and `d` and `w`, which docker compose adds), in seconds. Sizes are Docker's
(`64m`, `1.5 GiB`: powers of 1024 whatever the unit is called), in bytes. What cannot be read raises `ValueError`
with a reason that fits behind a colon.
"""

from __future__ import annotations

NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,  # micro sign, U+00B5
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60 * 1_000_000_000,
    "h": 3_600 * 1_000_000_000,
    "d": 24 * 3_600 * 1_000_000_000,
    "w": 7 * 24 * 3_600 * 1_000_000_000,
}
_LONGEST = 2**63 - 1
_LONGEST_TEXT = 400
_DIGITS = "0123456789"
_POWERS = {"k": 10, "m": 20, "g": 30, "t": 40, "p": 50}


def duration(text: str) -> float:
    """Seconds of a duration such as `1m30s`."""
    return nanoseconds(text) / 1e9


def nanoseconds(text: str) -> int:
    """Whole nanoseconds of a duration such as `1m30s`; `0` needs no unit."""
    rest = text.lstrip("+-") if text[:1] in {"+", "-"} and text[1:2] not in {"+", "-"} else text
    if rest == "0":
        return 0
    if not rest or len(rest) > _LONGEST_TEXT:
        raise ValueError("it is a number with a unit, such as 30s or 1m30s")
    total = 0
    while rest:
        whole, fraction, rest = _number(rest)
        unit, rest = _unit(rest)
        total += int(whole or "0") * unit + int(fraction or "0") * unit // 10 ** len(fraction)
        if total > _LONGEST:
            raise ValueError("longer than 292 years")
    return -total if text.startswith("-") else total


def _number(text: str) -> tuple[str, str, str]:
    whole = text[: len(text) - len(text.lstrip(_DIGITS))]
    rest = text[len(whole) :]
    fraction = ""
    if rest.startswith("."):
        fraction = rest[1 : len(rest) - len(rest[1:].lstrip(_DIGITS))]
        rest = rest[1 + len(fraction) :]
    if not whole and not fraction:
        raise ValueError("it is a number with a unit, such as 30s or 1m30s")
    if len(whole) > 19 or len(fraction) > 30:
        raise ValueError("too many digits")
    return whole, fraction, rest


def _unit(text: str) -> tuple[int, str]:
    end = 0
    while end < len(text) and text[end] not in "0123456789.":
        end += 1
    if not end:
        raise ValueError("the unit is missing: write s, m or h behind the number")
    name = text[:end]
    if name not in NANOSECONDS:
        raise ValueError(f"there is no unit {name[:20]!r}: ns, us, ms, s, m, h, d and w are known")
    return NANOSECONDS[name], text[end:]


def format_duration(seconds: float) -> str:
    """A duration as Go writes it: `1m30s`, `1.5s`, `200ms`, `0s`."""
    count = round(seconds * 1e9)
    sign, count = ("-", -count) if count < 0 else ("", count)
    if count < 1_000_000_000:
        for unit in ("ms", "µs", "ns"):
            if count >= NANOSECONDS[unit]:
                return f"{sign}{_decimal(count, NANOSECONDS[unit])}{unit}"
        return "0s"
    minutes, rest = divmod(count, NANOSECONDS["m"])
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(rest, NANOSECONDS['s'])}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{text}"
    return f"{sign}{minutes}m{text}" if minutes else f"{sign}{text}"


def _decimal(count: int, unit: int) -> str:
    whole, rest = divmod(count, unit)
    if not rest:
        return str(whole)
    return f"{whole}.{str(rest).zfill(len(str(unit)) - 1).rstrip('0')}"


def size(text: str) -> int:
    """Bytes of a size such as `64m` or `1.5 GiB`; units are powers of 1024, and bytes when there is none."""
    last = max((text.rfind(mark) for mark in "0123456789. "), default=-1)
    if last < 0:
        raise ValueError("it is a number with a unit, such as 512m or 1.5g")
    digits = text[: last + 1] if text[last] != " " else text[:last]
    suffix = text[last + 1 :].lower()
    number = _float(digits)
    if number is None or number < 0:
        raise ValueError("it is a number, not negative, with a unit, such as 512m or 1.5g")
    if suffix in {"", "b"}:
        return int(number)
    if suffix[0] not in _POWERS or suffix[1:] not in {"", "b", "ib"}:
        raise ValueError(f"there is no unit {suffix[:20]!r}: b, k, m, g, t and p are known")
    scaled = number * 2.0 ** _POWERS[suffix[0]]
    if scaled > _LONGEST:
        raise ValueError("larger than any machine")
    return int(scaled)


def _float(digits: str) -> float | None:
    if not 0 < len(digits) <= _LONGEST_TEXT or not digits.isascii() or digits.strip() != digits or "_" in digits:
        return None
    try:
        number = float(digits)
    except ValueError:
        return None
    return number if abs(number) <= _LONGEST else None


def format_size(count: int) -> str:
    """A size in the largest unit that needs no fraction: `64m`, `1g`, `1000b`."""
    for unit in ("p", "t", "g", "m", "k"):
        if count and count % (1 << _POWERS[unit]) == 0:
            return f"{count >> _POWERS[unit]}{unit}"
    return f"{count}b"


def cpus(text: str) -> float:
    """Cores of a number such as `0.5`."""
    number = _float(text)
    if number is None:
        raise ValueError("it is a number such as 0.5 or 2")
    return number


def single_precision(number: float) -> float:
    """The number as Go prints it from 32 bits: the shortest decimal that stands for the same 32-bit float."""
    if number == int(number) and abs(number) < 1 << 24:
        return int(number)
    from struct import pack, unpack  # noqa: PLC0415 - few numbers have a fraction

    kept = pack("<f", number)
    single: float = unpack("<f", kept)[0]
    for digits in range(1, 10):
        short = float(f"{single:.{digits}g}")
        if pack("<f", short) == kept:
            return short
    return single


def format_number(number: float) -> str:
    """A number as Go prints it with %v: `1.5`, `100000`, `1e+06`, `1e-05`, `+Inf`."""
    if isinstance(number, int):
        return str(number)
    text = repr(number)
    if text in _SPECIAL:
        return _SPECIAL[text]
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    written = whole + fraction
    digits = written.lstrip("0")
    point = len(whole) + int(exponent or "0") - (len(written) - len(digits))
    return sign + _placed(digits.rstrip("0"), point)


_SPECIAL = {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf", "0.0": "0", "-0.0": "-0"}


def _placed(digits: str, point: int) -> str:
    """Digits with the decimal point behind the first `point` of them, or with an exponent if that is far away."""
    if not -4 < point <= 6:
        mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
        return f"{mantissa}e{'-' if point < 1 else '+'}{abs(point - 1):02d}"
    if point <= 0:
        return f"0.{'0' * -point}{digits}"
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"
