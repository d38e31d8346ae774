"""What `up` would send to the engine, for people and machines to read. Pure. Secrets are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.platform import Document, Shape
from intermodal.platforms.compose.requests import Around, container

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.platforms.compose.requests import ServiceRequest, Wanted

_NEWEST = (1, 48)


def shaped(wanted: Wanted) -> Shape:
    """Networks, volumes and the first container of each service."""
    return Shape(objects=tuple(_documents(wanted)), notes=wanted.notes)


def _documents(wanted: Wanted) -> Iterator[Document]:
    for kind, some in (("network", wanted.networks), ("volume", wanted.volumes)):
        for key, shared in some.items():
            content = {"Name": shared.name, "External": True} if shared.external else dict(shared.body)
            yield Document(stem=f"{key}-{kind}", content=content)
    for service in wanted.services.values():
        yield Document(stem=f"{service.name}-container", content=_content(service))


def _content(service: ServiceRequest) -> dict[str, Any]:
    made = container(service, 1, Around(version=_NEWEST))
    body = {**made.body, "Env": [text.partition("=")[0] for text in made.body.get("Env", ())]}
    files = [{"path": upload.path, "mode": f"{upload.mode:04o}"} for upload in made.uploads]
    return {"name": made.name, **body} | ({"files": files} if files else {})
