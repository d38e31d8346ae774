from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.running import Phase, Published
from intermodal.platforms.compose.observe import applications, event, held_images, instance, instance_inspected, running


def row(**said: Any) -> dict[str, Any]:
    """A row of Docker 20.10's list of containers."""
    labels = {
        "com.docker.compose.project": said.pop("project", "shop"),
        "com.docker.compose.service": said.pop("service", "web"),
        "com.docker.compose.container-number": str(said.pop("number", 1)),
        "com.docker.compose.oneoff": str(said.pop("oneoff", False)),
        "intermodal.revision": said.pop("revision", "r1"),
    }
    return {
        "Id": said.pop("id", "abc"),
        "Names": ["/other/alias", "/shop-web-1"],
        "Image": "web:1",
        "ImageID": "sha256:1",
        "Created": 1000,
        "State": "running",
        "Status": "Up 2 minutes",
        "Labels": labels,
        "Ports": [],
        "Mounts": [],
        "HostConfig": {"NetworkMode": "shop_default"},
        "NetworkSettings": {"Networks": {}},
        **said,
    }


@pytest.mark.parametrize(
    ("state", "status", "phase", "code"),
    [
        ("created", "Created", Phase.WAITING, None),
        ("running", "Up 2 minutes", Phase.RUNNING, None),
        ("running", "Up Less than a second (health: starting)", Phase.STARTING, None),
        ("running", "Up 2 minutes (healthy)", Phase.HEALTHY, None),
        ("running", "Up 2 minutes (unhealthy)", Phase.UNHEALTHY, None),
        ("paused", "Up 2 minutes (Paused)", Phase.PAUSED, None),
        ("restarting", "Restarting (1) 3 seconds ago", Phase.RESTARTING, None),
        ("removing", "Removal In Progress", Phase.STOPPED, None),
        ("dead", "Dead", Phase.FAILED, None),
        ("exited", "Exited (0) 3 minutes ago", Phase.COMPLETE, 0),
        ("exited", "Exited (1) 3 minutes ago", Phase.FAILED, 1),
        ("exited", "Exited (137) 3 minutes ago", Phase.FAILED, 137),
        ("exited", "Exited (143) 3 minutes ago", Phase.STOPPED, 143),
    ],
)
def test_phases_of_lists(state: str, status: str, phase: Phase, code: int | None) -> None:
    found = instance(row(State=state, Status=status))
    assert (found.phase, found.exit_code, found.status) == (phase, code, status)


