"""Volumes and where services mount them. Sizes are bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping


@record
class Volume:
    """A top-level volume. `name` is its name on the engine."""

    name: str = ""
    driver: str = ""
    driver_opts: Mapping[str, str] = NOTHING
    external: bool = False
    labels: Mapping[str, str] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class BindOptions:
    """What only bind mounts have."""

    propagation: str = ""
    create_host_path: bool = True
    recursive: str = ""
    selinux: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class VolumeOptions:
    """What only volume mounts have."""

    labels: Mapping[str, str] = NOTHING
    nocopy: bool = False
    subpath: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class TmpfsOptions:
    """What only tmpfs mounts have. `size` in bytes, `mode` as permission bits."""

    size: int | None = None
    mode: int | None = None
    extensions: Mapping[str, Any] = NOTHING


@record
class ImageOptions:
    """What only image mounts have."""

    subpath: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class Mount:
    """A mount of a service; `type` is bind, volume, tmpfs, cluster, npipe or image. An anonymous volume has no source.

    The `source` of a bind is an absolute path.
    """

    type: str
    target: str
    source: str = ""
    read_only: bool = False
    consistency: str = ""
    bind: BindOptions | None = None
    volume: VolumeOptions | None = None
    tmpfs: TmpfsOptions | None = None
    image: ImageOptions | None = None
    extensions: Mapping[str, Any] = NOTHING
