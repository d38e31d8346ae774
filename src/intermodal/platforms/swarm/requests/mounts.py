"""What a service mounts: `volumes` of the stack -> the API's Mounts, with the options that a stack file drops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.objects import filled, memory_mount
from intermodal.kit.records import NOTHING
from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.swarm.requests.wanted import NAMESPACE
from intermodal.platforms.swarm.spelling import untemplated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intermodal.model.application import Service
    from intermodal.model.support import Notes
    from intermodal.model.volumes import Mount
    from intermodal.platforms.swarm.plain import Object
    from intermodal.platforms.swarm.requests.names import Names

SUBPATH = (1, 45)
"""The first version that mounts a folder of a volume."""
TMPFS_OPTIONS = (1, 46)
"""The first version that takes `exec` and `noexec` for memory mounts."""
SUBPATH_LOST = Missing(
    code="swarm-engine-too-old",
    why="this engine mounts whole volumes only, so the program sees the wrong folder; Docker 26 (API 1.45) can do it",
    advice="update the engines, or name another volume",
    consequence=Consequence.DATA,
)
OPTIONS_LOST = Approximate(
    code="swarm-tmpfs-options",
    why="of a memory mount's options Swarm has size and mode, and `exec` and `noexec` from Docker 27 (API 1.46) on",
    advice="let the program set the others at its start",
    consequence=Consequence.BEHAVIOUR,
    how="a mount of type tmpfs",
)
_KNOWN = frozenset({"", "rw", "ro", "nosuid", "nodev", "noexec"})
"""Options that a mount in memory has anyway, or as a field of the mount."""
_SAID = ("size=", "mode=")
_EXECUTION = ("exec", "noexec")


def mounts(said: Iterable[Object], service: Service, names: Names, notes: Notes) -> list[Object]:
    """The mounts, in the order of the stack."""
    written = {untemplated(mount.target): (index, mount) for index, mount in enumerate(service.volumes)}
    memory = {text.partition(":")[0]: (index, text) for index, text in enumerate(service.tmpfs)}
    made = []
    for mount in said:
        index, own = written.get(mount["target"], (-1, None))
        made.append(_mount(mount, own, names))
        path = ("services", service.name, "volumes", index)
        if own is not None:
            _note(path, own, names, notes)
        elif mount["type"] == "tmpfs" and mount["target"] in memory:
            index, text = memory[mount["target"]]
            made[-1] = _memory(made[-1], text, ("services", service.name, "tmpfs", index), names, notes)
    return made


def _mount(said: Object, own: Mount | None, names: Names) -> Object:
    kind = said["type"]
    source = said.get("source", "")
    shown = names.of("volumes", source) if source and kind in {"volume", "cluster"} else source
    return filled(
        Type=kind,
        Source=shown,
        Target=said["target"],
        ReadOnly=said.get("read_only"),
        Consistency=said.get("consistency"),
        BindOptions=_bind(said, own) if kind == "bind" else None,
        VolumeOptions=_volume(said, own, names) if kind == "volume" else None,
        TmpfsOptions=_tmpfs(said, own) if kind == "tmpfs" else None,
    ) | ({"ClusterOptions": {}} if kind == "cluster" else {})


def _bind(said: Object, own: Mount | None) -> Object:
    recursive = own.bind.recursive if own is not None and own.bind is not None else ""
    return filled(
        Propagation=said.get("bind", NOTHING).get("propagation"),
        NonRecursive=True if recursive == "disabled" else None,
    )


def _volume(said: Object, own: Mount | None, names: Names) -> Object:
    options = own.volume if own is not None else None
    declared: Mapping[str, Any] = names.sections.get("volumes", NOTHING).get(said.get("source", "")) or NOTHING
    named, external = bool(said.get("source")), bool(declared.get("external"))
    labels = {**declared.get("labels", {}), NAMESPACE: names.stack} if named and not external else {}
    labels |= options.labels if options is not None else {}
    return filled(
        NoCopy=(said.get("volume", NOTHING).get("nocopy") or (options is not None and options.nocopy)) or None,
        Subpath=said.get("volume", NOTHING).get("subpath") if names.version >= SUBPATH else None,
        Labels=labels,
        DriverConfig=filled(Name=declared.get("driver"), Options=declared.get("driver_opts")),
    )


def _tmpfs(said: Object, own: Mount | None) -> Object:
    mode = own.tmpfs.mode if own is not None and own.tmpfs is not None else None
    return filled(SizeBytes=said.get("tmpfs", NOTHING).get("size"), Mode=mode)


def _note(path: tuple[str | int, ...], own: Mount, names: Names, notes: Notes) -> None:
    if own.type == "bind" and own.bind is not None and own.bind.recursive == "disabled":
        notes((*path, "bind", "recursive"), Exact(how="the mount's options"))
    if own.type != "volume" or own.volume is None:
        return
    if not own.source:
        notes((*path, "volume", "nocopy"), Exact(how="the mount's options"))
    elif own.volume.subpath and names.version < SUBPATH:
        notes((*path, "volume", "subpath"), SUBPATH_LOST)


def _memory(made: Object, text: str, path: tuple[str | int, ...], names: Names, notes: Notes) -> Object:
    """A mount of the short `tmpfs`, with its mode and what else the engine takes."""
    options = text.partition(":")[2].split(",")
    execution = [option for option in options if option in _EXECUTION and names.version >= TMPFS_OPTIONS]
    lost = [one for one in options if one not in _KNOWN and one not in execution and not one.startswith(_SAID)]
    notes(path, OPTIONS_LOST if lost else Exact(how="a mount of type tmpfs"))
    try:
        detail = memory_mount(text).get("TmpfsOptions", {})
    except ValueError:
        notes(path, OPTIONS_LOST)
        return made
    detail |= filled(Options=[[option] for option in execution])
    return made | filled(TmpfsOptions=detail)
