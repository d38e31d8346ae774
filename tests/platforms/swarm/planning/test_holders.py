"""Who has a port of the nodes, as Swarm's lists tell."""

from __future__ import annotations

from typing import Any

from intermodal.platforms.swarm.planning.holders import named, waiting

WAITS = "no suitable node (host-mode port already in use on 3 nodes)"


def service(name: str, *ports: tuple[int, str]) -> dict[str, Any]:
    listed = [{"PublishedPort": number, "PublishMode": mode, "Protocol": "tcp"} for number, mode in ports]
    return {"ID": name, "Spec": {"Name": name, "EndpointSpec": {"Ports": listed}}}


def task(of: str, message: str = "") -> dict[str, Any]:
    return {"ID": "t", "ServiceID": of, "Status": {"State": "pending", "Err": message}}


def test_the_holder_is_named_behind_what_swarm_says() -> None:
    services = [
        service("a_web", (80, "host")),
        service("b_web", (80, "host"), (81, "host")),
        service("c_x", (81, "host")),
    ]
    (found,) = named([task("b_web", WAITS)], services)
    assert found["Status"]["Err"] == f"{WAITS}; service a_web has port 80/tcp; service c_x has port 81/tcp"


def test_other_messages_and_ports_of_the_mesh_are_left_alone() -> None:
    services = [service("a_web", (80, "ingress")), service("b_web", (80, "host"))]
    tasks = (task("b_web", WAITS), task("b_web", "no suitable node"), task("gone", WAITS))
    assert waiting(tasks) == {"b_web", "gone"}
    assert named(tasks, services) == tasks


def test_nobody_waits() -> None:
    assert not waiting([task("a_web"), {"ID": "t", "ServiceID": "a_web"}])
