"""A live spec beside the wanted one: what differs is told in the file's words, and nothing else is."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from intermodal.model.changes import Difference
from intermodal.model.health import Healthcheck
from intermodal.model.networks import Attachment, Port
from intermodal.model.placement import Deploy, RestartPolicy, UpdateConfig
from intermodal.model.resources import Limits, Resources, Ulimit
from intermodal.model.volumes import Mount
from intermodal.platforms.swarm.observe import KEEPS_INSTANCES, differences, network_differences
from tests.platforms.swarm.sending import spec

WANTED = spec(
    environment={"TOKEN": "s3cret", "PLAIN": "1"},
    command=("serve", "--fast"),
    ports=(Port(target=80, published="8080"),),
    volumes=(Mount(type="volume", target="/data", source="data"),),
    ulimits={"nofile": Ulimit(soft=10, hard=20)},
    healthcheck=Healthcheck(test=("CMD", "true"), interval=5.0),
    networks={"default": Attachment(aliases=("b", "a"))},
    deploy=Deploy(
        replicas=2,
        labels={"tier": "web"},
        resources=Resources(limits=Limits(memory=64 << 20, cpus=0.5)),
        update_config=UpdateConfig(parallelism=2, delay=10.0, order="start-first"),
        restart_policy=RestartPolicy(condition="on-failure", delay=1.0),
    ),
)
FILLED_IN: dict[str, Any] = {
    "TaskTemplate": {
        "ContainerSpec": {
            "Image": "example.org/web:1@sha256:0123",
            "Isolation": "default",
            "DNSConfig": {},
            "Privileges": {"CredentialSpec": None, "SELinuxContext": None, "NoNewPrivileges": False},
        },
        "Runtime": "container",
        "ForceUpdate": 3,
        "Placement": {"Platforms": [{"OS": "linux"}]},
        "Future": {},
    },
    "EndpointSpec": {"Mode": "vip"},
    "RollbackConfig": {"Parallelism": 1, "FailureAction": "pause", "Order": "stop-first", "MaxFailureRatio": 0},
    "Labels": {"intermodal.previous": "…"},
}
"""What an engine adds."""


def merged(one: Any, other: Any) -> Any:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return other
    return {key: merged(one.get(key), other[key]) if key in other else one[key] for key in {**one, **other}}


def live() -> dict[str, Any]:
    made: dict[str, Any] = merged(deepcopy(WANTED), FILLED_IN)
    made["TaskTemplate"]["Networks"] = [{"Target": "n1", "Aliases": ["a", "b", "web"]}]
    return made


def found(**changes: Any) -> list[Difference]:
    """What differs after changes of the live spec, by path with `__` for a dot."""
    changed = live()
    for path, value in changes.items():
        *keys, last = path.split("__")
        piece = changed
        for key in keys:
            piece = piece[key]
        piece[last] = value
    return list(differences(WANTED, changed, {"n1": "shop_default", "n2": "other"}))


def test_what_the_engine_fills_in_is_no_difference() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("Mode", {"Replicated": {"Replicas": 4}}, [("deploy.replicas", "4", "2")]),
        ("Mode", {"Replicated": {"Replicas": 0}}, [("deploy.replicas", "0", "2")]),
        ("Labels", {"tier": "db"}, [("deploy.labels.tier", "db", "web")]),
        ("UpdateConfig__Delay", 60_000_000_000, [("deploy.update_config.delay", "1m0s", "10s")]),
        ("UpdateConfig__Parallelism", 0, [("deploy.update_config.parallelism", "0", "2")]),
        ("EndpointSpec__Mode", "dnsrr", [("deploy.endpoint_mode", "dnsrr", None)]),
        (
            "EndpointSpec__Ports",
            [{"TargetPort": 80, "PublishedPort": 8081, "PublishMode": "host"}],
            [("ports.8080:80/tcp", None, "ingress"), ("ports.8081:80/tcp", "host", None)],
        ),
        ("TaskTemplate__Networks", [{"Target": "n2"}], None),
        (
            "TaskTemplate__ContainerSpec__Image",
            "example.org/web:2",
            [("image", "example.org/web:2", "example.org/web:1")],
        ),
        ("TaskTemplate__ContainerSpec__Args", ["serve"], [("command", "serve", "serve --fast")]),
        ("TaskTemplate__ContainerSpec__Mounts", [], None),
        (
            "TaskTemplate__Resources",
            {"Limits": {"MemoryBytes": 1 << 30, "NanoCPUs": 500_000_000}},
            [("deploy.resources.limits.memory", "1g", "64m")],
        ),
        ("TaskTemplate__RestartPolicy__MaxAttempts", 3, [("deploy.restart_policy.max_attempts", "3", None)]),
        ("TaskTemplate__ContainerSpec__ReadOnly", True, [("read_only", "true", None)]),
        ("TaskTemplate__ContainerSpec__Init", False, [("init", "false", None)]),
        (
            "TaskTemplate__ContainerSpec__Ulimits",
            [{"Name": "nofile", "Soft": 10, "Hard": 20}, {"Name": "core", "Soft": 0, "Hard": 0}],
            [("ulimits.core.hard", "0", None), ("ulimits.core.soft", "0", None)],
        ),
        ("TaskTemplate__ContainerSpec__Novelty", {"Speed": 3}, [("novelty.speed", "3", None)]),
    ],
)
def test_a_change_is_told_in_the_words_of_the_file(
    path: str, value: Any, said: list[tuple[str, str | None, str | None]] | None
) -> None:
    told = [(one.field, one.before, one.after) for one in found(**{path: value})]
    assert told == said if said is not None else told != []


def test_values_of_variables_are_never_told() -> None:
    told = found(TaskTemplate__ContainerSpec__Env=["TOKEN=other", "ADDED=x"])
    assert told == [
        Difference(field="environment.ADDED", before="", after=None, hidden=True),
        Difference(field="environment.PLAIN", before=None, after="", hidden=True),
        Difference(field="environment.TOKEN", before="", after="", hidden=True),
    ]


def test_a_variable_without_a_value_is_not_one_with_an_empty_value() -> None:
    assert found(TaskTemplate__ContainerSpec__Env=["TOKEN=s3cret", "PLAIN"]) != []


def test_new_content_of_a_config_is_one_line() -> None:
    def grant(name: str) -> dict[str, Any]:
        file = {"Name": "/etc/motd", "UID": "0", "GID": "0", "Mode": 0o444}
        return {"File": file, "ConfigID": f"id-{name}", "ConfigName": name}

    wanted = {"TaskTemplate": {"ContainerSpec": {"Configs": [grant("motd-2")]}}}
    seen = {"TaskTemplate": {"ContainerSpec": {"Configs": [grant("motd-1")]}}}
    (one,) = differences(wanted, seen)
    assert (one.field, one.before, one.after) == ("configs./etc/motd", "motd-1", "motd-2")


def test_the_network_of_every_node_is_known_by_its_name() -> None:
    wanted = {"TaskTemplate": {"Networks": [{"Target": "host"}]}}
    assert differences(wanted, {"TaskTemplate": {"Networks": [{"Target": "unlisted"}]}}) == ()


def test_fields_that_keep_instances_are_told_apart() -> None:
    kept = found(UpdateConfig={"Parallelism": 1}, Labels={}, Mode={"Replicated": {"Replicas": 7}})
    assert kept != []
    assert all(one.field.startswith(KEEPS_INSTANCES) for one in kept)


NETWORK: dict[str, Any] = {
    "Name": "shop_default",
    "Driver": "overlay",
    "Options": {"encrypted": ""},
    "IPAM": {"Config": [{"Subnet": "10.9.0.0/24"}]},
    "Labels": {"com.docker.stack.namespace": "shop", "intermodal.revision": "x"},
}
LIVE: dict[str, Any] = {
    "Name": "shop_default",
    "Id": "n1",
    "Driver": "overlay",
    "EnableIPv6": False,
    "Options": {"encrypted": "", "com.docker.network.driver.overlay.vxlanid_list": "4097"},
    "IPAM": {
        "Driver": "default",
        "Options": {"com.docker.network.ipam.serial": "true"},
        "Config": [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}],
    },
    "Labels": {"com.docker.stack.namespace": "shop"},
}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"Internal": True}, ["internal"]),
        ({"Attachable": True}, ["attachable"]),
        ({"EnableIPv6": True}, ["enable_ipv6"]),
        ({"Labels": {"a": "b"}}, ["labels.a"]),
        ({"Options": {}}, ["options.encrypted"]),
        ({"IPAM": {"Config": [{"Subnet": "10.8.0.0/24", "Gateway": "10.8.0.1"}]}}, None),
    ],
)
def test_networks(changes: dict[str, Any], fields: list[str] | None) -> None:
    told = [one.field for one in network_differences(NETWORK, LIVE | changes)]
    assert told == fields if fields is not None else told != []


def test_addresses_that_the_engine_chose_are_no_difference() -> None:
    wanted = {key: value for key, value in NETWORK.items() if key != "IPAM"}
    assert network_differences(wanted, LIVE) == ()
