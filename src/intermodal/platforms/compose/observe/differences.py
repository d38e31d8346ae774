"""What is on the engine but not as wanted, field by field. Values that may be secret are not given.

Only what the file says counts, and what somebody added to it; what the engine or the image fills in does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING
from intermodal.platforms.compose.observe import fields
from intermodal.platforms.compose.observe.comparing import (
    canonical,
    difference,
    differing,
    mapping_differences,
    variables,
)
from intermodal.platforms.compose.observe.places import endpoints, mounts, ports
from intermodal.platforms.compose.requests.containers import exposed_ports
from intermodal.platforms.compose.requests.labels import CHANGING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.changes import Difference
    from intermodal.platforms.compose.requests.records import ContainerRequest, Shared
    from intermodal.platforms.compose.seen import Row

_OURS = ("com.docker.compose.", "intermodal.")


def differences(request: ContainerRequest, found: Row, image: Row | None = None) -> tuple[Difference, ...]:
    """How a container differs from the one the request would make.

    `found` is `GET /containers/ID/json`; `image` is `GET /images/ID/json` of its image, which says what is not drift
    but comes with the image. Without it, only what the file says is compared.
    """
    wanted, config, host = request.body, found["Config"], found["HostConfig"]
    from_image = (image.get("Config") or {}) if image is not None else _as_found(wanted, found)
    return (
        *_of_config(wanted, config, from_image),
        *_environment(wanted, config, from_image),
        *_labels(wanted.get("Labels") or {}, config.get("Labels") or {}, from_image.get("Labels") or {}),
        *_of_host(wanted["HostConfig"], host),
        *ports(wanted, host),
        *_exposed(wanted, config, from_image),
        *mounts(wanted["HostConfig"], found.get("Mounts") or (), from_image.get("Volumes") or {}),
        *_namespace(request, host),
        *endpoints(request, (found.get("NetworkSettings") or {}).get("Networks") or {}),
    )


def _as_found(wanted: Row, found: Row) -> dict[str, Any]:
    """For want of the image's own word: all that the file does not say may come from it."""
    config = found["Config"]
    said = variables(wanted.get("Env") or ())
    return {
        **{key: config.get(key) for key in (*fields.CONFIG_OF_IMAGE, "ExposedPorts")},
        "Env": [text for text in config.get("Env") or () if text.partition("=")[0] not in said],
        "Labels": {name: text for name, text in (config.get("Labels") or {}).items() if name not in wanted["Labels"]},
        "Volumes": {one["Destination"]: {} for one in found.get("Mounts") or () if one["Type"] == "volume"},
    }


def _of_config(wanted: Row, config: Row, from_image: Row) -> Iterator[Difference]:
    yield from differing(fields.CONFIG, wanted, config)
    yield from differing(fields.CONFIG_IF_SAID, wanted, config, if_said=True)
    yield from differing(fields.CONFIG_OF_IMAGE, {**from_image, **_process(wanted, from_image)}, config)


def _process(wanted: Row, from_image: Row) -> dict[str, Any]:
    """What the engine makes of what is said: an own entrypoint puts the image's command out of force."""
    said = {key: wanted[key] for key in fields.CONFIG_OF_IMAGE if key in wanted}
    if not said.get("Cmd"):
        said["Cmd"] = None if "Entrypoint" in said else from_image.get("Cmd")
    check = {key: value for key, value in (said.get("Healthcheck") or {}).items() if value}
    said["Healthcheck"] = {**(from_image.get("Healthcheck") or {}), **check}
    return said


def _of_host(wanted: Row, host: Row) -> Iterator[Difference]:
    kept = {key: name for key, name in fields.HOST_IF_KEPT.items() if canonical(key, host.get(key)) is not None}
    yield from differing(fields.HOST, wanted, _unsaid(wanted, host))
    yield from differing({**fields.HOST_IF_SAID, **kept}, wanted, _unsaid(wanted, host), if_said=True)


