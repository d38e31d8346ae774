"""Our YAML writer beside PyYAML's C dumper, on the same documents: Deployments and Services as they are translated."""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING, Any

import yaml

from intermodal.kit.emitter import emit_all

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICES = 1000
ROUNDS = 5


def deployment(name: str, number: int) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "bench"}
    container = {
        "name": name,
        "image": f"registry.example.com/team/app:1.{number}",
        "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "two"}, {"name": "C", "value": f"three {number}"}],
        "ports": [{"name": "tcp-80", "containerPort": 80}],
        "resources": {"limits": {"cpu": "500m", "memory": "128Mi"}},
        "readinessProbe": {"exec": {"command": ["curl", "-f", "http://localhost"]}, "periodSeconds": 30},
        "volumeMounts": [{"name": f"data{number}", "mountPath": "/data"}],
    }
    pod = {"containers": [container], "volumes": [{"name": f"data{number}", "persistentVolumeClaim": {}}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels, "annotations": {"tier": "web", "note": "two lines\nof text\n"}},
        "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": {"metadata": {}, "spec": pod}},
    }


def service(name: str, number: int) -> dict[str, Any]:
    ports = [{"name": "tcp-80", "port": 80, "targetPort": 80}]
    spec = {"type": "ClusterIP", "selector": {"app.kubernetes.io/name": name}, "ports": ports}
    metadata = {"name": name, "annotations": {"published": f"{10000 + number}"}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def documents() -> list[dict[str, Any]]:
    return [make(f"s{n}", n) for n in range(SERVICES) for make in (deployment, service)]


def seconds(write: Callable[[list[dict[str, Any]]], str]) -> float:
    taken = []
    for _ in range(ROUNDS):
        written = documents()
        gc.collect()
        started = time.perf_counter()
        write(written)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def dump(written: list[dict[str, Any]]) -> str:
    return str(yaml.dump_all(written, Dumper=yaml.CSafeDumper, sort_keys=False))


if __name__ == "__main__":
    ours, theirs = seconds(emit_all), seconds(dump)
    print(f"{SERVICES * 2:,} documents, {len(emit_all(documents()).splitlines()):,} lines")
    print(f"our writer         {ours * 1000:6.0f} ms")
    print(f"PyYAML's C dumper  {theirs * 1000:6.0f} ms ({theirs / ours:.1f} times ours)")
