"""What all objects have in common: metadata, labels, selectors, and their place in the output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING
from intermodal.model.platform import Document
from intermodal.platforms.kubernetes.names import LABEL_LIMIT, label_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

NAME_LABEL = "app.kubernetes.io/name"
APPLICATION_LABEL = "app.kubernetes.io/part-of"
MANAGER_LABEL = "app.kubernetes.io/managed-by"
SERVICE_LABEL = "intermodal.io/service"
ORIGINAL_ANNOTATION = "intermodal.io/original-name"
OWN_LABELS = frozenset({NAME_LABEL, APPLICATION_LABEL, MANAGER_LABEL, SERVICE_LABEL})
CLUSTER_WIDE = frozenset({"Namespace", "PersistentVolume", "StorageClass"})


def make_object(context: Context, kind: str, metadata: Object, **content: object) -> Object:
    """An object of a kind, under the API version of the Kubernetes written for."""
    if kind in CLUSTER_WIDE:
        metadata = {key: value for key, value in metadata.items() if key != "namespace"}
    return {"apiVersion": context.target.api(kind), "kind": kind, "metadata": metadata, **content}


def metadata(
    context: Context,
    name: str,
    *,
    service: str = "",
    original: str = "",
    labels: Mapping[str, str] = NOTHING,
    annotations: Mapping[str, str] = NOTHING,
) -> Object:
    """Metadata with the usual labels; `original` is what the file calls it, kept when `name` had to differ."""
    made: Object = {"name": name}
    if context.target.namespace:
        made["namespace"] = context.target.namespace
    made["labels"] = {**labels, **common_labels(context, service)}
    notes = dict(annotations)
    original = original or service
    if original and original != name and made["labels"].get(SERVICE_LABEL) != original:
        notes[ORIGINAL_ANNOTATION] = original
    if notes:
        made["annotations"] = notes
    return made


def common_labels(context: Context, service: str = "") -> dict[str, str]:
    """The labels every object carries; those of a service's objects name it."""
    made: dict[str, str] = {}
    if service:
        made[NAME_LABEL] = context.names.workload(service)
    made[APPLICATION_LABEL] = label_value(context.application.name)
    made[MANAGER_LABEL] = "intermodal"
    if service and len(service) <= LABEL_LIMIT and label_value(service) == service:
        made[SERVICE_LABEL] = service
    return made


def selector(context: Context, service: str) -> dict[str, str]:
    """The labels that exactly the Pods running a service carry."""
    return {
        NAME_LABEL: context.names.workload(context.groups.leader(service)),
        APPLICATION_LABEL: label_value(context.application.name),
    }


def document(content: Object) -> Document:
    """The object's place in the output."""
    return Document(stem=f"{content['metadata']['name']}-{content['kind'].lower()}", content=content)
