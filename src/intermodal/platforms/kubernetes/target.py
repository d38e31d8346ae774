"""Which Kubernetes is written for: its version, the API versions and features that follow, and the namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.platform import Settings

OLDEST = 20
DEFAULT = 35
"""The oldest release that upstream still maintains beside 1.36 and 1.37: what is written for it runs on all of them."""

APIS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "Namespace": ((0, "v1"),),
    "ServiceAccount": ((0, "v1"),),
    "ConfigMap": ((0, "v1"),),
    "Secret": ((0, "v1"),),
    "Service": ((0, "v1"),),
    "PersistentVolume": ((0, "v1"),),
    "PersistentVolumeClaim": ((0, "v1"),),
    "StorageClass": ((0, "storage.k8s.io/v1"),),
    "Role": ((0, "rbac.authorization.k8s.io/v1"),),
    "RoleBinding": ((0, "rbac.authorization.k8s.io/v1"),),
    "Deployment": ((0, "apps/v1"),),
    "StatefulSet": ((0, "apps/v1"),),
    "DaemonSet": ((0, "apps/v1"),),
    "Job": ((0, "batch/v1"),),
    "CronJob": ((21, "batch/v1"), (0, "batch/v1beta1")),
    "Ingress": ((0, "networking.k8s.io/v1"),),
    "NetworkPolicy": ((0, "networking.k8s.io/v1"),),
    "Gateway": ((0, "gateway.networking.k8s.io/v1"),),
    "HTTPRoute": ((0, "gateway.networking.k8s.io/v1"),),
    "HorizontalPodAutoscaler": ((23, "autoscaling/v2"), (0, "autoscaling/v2beta2")),
    "PodDisruptionBudget": ((21, "policy/v1"), (0, "policy/v1beta1")),
}
"""Kind -> (first minor release, API version), newest first."""

FEATURES: Mapping[str, int] = {
    "daemonset-surge": 22,
    "stateful-min-ready": 23,
    "ready-jobs": 24,
    "pod-os": 25,
    "sidecars": 29,
    "apparmor-field": 30,
    "stateful-parallel-updates": 35,
}
"""Feature -> the first minor release that has it switched on unless an administrator switches it off.

`lifecycle.stopSignal` is not here: up to 1.37 it is an alpha feature, switched off.
"""


@record
class Target:
    """The Kubernetes written for: 1.`minor`, and the namespace asked for, "" where none was."""

    minor: int = DEFAULT
    namespace: str = ""

    def api(self, kind: str) -> str:
        """The API version that this release prefers for a kind."""
        return next(version for since, version in APIS[kind] if self.minor >= since)

    def has(self, feature: str) -> bool:
        """Whether this release has a feature of `FEATURES` switched on."""
        return self.minor >= FEATURES[feature]

    def at_least(self, major: int, minor: int) -> bool:
        """Whether this is that release or a later one."""
        return (1, self.minor) >= (major, minor)


def make_target(settings: Settings) -> Target:
    """Read the version and namespace asked for; raises `Rejected` when they cannot be used."""
    problems = [*_version_problems(settings.version), *_namespace_problems(settings.namespace)]
    if problems:
        raise Rejected(problems)
    return Target(minor=_minor(settings.version) or DEFAULT, namespace=settings.namespace)


def _minor(version: str) -> int | None:
    parts = version.strip().removeprefix("v").split(".")
    if len(parts) not in {2, 3} or parts[0] != "1" or not (parts[1].isascii() and parts[1].isdigit()):
        return None
    return int(parts[1]) if len(parts[1]) <= 3 else None


def _version_problems(version: str) -> list[Diagnostic]:
    minor = _minor(version) if version else DEFAULT
    if minor is None:
        return [
            Diagnostic(
                code="kubernetes-version-unreadable",
                severity=Severity.ERROR,
                message=f"{version!r} is not a Kubernetes version",
                help=f"write it like 1.{DEFAULT}",
            )
        ]
    if minor < OLDEST:
        return [
            Diagnostic(
                code="kubernetes-version-too-old",
                severity=Severity.ERROR,
                message=f"Kubernetes {version} is older than 1.{OLDEST}, the oldest release written for",
                help=f"choose 1.{OLDEST} or later",
            )
        ]
    return []


def _namespace_problems(namespace: str) -> list[Diagnostic]:
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789-")
    if not namespace or (len(namespace) <= 63 and allowed.issuperset(namespace) and namespace.strip("-") == namespace):
        return []
    return [
        Diagnostic(
            code="namespace-invalid",
            severity=Severity.ERROR,
            message=f"{namespace!r} cannot be the name of a namespace",
            help="use at most 63 lower-case letters, digits and hyphens, a letter or digit at both ends",
        )
    ]
