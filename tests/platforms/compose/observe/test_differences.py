"""Differences without an engine: the fine points. That containers of both tools show none is tested on an engine."""

from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.health import Healthcheck
from intermodal.model.networks import Attachment, Network
from intermodal.model.platform import Settings
from intermodal.model.volumes import Mount, Volume
from intermodal.platforms.compose.observe import differences, network_differences, volume_differences
from intermodal.platforms.compose.requests import Around, ContainerRequest, Wanted, container, wanted
from tests.applications import FilesInMemory, application, service

IMAGE: dict[str, Any] = {
    "Config": {
        "Env": ["PATH=/bin", "MODE=image"],
        "Cmd": ["serve"],
        "Entrypoint": ["/entry"],
        "User": "nobody",
        "Labels": {"of.image": "1"},
        "Volumes": {"/of-image": {}},
        "ExposedPorts": {"81/tcp": {}},
        "Healthcheck": {"Test": ["CMD", "check"], "Interval": 30},
    }
}


def whole(**fields: Any) -> Wanted:
    said = {"networks": {"default": Attachment()}, **fields}
    made = application(
        service(**said),
        networks={"default": Network(name="shop_default")},
        volumes={"data": Volume(name="shop_data", driver_opts={"o": "1"})},
    )
    return wanted(made, Settings(), FilesInMemory())


def requested(**fields: Any) -> ContainerRequest:
    return container(whole(**fields).services["web"], 1, Around(version=(1, 41)))


