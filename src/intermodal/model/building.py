"""How a service's image is built, and what a developer's watch does. Sizes are bytes, paths absolute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.files import Grant
    from intermodal.model.resources import Ulimit


@record
class Build:
    """How to build an image. A value of None in `args` comes from the builder's environment."""

    context: str = ""
    dockerfile: str = ""
    dockerfile_inline: str = ""
    entitlements: tuple[str, ...] = ()
    args: Mapping[str, str | None] = NOTHING
    ssh: tuple[str, ...] = ()
    labels: Mapping[str, str] = NOTHING
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    no_cache: bool = False
    additional_contexts: Mapping[str, str] = NOTHING
    network: str = ""
    provenance: str = ""
    sbom: str = ""
    pull: bool = False
    target: str = ""
    shm_size: int | None = None
    extra_hosts: Mapping[str, tuple[str, ...]] = NOTHING
    isolation: str = ""
    privileged: bool = False
    secrets: tuple[Grant, ...] = ()
    tags: tuple[str, ...] = ()
    ulimits: Mapping[str, Ulimit] = NOTHING
    platforms: tuple[str, ...] = ()
    extensions: Mapping[str, Any] = NOTHING


@record
class Hook:
    """A command run in an instance after it starts or before it stops."""

    command: tuple[str, ...] = ()
    user: str = ""
    privileged: bool = False
    working_dir: str = ""
    environment: Mapping[str, str | None] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class Trigger:
    """What a watch does when files change."""

    path: str
    action: str
    target: str = ""
    include: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exec: Hook | None = None
    initial_sync: bool = False
    extensions: Mapping[str, Any] = NOTHING


@record
class Develop:
    """What a developer's watch does."""

    watch: tuple[Trigger, ...] = ()
    extensions: Mapping[str, Any] = NOTHING
