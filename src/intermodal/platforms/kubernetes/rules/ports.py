"""What a port number and a port name are."""

from __future__ import annotations

_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def is_port(value: object) -> bool:
    """Whether it is a number that TCP or UDP has."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 16


def is_port_name(name: str) -> bool:
    """Whether it is an IANA service name: at most 15 letters, digits and single hyphens inside, with a letter."""
    return (
        0 < len(name) <= 15
        and _ALLOWED.issuperset(name)
        and name.strip("-") == name
        and "--" not in name
        and any(character.isalpha() for character in name)
    )