def _unsaid(wanted: Row, host: Row) -> dict[str, Any]:
    """The engine's answer without what it adds by itself to fields that are compared."""
    options = wanted.get("SecurityOpt") or ()
    seen = {**host, "SecurityOpt": [one for one in host.get("SecurityOpt") or () if one != _ADDED or one in options]}
    if not (wanted.get("LogConfig") or {}).get("Type"):
        seen["LogConfig"] = {"Config": (host.get("LogConfig") or {}).get("Config")}
    return seen


_ADDED = "label=disable"
"""What engines add to containers that are privileged or share a namespace with the host."""


def _exposed(wanted: Row, config: Row, from_image: Row) -> Iterator[Difference]:
    should = {**(wanted.get("ExposedPorts") or {}), **(from_image.get("ExposedPorts") or {})}
    have = exposed_ports(tuple(config.get("ExposedPorts") or ()))  # docker compose leaves ranges as they are written
    yield from difference("expose", sorted(should), sorted(have))


def _namespace(request: ContainerRequest, host: Row) -> Iterator[Difference]:
    """Whose network it uses, where it has none of its own; which of several it joined first is no drift."""
    if not request.body["NetworkingConfig"]["EndpointsConfig"]:
        yield from difference("network_mode", request.body["HostConfig"]["NetworkMode"], host.get("NetworkMode"))


def _environment(wanted: Row, config: Row, from_image: Row) -> Iterator[Difference]:
    said = variables(wanted.get("Env") or ())
    given = variables(from_image.get("Env") or ())
    have = {name: value for name, value in variables(config.get("Env") or ()).items() if value is not None}
    should = {name: value for name, value in {**given, **said}.items() if value is not None}
    yield from mapping_differences("environment", should, have, hidden=True)


def _labels(said: Mapping[str, str], have: Mapping[str, str], given: Mapping[str, str]) -> Iterator[Difference]:
    """Labels of the image are no drift, nor are those of tools; whose a thing is may not change."""
    should = {name: text for name, text in said.items() if name not in CHANGING}
    foreign = {name: text for name, text in have.items() if name not in given and not name.startswith(_OURS)}
    yield from mapping_differences(
        "labels", should, foreign | {name: have[name] for name in should.keys() & have.keys()}
    )


_NETWORK = {
    "Driver": "driver",
    "Internal": "internal",
    "Attachable": "attachable",
    "EnableIPv6": "enable_ipv6",
    "Options": "driver_opts",
}
_VOLUME = {"Driver": "driver", "Options": "driver_opts"}
_DRIVERS = {"network": "bridge", "volume": "local"}


def network_differences(shared: Shared, found: Row) -> tuple[Difference, ...]:
    """How a network (`GET /networks/ID`, or its row in the list) differs from the one wanted."""
    wanted = {"Driver": _DRIVERS["network"], **shared.body}
    return (
        *differing(_NETWORK, wanted, found),
        *_address_plan(wanted.get("IPAM") or {}, found.get("IPAM") or {}),
        *_labels(wanted.get("Labels") or {}, found.get("Labels") or {}, NOTHING),
    )


def _address_plan(wanted: Row, found: Row) -> Iterator[Difference]:
    """The engine makes an address plan for who says none; gateways it chooses too."""
    if wanted.get("Driver"):
        yield from difference("ipam.driver", wanted["Driver"], found.get("Driver"))
    said = wanted.get("Config") or []
    have = found.get("Config") or []
    for index, pool in enumerate(said):
        present = have[index] if index < len(have) else {}
        for key, value in pool.items():
            yield from difference(f"ipam.config.{index}.{_POOL[key]}", value, present.get(key))


_POOL = {"Subnet": "subnet", "IPRange": "ip_range", "Gateway": "gateway", "AuxiliaryAddresses": "aux_addresses"}


def volume_differences(shared: Shared, found: Row) -> tuple[Difference, ...]:
    """How a volume (its row in `GET /volumes`) differs from the one wanted."""
    wanted = {"Driver": _DRIVERS["volume"], **shared.body, "Options": shared.body.get("DriverOpts")}
    return (
        *differing(_VOLUME, wanted, {**found, "Options": canonical("Options", found.get("Options"))}),
        *_labels(wanted.get("Labels") or {}, found.get("Labels") or {}, NOTHING),
    )
