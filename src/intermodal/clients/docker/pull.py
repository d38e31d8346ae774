"""Have an engine fetch an image from its registry, with progress over all layers.

Belongs here: the pull, and what its failure means. Does not: whether an image is wanted (platforms), credentials
(`auth.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.diagnosis import told
from intermodal.clients.docker.errors import EngineError
from intermodal.clients.docker.events import objects
from intermodal.clients.docker.references import InvalidReference, parse
from intermodal.kit.diagnostics import Diagnostic, Severity
from intermodal.model.changes import NotDone, Stage, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine


def pull(
    engine: Engine,
    image: str,
    credentials: Credentials,
    report: Callable[[Step], None],
    *,
    key: str = "",
    platform: str = "",
) -> None:
    """Fetch an image; there already, it is made sure that it is the registry's. Raises `NotDone`.

    `report` gets a `Step` of `key` whenever there is news: bytes of all layers, fetched and in total as far as known.
    `platform` is like linux/arm64, "" the engine's own.
    """
    try:
        wanted = parse(image)
    except InvalidReference as error:
        raise NotDone([_error("image-name-invalid", str(error), "write it like ghcr.io/me/app:1.2")]) from error
    query = {"fromImage": wanted.repository, "tag": wanted.digest or wanted.tag, "platform": platform or None}
    progress = _Progress(key or f"image/{image}", report)
    with told(engine.address):
        try:
            stream = engine.stream("POST", "/images/create", query=query, headers=credentials.headers(image))
            try:
                for news in objects(stream):
                    progress.take(news)
            finally:
                stream.close()
        except EngineError as error:
            meaning = _meaning(error.message, image)
            if meaning is None:
                raise
            raise NotDone([meaning]) from error


class _Progress:
    """Adds up what the engine tells of each layer."""

    def __init__(self, key: str, report: Callable[[Step], None]) -> None:
        self._key = key
        self._report = report
        self._layers: dict[str, tuple[int, int]] = {}
        self._told: Step | None = None

    def take(self, news: Mapping[str, Any]) -> None:
        """One object of the engine's answer. Raises `EngineError` when it tells of a failure."""
        failure = news.get("error") or (news.get("errorDetail") or {}).get("message")
        if failure:
            raise EngineError(500, str(failure), "POST /images/create")
        layer, status = news.get("id"), str(news.get("status") or "")
        if layer and status in _STATES:
            self._layers[layer] = self._counted(layer, status, news.get("progressDetail") or {})
            self._tell(_STATES[status])

    def _counted(self, layer: str, status: str, detail: Mapping[str, Any]) -> tuple[int, int]:
        done, total = self._layers.get(layer, (0, 0))
        if status == "Downloading":
            return int(detail.get("current") or 0), int(detail.get("total") or 0)
        return (total, total) if status in _FETCHED else (done, total)

    def _tell(self, text: str) -> None:
        done = sum(done for done, _ in self._layers.values())
        total = sum(total for _, total in self._layers.values())
        step = Step(key=self._key, stage=Stage.MOVED, text=text, done=done, total=max(done, total) or None)
        if step != self._told:
            self._told = step
            self._report(step)


_FETCHED = frozenset({"Verifying Checksum", "Download complete", "Extracting", "Pull complete"})
_STATES = {
    "Pulling fs layer": "fetching",
    "Waiting": "fetching",
    "Downloading": "fetching",
    "Verifying Checksum": "fetching",
    "Download complete": "fetching",
    "Extracting": "unpacking",
    "Pull complete": "unpacking",
}


def _meaning(message: str, image: str) -> Diagnostic | None:
    """What a failed pull means, None where it is not about the registry."""
    for words, code, said, advice in _MEANINGS:
        if words.search(message):
            return _error(code, f"{said.format(image)}: {message}", advice)
    return None


_MEANINGS = (
    (
        re.compile("toomanyrequests|rate limit", re.IGNORECASE),
        "registry-limit",
        "the registry gives no more images for now, not {} either",
        "log in (`docker login`), wait, or use a registry of your own",
    ),
    (
        re.compile("no matching manifest|does not match the specified platform|no match for platform", re.IGNORECASE),
        "image-not-for-platform",
        "there is no {} for this kind of machine",
        "choose another image, or say which one you mean: `platform: linux/amd64`",
    ),
    (
        re.compile(
            "unauthorized|authentication required|no basic auth|incorrect username|403 Forbidden", re.IGNORECASE
        ),
        "registry-login",
        "the registry wants to know who asks for {}",
        "`docker login REGISTRY`; our credentials are those of Docker's client",
    ),
    (
        re.compile(
            "manifest unknown|name unknown|not found|does not exist|access to the resource is denied|access denied"
        ),
        "image-not-found",
        "there is no image {} in its registry, or it is not for us to see",
        "look at its name and tag; `docker login` for a private one; an image of one's own is built or loaded first",
    ),
    (
        re.compile(
            "dial tcp|no such host|i/o timeout|connection re(fused|set)|TLS handshake|x509|HTTP response to HTTPS|EOF"
            "|context deadline exceeded|server misbehaving|network is unreachable|Client.Timeout"
        ),
        "registry-unreachable",
        "the engine cannot reach the registry of {}",
        "look at the engine's network, proxy and DNS; registries without TLS are named in `insecure-registries`",
    ),
)


def _error(code: str, message: str, advice: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)
