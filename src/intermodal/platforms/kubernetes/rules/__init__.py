"""What Kubernetes demands of objects beyond their schemas: references, names, ranges, sizes. Changes nothing.

One file per concern; each rule is a generator of `Violation` over the `Scene`. Used by tests over every translation,
and free to be used on any set of documents.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.rules import (
    configuration,
    containers,
    exposure,
    identity,
    mounts,
    references,
    storage,
    workloads,
)
from intermodal.platforms.kubernetes.rules.scene import Scene, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.model.platform import Document

__all__ = ["Scene", "Violation", "check"]

RULES = (
    *identity.RULES,
    *references.RULES,
    *workloads.RULES,
    *containers.RULES,
    *mounts.RULES,
    *exposure.RULES,
    *configuration.RULES,
    *storage.RULES,
)


def check(documents: Iterable[Document]) -> tuple[Violation, ...]:
    """Everything that the API server, the scheduler or the kubelet would refuse, in the order of the rules."""
    scene = Scene(document.content for document in documents)
    return tuple(chain.from_iterable(rule(scene) for rule in RULES))