def found(request: ContainerRequest, **changes: Any) -> dict[str, Any]:
    """What an engine would say of the container, with some fields of `Config` and `HostConfig` changed."""
    body = dict(request.body)
    config = {**IMAGE["Config"], **{key: value for key, value in body.items() if key not in {"HostConfig", "Env"}}}
    names = {text.partition("=")[0]: text for text in [*IMAGE["Config"]["Env"], *body.get("Env", ())]}
    config["Env"] = list(names.values())
    config["Labels"] = {"of.image": "1", **body["Labels"]}
    config["ExposedPorts"] = {"81/tcp": {}, **body.get("ExposedPorts", {})}
    if "Entrypoint" in body and "Cmd" not in body:
        config["Cmd"] = None
    host = {"LogConfig": {"Type": "json-file", "Config": {}}, "RestartPolicy": {"Name": "no"}, **body["HostConfig"]}
    mounts = [{"Type": "volume", "Name": "0" * 64, "Destination": "/of-image", "RW": True}]
    for bind in host.get("Binds", ()):
        source, target, mode = bind.split(":")
        kind = {"Type": "bind", "Source": source} if source[0] == "/" else {"Type": "volume", "Name": source}
        mounts.append({**kind, "Destination": target, "RW": mode.startswith("rw")})
    return {
        "Config": {**config, **{key: value for key, value in changes.items() if key in config}},
        "HostConfig": {**host, **{key: value for key, value in changes.items() if key not in config}},
        "Mounts": mounts,
        "NetworkSettings": {"Networks": dict(body["NetworkingConfig"]["EndpointsConfig"])},
    }


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"entrypoint": ("/own",)},
        {"command": ()},
        {"environment": {"MODE": "own"}},
        {"healthcheck": Healthcheck(interval=3)},
        {"volumes": (Mount(type="volume", source="data", target="/data"),)},
    ],
)
def test_what_the_image_and_the_engine_fill_in_is_no_drift(fields: dict[str, Any]) -> None:
    request = requested(**fields)
    seen = found(request)
    if "healthcheck" in fields:
        seen["Config"]["Healthcheck"] = {"Test": ["CMD", "check"], "Interval": 3 * 10**9}
    if fields == {"command": ()}:
        seen["Config"]["Cmd"] = ["serve"]
    assert differences(request, seen, IMAGE) == ()
    assert differences(request, seen, None) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"Memory": 1 << 20}, "mem_limit"),
        ({"Privileged": True}, "privileged"),
        ({"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}}, "restart"),
        ({"CapAdd": ["CAP_NET_ADMIN"]}, "cap_add"),
        ({"User": "root"}, "user"),
        ({"Image": "other"}, "image"),
        ({"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "80"}]}}, "ports.80/tcp"),
        ({"Env": ["PATH=/bin", "MODE=image", "DEBUG=1"]}, "environment.DEBUG"),
        ({"Env": ["PATH=/bin"]}, "environment.MODE"),
    ],
)
def test_what_somebody_changed_is_drift(changes: dict[str, Any], field: str) -> None:
    request = requested()
    assert [one.field for one in differences(request, found(request, **changes), IMAGE)] == [field]


def test_words_for_people_are_of_compose_and_show_both_sides() -> None:
    request = requested(mem_limit=1 << 20)
    (one,) = differences(request, found(request, Memory=2 << 20), IMAGE)
    assert (one.field, one.before, one.after, one.hidden) == ("mem_limit", "2097152", "1048576", False)


@pytest.mark.parametrize("key", ["Cmd", "Entrypoint", "Env", "Healthcheck"])
def test_what_may_hold_a_password_is_hidden(key: str) -> None:
    request = requested()
    value: Any = {"Test": ["CMD", "password"]} if key == "Healthcheck" else ["password=1", "PATH=/bin", "MODE=image"]
    (one,) = differences(request, found(request, **{key: value}), IMAGE)
    assert one.hidden
    assert one.before is one.after is None


def test_labels_of_tools_may_differ_whose_a_thing_is_may_not() -> None:
    request = requested(labels={"own": "1"})
    seen = found(request)
    labels = seen["Config"]["Labels"]
    labels["com.docker.compose.config-hash"] = "other"
    labels["intermodal.replicas"] = "9"
    labels["com.docker.compose.project.working_dir"] = "/elsewhere"
    assert differences(request, seen, IMAGE) == ()
    labels |= {"own": "2", "more": "1", "com.docker.compose.service": "other"}
    told = {one.field: (one.before, one.after) for one in differences(request, seen, IMAGE)}
    assert told == {
        "labels.own": ("2", "1"),
        "labels.more": ("1", None),
        "labels.com.docker.compose.service": ("other", "web"),
    }


def test_networks_that_are_not_joined_or_joined_besides() -> None:
    request = requested()
    seen = found(request)
    (endpoint,) = seen["NetworkSettings"]["Networks"].values()
    seen["NetworkSettings"]["Networks"] = {"other": endpoint}
    told = {one.field: (one.before, one.after) for one in differences(request, seen, IMAGE)}
    assert told == {"networks.other": ("joined", None), "networks.shop_default": (None, "joined")}
    seen["NetworkSettings"]["Networks"] = {"shop_default": {**endpoint, "Aliases": ["web", "0123456789ab"]}}
    (one,) = differences(request, seen, IMAGE)
    assert (one.field, one.after) == ("networks.shop_default.aliases", "shop-web-1")


def test_mounts_by_target() -> None:
    said = (Mount(type="bind", source="/h", target="/t"), Mount(type="volume", target="/free"))
    request = requested(volumes=said)
    seen = found(request)
    seen["Mounts"] += [{"Type": "volume", "Name": "f" * 64, "Destination": "/free", "RW": True}]
    assert differences(request, seen, IMAGE) == ()
    seen["Mounts"] = [{"Type": "bind", "Source": "/other", "Destination": "/t", "RW": False}]
    told = {one.field: (one.before, one.after) for one in differences(request, seen, IMAGE)}
    assert told == {"volumes./free": (None, "volume"), "volumes./t": ("bind /other (read only)", "bind /h")}


def test_networks_and_volumes() -> None:
    made = whole(volumes=(Mount(type="volume", source="data", target="/data"),))
    network, volume = made.networks["default"], made.volumes["data"]
    bridge = {**network.body, "Driver": "bridge", "IPAM": {"Config": [{"Subnet": "172.18.0.0/16"}]}, "Internal": False}
    assert network_differences(network, bridge) == ()
    told = network_differences(network, {**bridge, "Internal": True, "Driver": "overlay"})
    assert {one.field: (one.before, one.after) for one in told} == {
        "driver": ("overlay", "bridge"),
        "internal": ("true", None),
    }
    local = {**volume.body, "Driver": "local", "Options": {"o": "1"}}
    assert volume_differences(volume, local) == ()
    (one,) = volume_differences(volume, {**local, "Options": None})
    assert (one.field, one.before, one.after) == ("driver_opts", None, '{"o": "1"}')


def test_an_address_plan_is_compared_where_it_is_said() -> None:
    from intermodal.model.networks import Ipam, Pool  # noqa: PLC0415 - only here

    said = Network(name="shop_a", ipam=Ipam(config=(Pool(subnet="10.0.0.0/24"),)))
    made = wanted(
        application(service(networks={"a": Attachment()}), networks={"a": said}), Settings(), FilesInMemory()
    ).networks["a"]
    seen = {
        **made.body,
        "Driver": "bridge",
        "IPAM": {"Driver": "default", "Config": [{"Subnet": "10.0.0.0/24", "Gateway": "10.0.0.1"}]},
    }
    assert network_differences(made, seen) == ()
    seen["IPAM"] = {"Config": [{"Subnet": "10.9.0.0/24"}]}
    (one,) = network_differences(made, seen)
    assert (one.field, one.before, one.after) == ("ipam.config.0.subnet", "10.9.0.0/24", "10.0.0.0/24")
