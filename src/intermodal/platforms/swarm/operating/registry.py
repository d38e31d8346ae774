"""Images, looked for before anything is changed: in their registries, as seen from the manager, else on its node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.clients.docker.held import local
from intermodal.clients.docker.images import LocalImages
from intermodal.clients.docker.references import InvalidReference, parse
from intermodal.kit.diagnostics import Diagnostic
from intermodal.kit.threads import gather
from intermodal.model.changes import NotDone
from intermodal.platforms.swarm.operating.telling import told
from intermodal.platforms.swarm.planning.pins import Pin
from intermodal.platforms.swarm.refusals import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.clients.docker.auth import Credentials
    from intermodal.clients.docker.engine import Engine

_PATIENCE = 60.0
"""Seconds a registry may take to answer."""


def find_images(client: Engine, references: Iterable[str], credentials: Credentials) -> dict[str, Pin]:
    """What each image is. Raises `NotDone` with every one that is nowhere."""
    names = list(references)
    if not names:
        return {}
    answers = gather([lambda name=name: _asked(client, name, credentials) for name in names])  # type: ignore[misc]
    with told(client):
        here = local(client) if any(isinstance(answer, str) for answer in answers) else LocalImages(())
    found = [_pin(name, answer, here) for name, answer in zip(names, answers, strict=True)]
    if missing := [one for one in found if isinstance(one, Diagnostic)]:
        raise NotDone(missing)
    return {name: pin for name, pin in zip(names, found, strict=True) if isinstance(pin, Pin)}


def _asked(client: Engine, name: str, credentials: Credentials) -> Mapping[str, Any] | str:
    """What the registry says, or why it says nothing."""
    try:
        familiar = parse(name).familiar
        headers = credentials.headers(name)
        answer: Mapping[str, Any] = client.call(
            "GET", f"/distribution/{familiar}/json", headers=headers, timeout=_PATIENCE
        )
    except InvalidReference as error:
        return str(error)
    except EngineError as error:
        return error.message or f"HTTP {error.status}"
    except Unreachable as error:
        return error.reason
    return answer


def _pin(name: str, answer: Mapping[str, Any] | str, here: LocalImages) -> Pin | Diagnostic:
    if isinstance(answer, str):
        if here.find(name) is not None:
            return Pin(name=name, local=True)
        return problem(
            "image-not-found",
            f"the image {name} is neither in its registry nor on the manager's node: {answer}",
            "push it, or correct its name; `docker login` where the registry wants it. Nothing was changed",
        )
    digest = (answer.get("Descriptor") or {}).get("digest", "")
    reference = parse(name)
    pinned = reference.familiar if reference.digest or not digest else f"{reference.familiar}@{digest}"
    return Pin(name=pinned, platforms=tuple(_platform(one) for one in answer.get("Platforms") or ()))


def _platform(said: Mapping[str, str]) -> dict[str, str]:
    """As services spell it. Nodes call 32-bit ARM by other names than images do, so that is left open."""
    machine = said.get("architecture", "")
    return {"Architecture": "" if machine == "arm" else machine, "OS": said.get("os", "")}
