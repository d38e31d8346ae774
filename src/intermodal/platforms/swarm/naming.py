"""Names of configs. Swarm's configs cannot change, so a name carries the hash of the content: new content, new name.

Secrets carry none: the hash of a short secret would give it away.
"""

from __future__ import annotations

LONGEST = 64
"""Characters a config's or secret's name may have in Swarm."""
_HASH = 10


def hashed_name(application: str, key: str, content: bytes) -> str:
    """`shop_nginx-conf-3f2a9c01de`: unique to the content, never longer than Swarm allows."""
    from hashlib import sha256  # noqa: PLC0415 - most applications need no hash

    digest = sha256(content).hexdigest()[:_HASH]
    return f"{f'{application}_{key}'[: LONGEST - _HASH - 1]}-{digest}"


def slug(path: str, folder: str) -> str:
    """A key for a file, from its path below the application's folder: "conf/nginx.conf" -> "conf-nginx.conf"."""
    relative = path.removeprefix(folder.rstrip("/") + "/")
    kept = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "._-" else "-" for letter in relative)
    return kept.strip("._-")[-40:].strip("._-") or "file"
