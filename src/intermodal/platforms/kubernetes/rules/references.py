"""What objects name is there: ConfigMaps, Secrets, claims, accounts, Services, and the keys and ports in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.platforms.kubernetes.rules.scene import Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.platforms.kubernetes.rules.scene import Content, Pod, Rule, Scene

MISSING = "missing-reference"
GIVEN = frozenset({("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")})
"""What every namespace has."""


@record
class Reference:
    """One object named by another, and the keys wanted in it; `optional` ones may be absent."""

    kind: str
    name: str
    where: str
    keys: tuple[str, ...] = ()
    optional: bool = False


def named_objects(scene: Scene) -> Iterator[Violation]:
    """Every object that another names is there, with the keys wanted of it."""
    for found in references(scene):
        if found.optional or (found.kind, found.name) in GIVEN:
            continue
        target = scene.by_kind.get(found.kind, {}).get(found.name)
        if target is None:
            yield Violation(
                rule=MISSING, where=found.where, message=f"names {found.kind}/{found.name}, which is not there"
            )
            continue
        held = {key for field in ("data", "binaryData", "stringData") for key in target.get(field) or {}}
        for key in found.keys:
            if key not in held:
                message = f"wants the key {key!r} of {found.kind}/{found.name}, which has none of that name"
                yield Violation(rule="missing-key", where=found.where, message=message)


def references(scene: Scene) -> Iterator[Reference]:
    """Every object that another object of the scene names."""
    for pod in scene.pods:
        yield from _of_pod(pod)
    for content in scene.objects:
        yield from _OTHERS.get(content["kind"], _none)(content)


def _of_pod(pod: Pod) -> Iterator[Reference]:
    where = title(pod.owner)
    if pod.spec.get("serviceAccountName"):
        yield Reference(kind="ServiceAccount", name=pod.spec["serviceAccountName"], where=where)
    for secret in pod.spec.get("imagePullSecrets") or ():
        yield Reference(kind="Secret", name=secret["name"], where=where)
    for volume in pod.volumes:
        yield from _of_volume(volume, where)
    for container in pod.containers:
        yield from _of_container(container, f"{where} container {container.get('name')}")


def _of_volume(volume: Content, where: str) -> Iterator[Reference]:
    if "persistentVolumeClaim" in volume:
        yield Reference(kind="PersistentVolumeClaim", name=volume["persistentVolumeClaim"]["claimName"], where=where)
    for source in (volume, *((volume.get("projected") or {}).get("sources") or ())):
        if "configMap" in source:
            yield _of_source("ConfigMap", source["configMap"], "name", where)
        if "secret" in source:
            key = "secretName" if source is volume else "name"
            yield _of_source("Secret", source["secret"], key, where)


def _of_source(kind: str, source: Content, field: str, where: str) -> Reference:
    keys = tuple(item["key"] for item in source.get("items") or ())
    return Reference(kind=kind, name=source[field], where=where, keys=keys, optional=bool(source.get("optional")))


def _of_container(container: Content, where: str) -> Iterator[Reference]:
    for source in container.get("envFrom") or ():
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if field in source:
                named = source[field]
                yield Reference(kind=kind, name=named["name"], where=where, optional=bool(named.get("optional")))
    for variable in container.get("env") or ():
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            if field in (variable.get("valueFrom") or {}):
                named = variable["valueFrom"][field]
                yield Reference(
                    kind=kind,
                    name=named["name"],
                    where=where,
                    keys=(named["key"],),
                    optional=bool(named.get("optional")),
                )


def _of_ingress(content: Content) -> Iterator[Reference]:
    for entry in content["spec"].get("tls") or ():
        if "secretName" in entry:
            yield Reference(kind="Secret", name=entry["secretName"], where=title(content))
    for backend in ingress_backends(content):
        yield Reference(kind="Service", name=backend["name"], where=title(content))


def ingress_backends(content: Content) -> Iterator[Content]:
    """The `service` of every backend of an Ingress."""
    spec = content["spec"]
    if "service" in (spec.get("defaultBackend") or {}):
        yield spec["defaultBackend"]["service"]
    for rule in spec.get("rules") or ():
        for path in (rule.get("http") or {}).get("paths") or ():
            if "service" in path["backend"]:
                yield path["backend"]["service"]


def _of_route(content: Content) -> Iterator[Reference]:
    for rule in content["spec"].get("rules") or ():
        for backend in rule.get("backendRefs") or ():
            yield Reference(kind=backend.get("kind", "Service"), name=backend["name"], where=title(content))


def _of_binding(content: Content) -> Iterator[Reference]:
    role = content["roleRef"]
    yield Reference(kind=role["kind"], name=role["name"], where=title(content))
    for subject in content.get("subjects") or ():
        yield Reference(kind=subject["kind"], name=subject["name"], where=title(content))


def _of_stateful_set(content: Content) -> Iterator[Reference]:
    if content["spec"].get("serviceName"):
        yield Reference(kind="Service", name=content["spec"]["serviceName"], where=title(content))


def _of_claim(content: Content) -> Iterator[Reference]:
    if content["spec"].get("volumeName"):
        yield Reference(kind="PersistentVolume", name=content["spec"]["volumeName"], where=title(content))


def _of_persistent_volume(content: Content) -> Iterator[Reference]:
    spec = content["spec"]
    if "claimRef" in spec:
        yield Reference(kind="PersistentVolumeClaim", name=spec["claimRef"]["name"], where=title(content))
    secret = (spec.get("csi") or {}).get("nodeStageSecretRef")
    if secret:
        yield Reference(kind="Secret", name=secret["name"], where=title(content))


def _of_scaler(content: Content) -> Iterator[Reference]:
    target = content["spec"]["scaleTargetRef"]
    yield Reference(kind=target["kind"], name=target["name"], where=title(content))


def _none(_: Content) -> Iterator[Reference]:
    return iter(())


_OTHERS = {
    "Ingress": _of_ingress,
    "HTTPRoute": _of_route,
    "RoleBinding": _of_binding,
    "StatefulSet": _of_stateful_set,
    "PersistentVolumeClaim": _of_claim,
    "PersistentVolume": _of_persistent_volume,
    "HorizontalPodAutoscaler": _of_scaler,
}

RULES: tuple[Rule, ...] = (named_objects,)
