"""Short ways to plan the storage of applications made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING
from intermodal.model.ledger import ledger
from intermodal.model.support import Exact
from intermodal.model.volumes import BindOptions, Mount, VolumeOptions
from intermodal.platforms.kubernetes.rules import check
from intermodal.platforms.kubernetes.storage.volumes import StoragePlan, plan_volumes
from intermodal.platforms.kubernetes.support import SUPPORT
from intermodal.platforms.kubernetes.translate import translate
from tests.applications import FilesInMemory, application, kubernetes_context, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Application, Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.storage.volume_plan import VolumePlan


def volume(source: str, target: str, **rest: Any) -> Mount:
    return Mount(type="volume", source=source, target=target, **rest)


def bind(source: str, target: str, **rest: Any) -> Mount:
    return Mount(type="bind", source=source, target=target, **{"bind": BindOptions(), **rest})


def copying(**options: Any) -> VolumeOptions:
    return VolumeOptions(**options)


class Planned:
    """An application's storage, planned, with what was told."""

    def __init__(
        self,
        *services: Service,
        files: Mapping[str, bytes] = NOTHING,
        modes: Mapping[str, int] = NOTHING,
        options: Mapping[str, str] = NOTHING,
        version: str = "",
        **rest: Any,
    ) -> None:
        self.made: Application = application(*services, **rest)
        self.files = FilesInMemory(files, modes)
        self.settings = settings(version=version, options=options)
        self.context = kubernetes_context(self.made, self.settings, self.files)
        self.storage: StoragePlan = plan_volumes(self.context)

    @property
    def only(self) -> VolumePlan:
        (plan,) = self.storage.plans
        return plan

    def documents(self, kind: str) -> list[Any]:
        return [made.content for made in self.storage.documents() if made.content["kind"] == kind]

    def told(self, *path: str | int) -> Outcome:
        """What the ledger says of a field."""
        by_path = {entry.leaf.path: entry.outcome for entry in ledger(self.made, SUPPORT, self.context.notes)}
        return by_path[path]

    def code(self, *path: str | int) -> str:
        told = self.told(*path)
        return "" if isinstance(told, Exact) else told.code

    def mounts(self, service: str = "web") -> list[Any]:
        return list(self.storage.parts(service).mounts)

    def script(self, service: str = "web") -> str:
        """What the init container runs; "" where there is none."""
        found = self.storage.parts(service).init_containers
        return str(found[0]["command"][-1]) if found else ""

    def broken_rules(self) -> list[str]:
        """Rules that the whole translation breaks."""
        return [str(found) for found in check(translate(self.made, self.settings, self.files).documents)]


def source_of(index: int = 0, service: str = "web") -> Path:
    return ("services", service, "volumes", index, "source")
