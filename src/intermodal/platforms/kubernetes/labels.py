"""Compose's labels and annotations on Kubernetes objects, which allow less in keys and in label values.

What is a valid label is a label, what is at least a valid key is an annotation, and the rest stands in one
annotation as JSON: nothing is rewritten, nothing lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record
from intermodal.model.support import Approximate, Exact, Missing
from intermodal.platforms.kubernetes.names import LABEL_LIMIT, label_value
from intermodal.platforms.kubernetes.objects import OWN_LABELS
from intermodal.platforms.kubernetes.wishes.wishes import is_claimed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.origin import Path
    from intermodal.platforms.kubernetes.context import Context

REST_ANNOTATION = "intermodal.io/labels"
PREFIX_LIMIT = 253
ANNOTATIONS_LIMIT = 200 * 1024
"""Bytes; Kubernetes refuses an object with more than 256 KiB of annotations."""
_ALPHANUMERIC = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_NAME = _ALPHANUMERIC | frozenset("-_.")
_DOMAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")

_LABELLED = Exact(how="metadata.labels")
_ANNOTATED = Approximate(
    code="label-as-annotation",
    why="its value is not one a label may have, so it is an annotation and cannot be selected by",
    how="metadata.annotations",
)
_IN_JSON = Approximate(
    code="label-in-json",
    why="its key is not one that Kubernetes allows, so it stands in the annotation intermodal.io/labels",
    how="metadata.annotations",
)
_TOO_LARGE = Missing(
    code="labels-too-large",
    why="Kubernetes refuses an object with more than 256 KiB of annotations",
    advice="move long texts to a config",
)


@record
class Marks:
    """Labels and annotations for an object's metadata."""

    labels: dict[str, str]
    annotations: dict[str, str]


def sort_labels(labels: Mapping[str, str], path: Path, context: Context) -> Marks:
    """Where each of Compose's labels goes, wishes to this translation aside; `path` is that of the labels."""
    made = Marks(labels={}, annotations={})
    rest: dict[str, str] = {}
    room = ANNOTATIONS_LIMIT
    for key, value in labels.items():
        if is_claimed(key):
            continue
        if is_key(key) and key not in OWN_LABELS and value == label_value(value):
            made.labels[key] = value
            context.notes((*path, key), _LABELLED)
            continue
        room -= len((key + value).encode(errors="replace"))
        context.notes((*path, key), _TOO_LARGE if room < 0 else _ANNOTATED if is_key(key) else _IN_JSON)
        if room >= 0:
            (made.annotations if is_key(key) else rest)[key] = value
    if rest:
        made.annotations[REST_ANNOTATION] = _json(rest)
    return made


def sort_annotations(annotations: Mapping[str, str], path: Path, context: Context) -> dict[str, str]:
    """Compose's annotations; those with keys that Kubernetes refuses stand together as JSON."""
    made = {key: value for key, value in annotations.items() if is_key(key)}
    rest = {key: value for key, value in annotations.items() if not is_key(key)}
    for key in rest:
        context.notes((*path, key), _IN_JSON)
    return {**made, "intermodal.io/annotations": _json(rest)} if rest else made


def is_key(key: str) -> bool:
    """Whether Kubernetes takes it for the key of a label or annotation: a name, or a DNS domain, "/" and a name."""
    domain, slash, name = key.rpartition("/")
    if slash and not (0 < len(domain) <= PREFIX_LIMIT and _DOMAIN.issuperset(domain) and _ends_well(domain)):
        return False
    return (
        0 < len(name) <= LABEL_LIMIT
        and _NAME.issuperset(name)
        and name[0] in _ALPHANUMERIC
        and name[-1] in _ALPHANUMERIC
    )


def _ends_well(domain: str) -> bool:
    return all(part and part[0] != "-" and part[-1] != "-" for part in domain.split("."))


def _json(rest: Mapping[str, str]) -> str:
    from json import dumps  # noqa: PLC0415 - rarely needed, and dear at start-up

    return dumps(rest, ensure_ascii=False, sort_keys=True)