def test_an_instance_of_a_list() -> None:
    ports = [
        {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},  # noqa: S104 - read, not bound
        {"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
        {"IP": "127.0.0.1", "PrivatePort": 53, "PublicPort": 53, "Type": "udp"},
        {"PrivatePort": 90, "Type": "tcp"},
    ]
    found = instance(row(number=3, Ports=ports))
    assert (found.name, found.service, found.number, found.revision) == ("shop-web-1", "web", 3, "r1")
    assert (found.image, found.created, found.container) == ("web:1", 1000.0, "abc")
    assert found.ports == (
        Published(target=80, published=8080),
        Published(target=53, published=53, protocol="udp", address="127.0.0.1"),
    )


def inspected(**state: Any) -> dict[str, Any]:
    return {
        "Id": "abc",
        "Name": "/shop-web-1",
        "Created": "2026-01-02T03:04:05.5Z",
        "RestartCount": 2,
        "State": {"Status": "running", "ExitCode": 0, "StartedAt": "2026-01-02T03:04:06Z", **state},
        "Config": {"Image": "web:1", "Labels": row()["Labels"]},
        "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}], "81/tcp": None}},
    }


def test_an_inspected_instance_has_times_and_restarts() -> None:
    found = instance_inspected(inspected())
    assert (found.phase, found.restarts, found.exit_code, found.message) == (Phase.RUNNING, 2, None, "")
    assert (found.created, found.started) == (1767323045.5, 1767323046.0)
    assert found.ports == (Published(target=80, published=8080),)
    assert (found.service, found.number, found.revision) == ("web", 1, "r1")


@pytest.mark.parametrize(
    ("state", "phase", "message"),
    [
        (
            {"Health": {"Status": "unhealthy", "Log": [{"ExitCode": 1, "Output": "no\n  answer"}]}},
            Phase.UNHEALTHY,
            "the health check ends with 1: no answer",
        ),
        (
            {"Health": {"Status": "starting", "Log": [{"ExitCode": 7, "Output": ""}]}},
            Phase.STARTING,
            "the health check ends with 7",
        ),
        ({"Health": {"Status": "healthy", "Log": [{"ExitCode": 0, "Output": "x"}]}}, Phase.HEALTHY, ""),
        ({"Status": "created", "ExitCode": 127, "Error": "no such file"}, Phase.FAILED, "no such file"),
        ({"Status": "created"}, Phase.WAITING, ""),
        (
            {"Status": "exited", "ExitCode": 143, "OOMKilled": True},
            Phase.FAILED,
            "it was killed because its memory did not suffice",
        ),
    ],
)
def test_why_an_instance_is_not_well(state: dict[str, Any], phase: Phase, message: str) -> None:
    found = instance_inspected(inspected(**state))
    assert (found.phase, found.message) == (phase, message)


def test_an_application_is_its_services_by_number_with_live_ones_first() -> None:
    rows = [
        row(id="old", number=1, revision="r0", Created=900, State="exited", Status="Exited (1) 1 second ago"),
        row(id="new", number=1, Created=1100),
        row(id="two", number=2, Created=1000),
        row(id="off", oneoff=True),
        row(id="none", service="idle", number=0, State="created", Status="Created"),
        row(id="theirs", project="other"),
    ]
    networks: list[dict[str, Any]] = [
        {"Name": "shop_default", "Labels": {"com.docker.compose.project": "shop"}},
        {"Name": "bridge", "Labels": {}},
    ]
    volumes: list[dict[str, Any]] = [
        {"Name": "shop_v", "Labels": {"com.docker.compose.project": "shop"}},
        {"Name": "x", "Labels": None},
    ]
    found = running("shop", rows, networks, volumes)
    assert (found.networks, found.volumes) == (("shop_default",), ("shop_v",))
    assert list(found.services) == ["idle", "web"]
    web = found.services["web"]
    assert [one.id for one in web.instances] == ["new", "old", "two"]
    assert (web.wanted, web.revision, web.image) == (2, "r1", "web:1")
    assert (found.services["idle"].wanted, found.services["idle"].instances) == (0, ())


def test_applications_of_every_tool() -> None:
    rows = [row(project="b"), row(project="a"), row(project="")]
    left = [{"Name": "c_default", "Labels": {"com.docker.compose.project": "c"}}]
    volumes = [{"Name": "d_v", "Labels": {"com.docker.compose.project": "d"}}]
    assert [one.application for one in applications(rows, left, volumes)] == ["a", "b", "c"]


def test_images_in_use() -> None:
    rows = [row(), row(service="job"), row(service="old", Image="web:1", ImageID="sha256:0")]
    images = [
        {"Id": "sha256:1", "Size": 7, "Created": 5, "RepoDigests": ["mirror/web@sha256:m", "web@sha256:d"]},
        {"Id": "sha256:0", "Size": 6, "Created": 4, "RepoDigests": None},
    ]
    old, new = held_images(rows, images)
    assert (new.reference, new.digest, new.size, new.created, new.services) == (
        "web:1",
        "sha256:d",
        7,
        5.0,
        ("job", "web"),
    )
    assert (old.id, old.digest, old.services) == ("sha256:0", "", ("old",))


def test_events() -> None:
    attributes = {"name": "shop-web-1", "com.docker.compose.service": "web", "exitCode": "1", "image": "web:1"}
    raw = {
        "Type": "container",
        "Action": "die",
        "Actor": {"ID": "abc", "Attributes": attributes},
        "timeNano": 1_500_000_000,
    }
    found = event(raw)
    assert found is not None
    assert (found.time, found.kind, found.name, found.action, found.service) == (
        1.5,
        "instance",
        "shop-web-1",
        "die",
        "web",
    )
    assert found.details == {"exit_code": "1", "image": "web:1"}
    assert event({**raw, "Action": "exec_start: sh -c secret"}) is None
    assert event({**raw, "Type": "image"}) is None
    volume = event({"Type": "volume", "Action": "create", "Actor": {"ID": "v"}, "time": 3})
    assert volume is not None
    assert (volume.name, volume.kind, volume.time) == ("v", "volume", 3.0)
