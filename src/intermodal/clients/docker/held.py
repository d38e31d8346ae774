"""Which images an engine has, and which digest a registry has for a name: both are the engine's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.images import LocalImages, listed
from intermodal.clients.docker.references import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.engine import Engine


def local(engine: Engine) -> LocalImages:
    """The engine's images, by one call. Raises `EngineError`, `Unreachable`."""
    return LocalImages(listed(each) for each in engine.call("GET", "/images/json") or ())


def remote_digest(engine: Engine, text: str, headers: Mapping[str, str] | None = None) -> str:
    """The digest a registry has for a name now, asked by the engine; `headers` are `auth.Credentials.headers`.

    Raises `EngineError`, `Unreachable`.
    """
    answer = engine.call("GET", f"/distribution/{parse(text)}/json", headers=headers)
    return str((answer or {}).get("Descriptor", {}).get("digest", ""))
