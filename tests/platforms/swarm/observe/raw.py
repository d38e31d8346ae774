"""Answers of a Swarm's API, made by hand as short as they can be."""

from __future__ import annotations

from typing import Any

CREATED = "2026-11-22T08:21:46.122413394Z"


def service(name: str = "web", *, stack: str = "shop", replicas: int | None = 1, **changes: Any) -> dict[str, Any]:
    """An answer of GET /services; `changes` are `spec`, `template`, `inside` (pieces of the spec) and fields beside."""
    spec = {
        "Name": f"{stack}_{name}",
        "Labels": {
            "com.docker.stack.namespace": stack,
            "com.docker.stack.image": "web:1",
            "intermodal.revision": "r1",
        },
        "TaskTemplate": {
            "ContainerSpec": {"Image": "web:1@sha256:0", "Isolation": "default"} | changes.pop("inside", {}),
            "Resources": {"Limits": {}, "Reservations": {}},
            "Placement": {},
            "Networks": [{"Target": "n1", "Aliases": [name]}],
            "ForceUpdate": 0,
            "Runtime": "container",
        }
        | changes.pop("template", {}),
        "Mode": {"Global": {}} if replicas is None else {"Replicated": {"Replicas": replicas}},
        "EndpointSpec": {"Mode": "vip"},
    } | changes.pop("spec", {})
    return {"ID": f"s-{name}", "Version": {"Index": 1}, "CreatedAt": CREATED, "Spec": spec} | changes


def task(of: dict[str, Any], slot: int = 1, state: str = "running", **changes: Any) -> dict[str, Any]:
    """An answer of GET /tasks, made from the service as it is."""
    status = {"Timestamp": "2026-11-22T08:22:00Z", "State": state, "Message": state} | changes.pop("status", {})
    spec = {key: value for key, value in of["Spec"]["TaskTemplate"].items() if key != "Runtime"}
    made = {
        "ID": f"t-{of['ID']}-{slot}-{state}",
        "CreatedAt": CREATED,
        "Spec": spec | changes.pop("template", {}),
        "ServiceID": of["ID"],
        "NodeID": "n-1",
        "Status": status,
        "DesiredState": "running",
    }
    return made | ({"Slot": slot} if slot else {}) | changes


def node(number: int = 1, state: str = "ready", role: str = "worker", **changes: Any) -> dict[str, Any]:
    """An answer of GET /nodes."""
    return {
        "ID": f"n-{number}",
        "Spec": {"Labels": {}, "Role": role, "Availability": "active"},
        "Description": {
            "Hostname": f"node-{number}",
            "Resources": {"NanoCPUs": 2000000000, "MemoryBytes": 1024},
            "Engine": {"EngineVersion": "20.10.24"},
        },
        "Status": {"State": state, "Addr": f"10.0.0.{number}"},
    } | changes
