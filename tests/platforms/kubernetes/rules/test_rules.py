"""Each rule finds what it is for, and finds nothing in a set of objects that is right."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.model.platform import Document
from intermodal.platforms.kubernetes import rules
from intermodal.platforms.kubernetes.rules import check
from intermodal.platforms.kubernetes.rules.quantity import amount

if TYPE_CHECKING:
    from collections.abc import Callable

LABELS = {"app.kubernetes.io/name": "web"}


def good() -> dict[str, Any]:
    """A set of objects that break no rule, by kind."""
    container = {
        "name": "web",
        "image": "nginx:1",
        "command": ["nginx"],
        "ports": [{"containerPort": 80, "name": "http"}],
        "env": [
            {"name": "A", "value": "1"},
            {"name": "B", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}},
        ],
        "envFrom": [{"configMapRef": {"name": "conf"}}],
        "livenessProbe": {"httpGet": {"port": 80, "path": "/"}, "periodSeconds": 10},
        "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1", "memory": "64Mi"}},
        "volumeMounts": [
            {"name": "data", "mountPath": "/data", "subPath": "data"},
            {"name": "conf", "mountPath": "/etc/conf", "readOnly": True},
        ],
    }
    spec = {
        "serviceAccountName": "web",
        "initContainers": [{"name": "first", "image": "busybox", "command": ["true"]}],
        "containers": [container],
        "volumes": [
            {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
            {"name": "conf", "configMap": {"name": "conf", "items": [{"key": "a.conf", "path": "a.conf"}]}},
        ],
    }
    template = {"metadata": {"labels": dict(LABELS)}, "spec": spec}
    return {
        "ConfigMap": thing("v1", "ConfigMap", "conf", data={"a.conf": "x"}, binaryData={"b": "AAA="}),
        "Secret": thing("v1", "Secret", "login", stringData={"password": "x"}),
        "ServiceAccount": thing("v1", "ServiceAccount", "web"),
        "PersistentVolume": thing(
            "v1",
            "PersistentVolume",
            "shop-data",
            spec={
                "capacity": {"storage": "1Gi"},
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": "",
                "claimRef": {"kind": "PersistentVolumeClaim", "name": "data", "namespace": "default"},
                "nfs": {"server": "nas", "path": "/x"},
            },
        ),
        "PersistentVolumeClaim": thing(
            "v1",
            "PersistentVolumeClaim",
            "data",
            spec={
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": "",
                "volumeName": "shop-data",
                "resources": {"requests": {"storage": "1Gi"}},
            },
        ),
        "Service": thing(
            "v1", "Service", "web", spec={"selector": dict(LABELS), "ports": [{"port": 80, "name": "http"}]}
        ),
        "Deployment": thing(
            "apps/v1", "Deployment", "web", spec={"selector": {"matchLabels": dict(LABELS)}, "template": template}
        ),
        "CronJob": thing(
            "batch/v1",
            "CronJob",
            "nightly",
            spec={
                "schedule": "0 3 * * *",
                "jobTemplate": {
                    "spec": {
                        "template": {
                            "metadata": {"labels": {"a": "nightly"}},
                            "spec": {"restartPolicy": "Never", "containers": [{"name": "job", "image": "busybox"}]},
                        }
                    }
                },
            },
        ),
        "Ingress": thing(
            "networking.k8s.io/v1",
            "Ingress",
            "web",
            spec={
                "rules": [
                    {
                        "host": "shop.example.org",
                        "http": {
                            "paths": [
                                {
                                    "path": "/",
                                    "pathType": "Prefix",
                                    "backend": {"service": {"name": "web", "port": {"number": 80}}},
                                }
                            ]
                        },
                    }
                ]
            },
        ),
    }


def thing(api: str, kind: str, name: str, **content: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, **content}


def found(objects: dict[str, Any]) -> list[str]:
    documents = [Document(stem=f"{index}", content=content) for index, content in enumerate(objects.values())]
    return [violation.rule for violation in check(documents)]


def pod(objects: dict[str, Any]) -> Any:
    return objects["Deployment"]["spec"]["template"]["spec"]


def main(objects: dict[str, Any]) -> Any:
    return pod(objects)["containers"][0]


def put(of: Callable[[dict[str, Any]], Any], *path: Any) -> Callable[[dict[str, Any]], None]:
    """A change: the last of `path` becomes the value under the keys before it."""

    def change(objects: dict[str, Any]) -> None:
        *keys, last, value = path
        target = of(objects)
        for key in keys:
            target = target[key]
        if value is REMOVED:
            del target[last]
        else:
            target[last] = value

    return change


def add(of: Callable[[dict[str, Any]], Any], key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda objects: of(objects)[key].append(value)


def kind(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda objects: objects[name]


REMOVED: Any = object()
MOUNT = {"name": "data", "mountPath": "/other"}
BROKEN: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
    ("object-twice", lambda objects: objects.update(copy=deepcopy(objects["Secret"]))),
    ("invalid-name", put(kind("Secret"), "metadata", "name", "Log_in")),
    ("invalid-name", put(kind("ConfigMap"), "metadata", "name", "c" * 64)),
    ("invalid-name", put(kind("CronJob"), "metadata", "name", "c" * 53)),
    ("invalid-name", put(kind("Service"), "metadata", "name", "9web")),
    ("invalid-label", put(kind("Secret"), "metadata", "labels", {"a": "b c"})),
    ("invalid-label", put(kind("Secret"), "metadata", "labels", {"a/": "b"})),
    ("invalid-annotation", put(kind("Secret"), "metadata", "annotations", {"a": 1})),
    ("annotations-too-large", put(kind("Secret"), "metadata", "annotations", {"a": "b" * 300_000})),
    ("missing-reference", put(kind("Deployment"), "spec", "template", "spec", "serviceAccountName", "other")),
    ("missing-reference", put(pod, "volumes", 0, "persistentVolumeClaim", "claimName", "other")),
    ("missing-reference", put(pod, "volumes", 1, "configMap", "name", "other")),
    ("missing-reference", put(main, "envFrom", 0, "configMapRef", "name", "other")),
    ("missing-reference", put(main, "env", 1, "valueFrom", "secretKeyRef", "name", "other")),
    ("missing-reference", put(pod, "imagePullSecrets", [{"name": "registry"}])),
    ("missing-reference", put(kind("PersistentVolumeClaim"), "spec", "volumeName", "other")),
    ("missing-reference", put(kind("PersistentVolume"), "spec", "claimRef", "name", "other")),
    ("missing-reference", put(kind("Ingress"), "spec", "tls", [{"secretName": "tls"}])),
    ("missing-key", put(pod, "volumes", 1, "configMap", "items", [{"key": "none", "path": "a"}])),
    ("missing-key", put(main, "env", 1, "valueFrom", "secretKeyRef", "key", "other")),
    ("selector-mismatch", put(kind("Deployment"), "spec", "selector", "matchLabels", {"a": "b"})),
    ("selector-mismatch", put(kind("Deployment"), "spec", "selector", {})),
    ("selector-overlap", lambda objects: objects.update(copy=renamed(objects["Deployment"], "web-2"))),
    ("restart-policy", put(pod, "restartPolicy", "Never")),
    (
        "restart-policy",
        put(kind("CronJob"), "spec", "jobTemplate", "spec", "template", "spec", "restartPolicy", "Always"),
    ),
    ("strategy", put(kind("Deployment"), "spec", "strategy", {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}})),
    ("strategy", put(kind("Deployment"), "spec", "strategy", {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}})),
    ("out-of-range", put(kind("Deployment"), "spec", "replicas", -1)),
    ("out-of-range", put(kind("CronJob"), "spec", "jobTemplate", "spec", "backoffLimit", -1)),
    ("out-of-range", put(pod, "terminationGracePeriodSeconds", 1.5)),
    ("schedule", put(kind("CronJob"), "spec", "schedule", "daily")),
    ("name-resolution", put(pod, "hostname", "a.b")),
    ("name-resolution", put(pod, "dnsPolicy", "None")),
    ("name-resolution", put(pod, "hostAliases", [{"ip": "host-gateway", "hostnames": ["a"]}])),
    ("name-resolution", put(pod, "dnsConfig", {"nameservers": ["1.1.1.1"] * 4})),
    ("placement", put(pod, "topologySpreadConstraints", [{"maxSkew": 0, "topologyKey": "zone"}])),
    (
        "placement",
        put(
            pod,
            "affinity",
            {
                "nodeAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": {
                        "nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "In"}]}]
                    }
                }
            },
        ),
    ),
    ("no-container", put(pod, "containers", [])),
    ("container-name", put(main, "name", "first")),
    ("container-name", put(main, "name", "Web")),
    ("image", put(main, "image", "")),
    ("image", put(main, "image", "nginx: 1")),
    ("pull-policy", put(main, "imagePullPolicy", "Missing")),
    ("command", put(main, "command", ["sleep", 5])),
    ("environment", put(main, "env", 0, "name", "1=")),
    ("environment", add(main, "env", {"name": "A", "value": "2"})),
    ("environment", put(main, "env", 0, "value", 5)),
    ("container-port", put(main, "ports", 0, "containerPort", 70000)),
    ("container-port", add(main, "ports", {"containerPort": 80})),
    ("container-port", add(main, "ports", {"containerPort": 81, "name": "http"})),
    ("container-port", put(main, "ports", 0, "name", "much-too-long-for-it")),
    ("container-port", put(main, "ports", 0, "hostPort", 0)),
    ("probe", put(main, "livenessProbe", "periodSeconds", 0)),
    ("probe", put(main, "livenessProbe", "timeoutSeconds", 10**9)),
    ("probe", put(main, "livenessProbe", "successThreshold", 2)),
    ("probe", put(main, "livenessProbe", "exec", {"command": ["true"]})),
    ("probe", put(main, "readinessProbe", {"exec": {"command": []}})),
    ("probe", put(main, "readinessProbe", {"tcpSocket": {"port": 0}})),
    ("probe", put(pod, "initContainers", 0, "livenessProbe", {"exec": {"command": ["true"]}})),
    ("hook", put(main, "lifecycle", {"preStop": {}})),
    ("resources", put(main, "resources", "limits", "memory", "64mb")),
    ("resources", put(main, "resources", "requests", "cpu", "2")),
    ("privileges", put(main, "securityContext", {"runAsNonRoot": True, "runAsUser": 0})),
    ("privileges", put(main, "securityContext", {"runAsUser": -1})),
    ("privileges", put(main, "securityContext", {"privileged": True, "allowPrivilegeEscalation": False})),
    ("mount-without-volume", add(main, "volumeMounts", {"name": "none", "mountPath": "/none"})),
    ("volume-without-mount", add(pod, "volumes", {"name": "spare", "emptyDir": {}})),
    ("volume-name", add(pod, "volumes", {"name": "data", "emptyDir": {}})),
    ("mount-path-twice", add(main, "volumeMounts", {**MOUNT, "mountPath": "/data"})),
    ("mount-path", add(main, "volumeMounts", {**MOUNT, "mountPath": "data"})),
    ("sub-path", add(main, "volumeMounts", {**MOUNT, "subPath": "../x"})),
    ("mount-manner", add(main, "volumeMounts", {**MOUNT, "mountPropagation": "Bidirectional"})),
    ("mount-manner", add(main, "volumeMounts", {**MOUNT, "mountPropagation": "rshared"})),
    ("mount-manner", add(main, "volumeMounts", {**MOUNT, "recursiveReadOnly": "Enabled"})),
    ("volume", put(pod, "volumes", 0, {"name": "data", "emptyDir": {"medium": "Disk"}})),
    ("volume", put(pod, "volumes", 0, {"name": "data", "emptyDir": {"sizeLimit": "0"}})),
    ("volume", put(pod, "volumes", 0, {"name": "data", "hostPath": {"path": "/x", "type": "Folder"}})),
    ("volume", put(pod, "volumes", 1, "configMap", "defaultMode", 0o1777)),
    ("volume", put(pod, "volumes", 1, "configMap", "items", [{"key": "a.conf", "path": "../a"}])),
    ("volume", put(pod, "volumes", 0, "emptyDir", {})),
    ("service-selects-nothing", put(kind("Service"), "spec", "selector", {"a": "b"})),
    ("service-port", put(kind("Service"), "spec", "ports", 0, "port", 0)),
    ("service-port", put(kind("Service"), "spec", "ports", 0, "nodePort", 80)),
    ("service-port", put(kind("Service"), "spec", "ports", [{"port": 80}, {"port": 81}])),
    ("service-port", put(kind("Service"), "spec", "ports", [])),
    ("service-port", put(kind("Service"), "spec", "type", "Headless")),
    ("ingress", put(kind("Ingress"), "spec", "rules", 0, "host", "Shop_1")),
    ("ingress", put(kind("Ingress"), "spec", "rules", 0, "http", "paths", 0, "pathType", "Regex")),
    (
        "ingress",
        put(kind("Ingress"), "spec", "rules", 0, "http", "paths", 0, "backend", "service", "port", {"number": 81}),
    ),
    ("payload", put(kind("ConfigMap"), "data", {"a/b": "x", "a.conf": "x"})),
    ("payload", put(kind("ConfigMap"), "data", {"a.conf": 5})),
    ("payload", put(kind("ConfigMap"), "binaryData", {"b": "not base64"})),
    ("payload", put(kind("ConfigMap"), "binaryData", {"a.conf": "AAA="})),
    ("payload", put(kind("ConfigMap"), "data", {"a.conf": "x" * (1 << 20)})),
    ("access-mode", put(kind("PersistentVolumeClaim"), "spec", "accessModes", ["ReadWrite"])),
    ("access-mode", put(kind("PersistentVolume"), "spec", "accessModes", ["ReadWriteOnce", "ReadWriteOncePod"])),
    ("storage-size", put(kind("PersistentVolumeClaim"), "spec", "resources", "requests", "storage", "10gb")),
    ("volume-source", put(kind("PersistentVolume"), "spec", "hostPath", {"path": "/x"})),
    ("volume-source", put(kind("PersistentVolume"), "spec", "nfs", {"server": "", "path": "/x"})),
    ("claim-mismatch", put(kind("PersistentVolumeClaim"), "spec", "resources", "requests", "storage", "2Gi")),
    ("claim-mismatch", put(kind("PersistentVolumeClaim"), "spec", "storageClassName", "fast")),
    ("claim-mismatch", put(kind("PersistentVolumeClaim"), "spec", "accessModes", ["ReadWriteMany"])),
]


def renamed(content: dict[str, Any], name: str) -> dict[str, Any]:
    copy = deepcopy(content)
    copy["metadata"]["name"] = name
    return copy


def test_what_is_right_breaks_no_rule() -> None:
    assert found(good()) == []


@pytest.mark.parametrize(("rule", "change"), BROKEN, ids=[f"{rule}-{index}" for index, (rule, _) in enumerate(BROKEN)])
def test_each_rule_finds_what_it_is_for(rule: str, change: Callable[[dict[str, Any]], None]) -> None:
    objects = good()
    change(objects)
    assert rule in found(objects)


def test_every_rule_is_among_those_tried() -> None:
    folder = Path(rules.__file__).parent
    written = {
        name
        for path in folder.glob("*.py")
        for name in re.findall(r'(?:rule=|_said\()"([a-z-]+)"', path.read_text("utf-8"))
    }
    assert written | {"missing-reference"} == {rule for rule, _ in BROKEN}


def test_optional_references_and_what_every_namespace_has() -> None:
    objects = good()
    main(objects)["envFrom"].append({"configMapRef": {"name": "maybe", "optional": True}})
    pod(objects)["volumes"][1] = {"name": "conf", "configMap": {"name": "kube-root-ca.crt"}}
    assert found(objects) == []


def test_a_stateful_set_may_mount_its_claim_templates() -> None:
    objects = good()
    made = objects["Deployment"]
    made["kind"] = "StatefulSet"
    made["spec"] |= {"serviceName": "web", "volumeClaimTemplates": [{"metadata": {"name": "own"}}]}
    main(objects)["volumeMounts"].append({"name": "own", "mountPath": "/own"})
    assert found(objects) == []
    made["spec"]["serviceName"] = "other"
    assert found(objects) == ["missing-reference"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), ("100m", 0.1), ("1Ki", 1024), ("1.5G", 1.5e9), (2, 2), ("-1", -1)],
)
def test_quantities(text: object, expected: float) -> None:
    assert amount(text) == expected


@pytest.mark.parametrize("text", ["", "1mb", "Mi", "1.2.3", "1 Gi", True, None, "1mi"])
def test_what_is_no_quantity(text: object) -> None:
    assert amount(text) is None
