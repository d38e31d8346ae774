"""Names, labels and annotations (apimachinery/pkg/util/validation), and that no object is there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.labels import is_key
from intermodal.platforms.kubernetes.names import LABEL_LIMIT, is_service_name, label_value
from intermodal.platforms.kubernetes.rules.scene import Violation, title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.platforms.kubernetes.rules.scene import Rule, Scene

NAME_LIMITS = {"CronJob": 52, "StatefulSet": 52}
"""Shorter than 63 where the controller adds to the name in labels."""
ANNOTATIONS_LIMIT = 256 * 1024
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


def duplicates(scene: Scene) -> Iterator[Violation]:
    """No two objects of one kind have one name."""
    seen: set[tuple[str, ...]] = set()
    for content in scene.objects:
        metadata = content["metadata"]
        group = content["apiVersion"].rpartition("/")[0]
        key = (group, content["kind"], metadata.get("namespace", ""), metadata["name"])
        if key in seen:
            yield Violation(rule="object-twice", where=title(content), message="is there twice")
        seen.add(key)


def names(scene: Scene) -> Iterator[Violation]:
    """Every name is one that its kind may have."""
    for content in scene.objects:
        name = content["metadata"]["name"]
        limit = NAME_LIMITS.get(content["kind"], LABEL_LIMIT)
        if not is_subdomain(name) or len(name) > limit:
            yield Violation(rule="invalid-name", where=title(content), message=f"the name is not a DNS name of {limit}")
        if content["kind"] == "Service" and not is_service_name(name):
            yield Violation(rule="invalid-name", where=title(content), message="the name is not an RFC 1035 label")


def marks(scene: Scene) -> Iterator[Violation]:
    """Labels and annotations of objects and Pod templates are well formed."""
    for content in scene.objects:
        yield from _marks(title(content), content["metadata"])
    for pod in scene.pods:
        yield from _marks(title(pod.owner, "template"), pod.template.get("metadata") or {})


def _marks(where: str, metadata: Mapping[str, Mapping[str, str]]) -> Iterator[Violation]:
    for key, value in (metadata.get("labels") or {}).items():
        if not is_key(key) or not isinstance(value, str) or label_value(value) != value:
            yield Violation(rule="invalid-label", where=where, message=f"the label {key!r} is not well formed")
    annotations = metadata.get("annotations") or {}
    for key, value in annotations.items():
        if not is_key(key) or not isinstance(value, str):
            yield Violation(
                rule="invalid-annotation", where=where, message=f"the annotation {key!r} is not well formed"
            )
    size = sum(len(f"{key}{value}".encode(errors="replace")) for key, value in annotations.items())
    if size > ANNOTATIONS_LIMIT:
        yield Violation(rule="annotations-too-large", where=where, message=f"its annotations have {size} bytes")


def is_subdomain(name: str) -> bool:
    """Whether it is a lower-case RFC 1123 subdomain."""
    return (
        0 < len(name) <= 253
        and _LETTERS.issuperset(name)
        and all(part and part[0] != "-" and part[-1] != "-" for part in name.split("."))
    )


RULES: tuple[Rule, ...] = (duplicates, names, marks)
