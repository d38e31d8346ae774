"""What the user asked of Swarm beyond Compose: `x-intermodal` sections and options, strongest first: options.

Options: `node` (where every service with data on a node goes), `node.<service>`, `volume.<name>.node`, `binds`
(`configs` or `keep`), `restart` (for services that say nothing: any, on-failure, none).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING
from intermodal.model.support import Exact

if TYPE_CHECKING:
    from intermodal.model.application import Application, Service
    from intermodal.model.origin import Path
    from intermodal.model.platform import Settings
    from intermodal.model.support import Notes

SECTION = "x-intermodal"
_MODES = {"job": "replicated-job", "daemonset": "global"}


class Wishes:
    """Answers what was asked for; what it used of the file is told to the ledger."""

    def __init__(self, application: Application, settings: Settings, notes: Notes) -> None:
        self._application = application
        self._options = settings.options
        self._notes = notes

    def mode(self, service: Service) -> str:
        """The mode of a service that `x-intermodal.controller` asks for; "" where it asks for none."""
        path = ("services", service.name, SECTION, "controller")
        asked = self._text(_section(service), "controller")
        if asked not in _MODES:
            return ""
        self._notes(path, Exact(how="deploy.mode"))
        return _MODES[asked]

    def node(self, service: Service) -> str:
        """The host name of the node this service is bound to; "" where nobody named one."""
        option = self._options.get(f"node.{service.name}")
        return option or self._node(_section(service), ("services", service.name, SECTION))

    @property
    def data_node(self) -> str:
        """The host name of the node for every service with data on a node; "" where nobody named one."""
        return self._options.get("node", "")

    def volume_node(self, service: Service, index: int) -> str:
        """The host name of the node that holds what a mount shows; "" where nobody named one."""
        mount = service.volumes[index]
        option = self._options.get(f"volume.{mount.source}.node") if mount.source else ""
        return option or self._mount_node(service, mount.target) or self._declared_node(mount.source)

    def bind_policy(self, service: Service, target: str) -> str:
        """Configs or keep, where somebody said what becomes of a bind mount; else ""."""
        asked = self._text(self._mount(service, target), "policy")
        policy = {"configmap": "configs", "secret": "configs", "hostpath": "keep", "local": "keep"}.get(asked, "")
        if policy:
            self._notes(("services", service.name, SECTION, "volumes", target, "policy"), Exact(how=policy))
        return policy or self._options.get("binds", "")

    @property
    def restart(self) -> str:
        """The restart condition of services that say nothing; "" for Swarm's own."""
        return self._options.get("restart", "")

    def _mount_node(self, service: Service, target: str) -> str:
        return self._node(self._mount(service, target), ("services", service.name, SECTION, "volumes", target))

    def _declared_node(self, volume: str) -> str:
        declared = self._application.volumes.get(volume)
        return self._node(_section(declared), ("volumes", volume, SECTION)) if declared is not None else ""

    def _node(self, section: Mapping[str, Any], path: Path) -> str:
        node = self._text(section, "node")
        if node:
            self._notes((*path, "node"), Exact(how="a placement constraint"))
        return node

    def _mount(self, service: Service, target: str) -> Mapping[str, Any]:
        return _mapping(_mapping(_section(service).get("volumes")).get(target))

    @staticmethod
    def _text(section: Mapping[str, Any], key: str) -> str:
        value = section.get(key)
        return value if isinstance(value, str) else ""


def _section(record: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any record with extensions
    return _mapping(record.extensions.get(SECTION))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else NOTHING
