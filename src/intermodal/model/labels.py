"""The labels we put on what we make, and the content hash they carry. Kept for good: old objects bear them."""

from __future__ import annotations

from typing import Any

REVISION = "intermodal.revision"
"""The content hash of what an object was made from: the same again means nothing is to be done."""
REPLICAS = "intermodal.replicas"
"""How many instances the file asked for when the service was last brought up; a live number that differs was chosen by
somebody else, and stays while the file's does not change."""
PREVIOUS = "intermodal.previous"
"""What a rollback goes back to, where the engine does not keep it."""

DEPENDS_ON = "intermodal.depends-on"
"""The services this one depends on, commas between: what the order of stopping is read from."""
ONEOFF = "intermodal.oneoff"
"""On what a one-off `run` makes: the name of the service it is an instance of. It is not part of the service."""

_DIGITS = 16


def revision(value: Any) -> str:  # noqa: ANN401 - plain data, bytes included
    """The content hash of plain data: 16 hexadecimal digits of SHA-256 over its canonical JSON."""
    from hashlib import sha256  # noqa: PLC0415 - translation does without it
    from json import dumps  # noqa: PLC0415 - as above

    return sha256(dumps(value, sort_keys=True, separators=(",", ":"), default=_plain).encode()).hexdigest()[:_DIGITS]


def _plain(value: Any) -> Any:  # noqa: ANN401 - as above
    return value.hex() if isinstance(value, bytes) else dict(value) if hasattr(value, "keys") else list(value)
