"""ConfigMaps and Secrets: keys, encodings, and the 1 MiB they may hold."""

from __future__ import annotations

from binascii import Error, a2b_base64
from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.names import is_config_key
from intermodal.platforms.kubernetes.payload import LIMIT
from intermodal.platforms.kubernetes.rules.scene import Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.platforms.kubernetes.rules.scene import Content, Rule, Scene

_FIELDS = {
    "ConfigMap": (("data", False), ("binaryData", True)),
    "Secret": (("stringData", False), ("data", True)),
}
"""Kind -> its fields, and whether their values are base64."""


def payloads(scene: Scene) -> Iterator[Violation]:
    """Keys are valid and there once, values can be decoded, and all fit."""
    for content in scene.of("ConfigMap", "Secret"):
        for problem in _payload(content):
            yield Violation(rule="payload", where=title(content), message=problem)


def _payload(content: Content) -> Iterator[str]:
    seen: set[str] = set()
    total = 0
    for field, encoded in _FIELDS[content["kind"]]:
        for key, value in (content.get(field) or {}).items():
            if not is_config_key(key) or key in seen:
                yield f"the key {key!r} is there twice or may not be one"
            seen.add(key)
            size = _size(value, encoded=encoded)
            if size is None:
                yield f"the value of {key!r} cannot be read"
            total += size or 0
    if total > LIMIT:
        yield f"it holds {total} bytes, and {LIMIT} is the limit"


def _size(value: object, *, encoded: bool) -> int | None:
    if not isinstance(value, str):
        return None
    try:
        return len(a2b_base64(value.encode(), strict_mode=True)) if encoded else len(value.encode())
    except (Error, UnicodeEncodeError):
        return None


RULES: tuple[Rule, ...] = (payloads,)
