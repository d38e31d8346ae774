"""What a container mounts: host paths, volumes, memory, images, and the files of configs and secrets.

Where the short spelling (`Binds`) can say it, it is used: on every engine it makes a host path that is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker import objects
from intermodal.model.volumes import BindOptions, Mount, VolumeOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.clients.docker.objects import Object
    from intermodal.platforms.compose.requests.records import Around, ServiceRequest

ENGINE_SOCKET = "/var/run/docker.sock"


def storage(request: ServiceRequest, around: Around) -> Object:
    """`Binds`, `Mounts`, `Tmpfs` and `VolumesFrom` of a container."""
    binds: list[str] = []
    mounts: list[Object] = []
    taken = set()
    for said in request.service.volumes:
        taken.add(said.target)
        short = _short(request, said)
        if short:
            binds.append(short)
        else:
            mounts.append(_mount(request, said, around))
    mounts += [_kept(name, target) for target, name in around.inherited.items() if target not in taken]
    mounts += [
        {"Type": "bind", "Source": file.source, "Target": file.target, "ReadOnly": True} for file in request.host_files
    ]
    if request.service.use_api_socket:
        binds.append(f"{ENGINE_SOCKET}:{ENGINE_SOCKET}:rw")
    return objects.filled(
        Binds=binds,
        Mounts=mounts,
        Tmpfs=dict(said.partition(":")[::2] for said in request.service.tmpfs),
        VolumesFrom=[_borrowed(said, around) for said in request.service.volumes_from],
    )


def _short(request: ServiceRequest, said: Mount) -> str:
    """The short spelling, "" where it cannot say everything."""
    if said.type == "bind":
        source, options = said.source, _bind_options(said.bind or BindOptions())
    elif said.type == "volume" and said.source in request.application.volumes:
        source, options = request.application.volumes[said.source].name, _volume_options(said.volume)
    else:
        return ""
    if options is None or ":" in source or ":" in said.target:
        return ""
    return f"{source}:{said.target}:{','.join(('ro' if said.read_only else 'rw', *options))}"


def _bind_options(said: BindOptions) -> tuple[str, ...] | None:
    if not said.create_host_path or said.recursive:
        return None
    return tuple(filter(None, (said.selinux, said.propagation)))


def _volume_options(said: VolumeOptions | None) -> tuple[str, ...] | None:
    return None if said is not None and (said.labels or said.subpath or said.nocopy) else ()


def _mount(request: ServiceRequest, said: Mount, around: Around) -> Object:
    declared = request.application.volumes.get(said.source) if said.type == "volume" else None
    source = declared.name if declared is not None else said.source
    if said.type == "volume" and not source:
        source = around.inherited.get(said.target, "")
    made = objects.mount(said, source, around.version)
    return made if declared is None or declared.external else _of_volume(made, declared.driver, declared.driver_opts)


def _of_volume(made: Object, driver: str, driver_opts: Mapping[str, str]) -> Object:
    """The engine makes a volume that went meanwhile, but as the file says."""
    if not driver and not driver_opts:
        return made
    options = {**made["VolumeOptions"], "DriverConfig": objects.filled(Name=driver, Options=dict(driver_opts))}
    return {**made, "VolumeOptions": options}


def _kept(name: str, target: str) -> Object:
    return {"Type": "volume", "Source": name, "Target": target}


def _borrowed(said: str, around: Around) -> str:
    """`volumes_from` with the id of the other container; `container:NAME` is one outside the application."""
    if said.startswith("container:"):
        return said.removeprefix("container:")
    other, separator, mode = said.partition(":")
    found = around.containers.get(other, ())
    return f"{found[0].id if found else other}{separator}{mode}"


def inherited(request: ServiceRequest, container: Mapping[str, object], image: Mapping[str, object]) -> dict[str, str]:
    """The volumes without a name that a container's replacement takes over, by target.

    They are those of mounts that name no source, and those the image declares; `container` and `image` are the
    engine's answers about them (`GET /containers/ID/json`, `GET /images/ID/json`).
    """
    config = image.get("Config") or {}
    declared = (config.get("Volumes") if isinstance(config, dict) else None) or {}
    anonymous = {said.target for said in request.service.volumes if said.type == "volume" and not said.source}
    mounts = container.get("Mounts") or ()
    return {
        mount["Destination"]: mount["Name"]
        for mount in (mounts if isinstance(mounts, list) else ())
        if mount.get("Type") == "volume" and (mount["Destination"] in anonymous or mount["Destination"] in declared)
    }
