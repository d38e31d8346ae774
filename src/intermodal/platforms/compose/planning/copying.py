"""A container that is there as the requests that would make another like it. Pure.

Belongs here: what the engine tells of a container turned back into what it was asked. Does not: what the file asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.model.labels import REVISION
from intermodal.platforms.compose.requests.records import Connection, ContainerRequest
from intermodal.platforms.compose.seen import IMAGE, NUMBER, anonymous

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORT = 12
_ENDPOINT = ("IPAMConfig", "Links", "DriverOpts", "GwPriority")
"""The parts of an endpoint that somebody asked for; the rest is how it came out."""
_NAMESPACES = ("NetworkMode", "IpcMode", "PidMode")
_CONTAINER = "container:"
_BUILT_IN = frozenset({"bridge", "host", "none"})
"""Networks in which nobody has names."""


def copied(inspected: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a container like this one, as plain data: `body`, `networks` by name, `image_id`, `platform`."""
    config = {key: value for key, value in inspected["Config"].items() if key != "OnBuild" and value is not None}
    short = inspected["Id"][:_SHORT]
    if config.get("Hostname") == short:
        del config["Hostname"]
    networks = (inspected.get("NetworkSettings") or {}).get("Networks") or {}
    own = (short, inspected["Name"].removeprefix("/").removeprefix(f"{short}_"))
    return {
        "body": {**config, "HostConfig": dict(inspected["HostConfig"])},
        "networks": {name: _endpoint(said or {}, own) for name, said in networks.items()},
        "image_id": inspected.get("Image", ""),
    }


def request(
    copy: Mapping[str, Any],
    name: str,
    number: int,
    *,
    inherited: Mapping[str, str],
    image: str,
    alive: Mapping[str, Any],
) -> ContainerRequest:
    """A container like the copy, with this name and number.

    `inherited` are volumes without a name that it takes over, by target; all others are made new. `image` is the name
    or id of its image, `alive` the HostConfig of a container that runs now: namespaces shared with another container
    are taken from there, since that may have been replaced meanwhile.
    """
    body = dict(copy["body"])
    host = dict(body["HostConfig"])
    for mode in _NAMESPACES:
        if str(host.get(mode) or "").startswith(_CONTAINER):
            host[mode] = alive.get(mode) or host[mode]
    host["Mounts"] = [*_mounts(host.get("Mounts") or (), inherited), *_declared(host, inherited)]
    networks = {one: {**said, "Aliases": [name, *said["Aliases"]]} for one, said in copy["networks"].items()}
    first, *rest = _networks(networks, str(host.get("NetworkMode") or ""))
    labels = {**(body.get("Labels") or {}), NUMBER: str(number), IMAGE: copy.get("image_id", "")}
    endpoints = {first[0]: first[1]} if first[0] else {}
    return ContainerRequest(
        name=name,
        query={"name": name},
        body={
            **body,
            "Image": image,
            "Labels": labels,
            "HostConfig": host,
            "NetworkingConfig": {"EndpointsConfig": endpoints},
        },
        connections=tuple(Connection(network=one, body={"EndpointConfig": said}) for one, said in rest),
    )


def _endpoint(said: Mapping[str, Any], own: tuple[str, ...]) -> dict[str, Any]:
    """An endpoint without the names that only this one container has."""
    kept = {key: said[key] for key in _ENDPOINT if said.get(key)}
    return {**kept, "Aliases": [name for name in said.get("Aliases") or () if name not in own]}


def _networks(networks: Mapping[str, Any], mode: str) -> list[tuple[str, Any]]:
    """Networks with the one first that the container is made in; ("", None) where that is none of anybody's making."""
    own = {name: said for name, said in networks.items() if name not in _BUILT_IN}
    first = [(mode, own.pop(mode))] if mode in own else [("", None)]
    return first if mode.startswith(_CONTAINER) else [*first, *own.items()]


def _mounts(said: Any, inherited: Mapping[str, str]) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    return [_mount(one, inherited) for one in said]


def _mount(said: Mapping[str, Any], inherited: Mapping[str, str]) -> dict[str, Any]:
    """A mount of a volume without a name gets the one that is taken over, else a new one."""
    if said.get("Type") != "volume" or (said.get("Source") and not anonymous(said["Source"])):
        return dict(said)
    without = {key: value for key, value in said.items() if key != "Source"}
    taken = inherited.get(said["Target"])
    return {**without, "Source": taken} if taken else without


def _declared(host: Mapping[str, Any], inherited: Mapping[str, str]) -> list[dict[str, Any]]:
    """Mounts that take over the volumes an image declares."""
    there = {one["Target"] for one in host.get("Mounts") or ()}
    bound = {text.split(":")[1] for text in host.get("Binds") or () if ":" in text}
    return [
        {"Type": "volume", "Source": name, "Target": target}
        for target, name in inherited.items()
        if target not in there and target not in bound
    ]


def revision_of(copy: Mapping[str, Any]) -> str:
    """The revision of a copy, "" where another tool made it."""
    return str((copy["body"].get("Labels") or {}).get(REVISION, ""))


def nameless(inspected: Mapping[str, Any]) -> dict[str, str]:
    """The volumes without a name that a container has, by target."""
    mounts = inspected.get("Mounts") or ()
    return {
        one["Destination"]: one["Name"]
        for one in mounts
        if one.get("Type") == "volume" and anonymous(one.get("Name", ""))
    }
