"""Translating hand-built services, and looking at what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.platforms.kubernetes.translate import translate
from tests.applications import FilesInMemory, application, settings

if TYPE_CHECKING:
    from intermodal.model.application import Application, Service
    from intermodal.model.support import Outcome

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


class Made:
    """A translation, by what it is made of."""

    def __init__(self, source: Application, version: str = "", namespace: str = "", **options: str) -> None:
        asked = {name.replace("_", "-"): value for name, value in options.items()}
        found = translate(source, settings(version, namespace, asked), FilesInMemory())
        self.documents = found.documents
        self.notes = found.notes.notes

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The objects of a kind, by name."""
        contents = (document.content for document in self.documents)
        return {content["metadata"]["name"]: dict(content) for content in contents if content["kind"] == kind}

    def controller(self, name: str = "web") -> dict[str, Any]:
        """The one controller of that name."""
        (found,) = [self.of(kind)[name] for kind in CONTROLLERS if name in self.of(kind)]
        return found

    def pod(self, name: str = "web") -> dict[str, Any]:
        """The Pod that a controller makes."""
        spec = self.controller(name)["spec"]
        spec = spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec
        pod: dict[str, Any] = spec["template"]["spec"]
        return pod

    def marks(self, name: str = "web") -> dict[str, Any]:
        """The metadata of that Pod."""
        spec = self.controller(name)["spec"]
        found: dict[str, Any] = spec["template"]["metadata"]
        return found

    def container(self, name: str = "web", pod: str = "") -> dict[str, Any]:
        """One container of a Pod, an init container or another."""
        spec = self.pod(pod or name)
        (found,) = [made for made in [*spec.get("initContainers", ()), *spec["containers"]] if made["name"] == name]
        made: dict[str, Any] = found
        return made

    def note(self, *path: str | int) -> Outcome:
        """What was noted at exactly this path of the service `web`."""
        return self.notes["services", "web", *path]

    def code(self, *path: str | int) -> str:
        """The code of that note."""
        return str(getattr(self.note(*path), "code", ""))


def one(**fields: Any) -> Made:
    """The translation of one service called `web`."""
    from tests.applications import service  # noqa: PLC0415 - the name is taken in some tests

    return Made(application(service(**fields)))


def several(*services: Service, version: str = "", namespace: str = "", **options: str) -> Made:
    """The translation of several services."""
    return Made(application(*services), version, namespace, **options)
