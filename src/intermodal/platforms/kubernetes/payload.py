"""The content of ConfigMaps and Secrets: readable where it is text, exact where it is not, and its mark in names."""

from __future__ import annotations

from binascii import b2a_base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 1024 * 1024
"""Bytes that a ConfigMap or Secret may hold (Kubernetes, core validation: MaxSecretSize)."""
HASH_LENGTH = 10
_CONTROL = bytes({*range(32), 127} - {9, 10, 13})


def payload_fields(kind: str, contents: Mapping[str, bytes]) -> dict[str, Any]:
    """The fields that hold `contents` in a ConfigMap or a Secret."""
    readable, exact = ("data", "binaryData") if kind == "ConfigMap" else ("stringData", "data")
    texts: dict[str, str] = {}
    others: dict[str, str] = {}
    for key, content in contents.items():
        text = as_text(content)
        if text is None:
            others[key] = b2a_base64(content, newline=False).decode()
        else:
            texts[key] = text
    return {**({readable: texts} if texts else {}), **({exact: others} if others else {})}


def as_text(content: bytes) -> str | None:
    """The content as text that YAML and JSON hand on unchanged; None where it is not such text."""
    if content.translate(None, _CONTROL) != content or content.startswith(b"\xef\xbb\xbf"):
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def content_hash(contents: Mapping[str, bytes]) -> str:
    """A mark for names: other content, other name, so pods are replaced when what they read changes."""
    from hashlib import sha256  # noqa: PLC0415 - costs a millisecond that most commands need not pay

    digest = sha256()
    for key, content in contents.items():
        digest.update(f"{key}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:HASH_LENGTH]
