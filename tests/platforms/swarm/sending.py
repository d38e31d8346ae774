"""What `up` would send and what the real client sends for our stack file, in a form that can be compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from intermodal.model.labels import DEPENDS_ON, REPLICAS, REVISION
from intermodal.platforms.swarm.requests import identified, requests
from tests.applications import FilesInMemory, application, service, settings

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.platforms.swarm.requests import Wanted

OURS = {REVISION, REPLICAS, DEPENDS_ON}
NEWEST = (1, 48)
_MADE_OF_CONTENT = re.compile(r"-[0-9a-f]{10}$")
ZEROS = {"Replicas", "Parallelism", "TotalCompletions", "MaxConcurrent"}


def wanted(
    made: Application, files: FilesInMemory | None = None, version: tuple[int, int] = (1, 41), **options: str
) -> Wanted:
    """The objects of an application; options by name, with `__` for a dot."""
    asked = settings(options={name.replace("__", "."): value for name, value in options.items()})
    return requests(made, files or FilesInMemory(), asked, version)


def spec(version: tuple[int, int] = (1, 41), files: FilesInMemory | None = None, **fields: Any) -> dict[str, Any]:
    """The spec of the one service `web` of an application with these fields."""
    (made,) = wanted(application(service("web", **fields)), files, version).services
    return made.spec


def inside(version: tuple[int, int] = (1, 41), **fields: Any) -> dict[str, Any]:
    """The ContainerSpec of the one service of an application."""
    found: dict[str, Any] = spec(version, **fields)["TaskTemplate"]["ContainerSpec"]
    return found


def ours(made: Wanted) -> dict[str, Any]:
    """Every service as it would be sent, by name, plain."""
    configs = {one.name: one.name for one in made.configs}
    secrets = {one.name: one.name for one in made.secrets}
    return {one.full_name: plain(identified(one.spec, configs, secrets)) for one in made.services}


def plain(value: Any, key: str = "") -> Any:
    """Without what says nothing: null, false, "", empty lists and mappings, most zeros; without our own labels.

    Names of configs and secrets lose the hash of their content.
    """
    if isinstance(value, dict):
        kept = {name: plain(item, name) for name, item in value.items() if name not in OURS}
        if key == "Mode":
            return {name: item or {} for name, item in kept.items() if value[name] is not None}
        return {name: item for name, item in kept.items() if not _empty(item, name)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return _MADE_OF_CONTENT.sub("", value) if isinstance(value, str) and key in NAMES else value


NAMES = {"ConfigName", "ConfigID", "SecretName", "SecretID", "Config", "Name"}


def _empty(item: Any, name: str) -> bool:
    if item is False:
        return name != "Init"
    return item in (None, "", {}, []) or (item == 0 and name not in ZEROS)
