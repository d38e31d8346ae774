"""Telling which environment variables hold secrets: by their names, and by credentials inside URLs."""

from __future__ import annotations

import re

_NAME = re.compile(
    "PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|APIKEY|API_KEY|PRIVATE_KEY|_(?:KEY|PASS|PWD|AUTH|SALT)$"
)
_NOT_SECRET_ENDS = ("_FILE", "_PATH", "_URL", "_NAME", "_EXPIRES", "_EXPIRY", "_TTL", "_ENABLED", "_LENGTH", "_HEADER")
_PLAIN = frozenset({"", "true", "false", "yes", "no", "none", "null", "on", "off"})
_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable's value should not be seen by everyone who may see the application."""
    if "://" in value and _IN_URL.search(value):
        return True
    upper = name.upper()
    if not _NAME.search(upper) or value.lower() in _PLAIN or value.startswith("/run/secrets/"):
        return False
    if upper.endswith(_NOT_SECRET_ENDS) or value.isdigit():
        return upper.endswith(("PASSWORD", "_PASS", "_PWD"))
    return True
