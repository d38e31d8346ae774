"""The options that `--set NAME=VALUE` takes for Kubernetes, each with a line of help, and the check of what was asked.

Belongs here: which options there are, and that each one given can have an effect. Does not: what values of `expose.*`
and `volume.*` mean, which `values.py` reads as it does from labels and `x-intermodal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.kit.spelling import did_you_mean
from intermodal.platforms.kubernetes.wishes import values
from intermodal.platforms.kubernetes.wishes.sources import EXPOSE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application

_YES_NO = ("yes", "no")

OPTIONS: Mapping[str, str] = {
    "copy-image-content": "yes or no: fill an empty volume with what the image holds there, as Docker does (yes)",
    "data-binds": "node or claim: folders of data stay on a node or become claims (node)",
    "data-path": "the folder of a node below which data folders of the project are kept (/var/lib/intermodal)",
    "domain": "gives every host of an Ingress or HTTPRoute that names none SERVICE.DOMAIN",
    "env-files": "configmap or inline: where the values of env files go (configmap)",
    "expose": "how published ports are reached: cluster, headless, nodeport, loadbalancer, ingress, gateway, none",
    "expose.**": "expose.SERVICE: the same for one service; expose.SERVICE.FIELD: its host, path, port, class, tls …",
    "gateway": "NAME or NAMESPACE/NAME of the Gateway that HTTPRoutes are for",
    "gateway-class": "the class of the Gateways that are made where none is named",
    "ingress-class": "the class of every Ingress that names none",
    "isolate": "yes or no: NetworkPolicies that allow what the networks allow (no)",
    "liveness": "yes or no: restart containers whose healthcheck fails (yes)",
    "namespace-object": "yes or no: write the Namespace too (no)",
    "node": "the node that holds the data of volumes that are folders of a node",
    "secret-env": "keep or secret: variables that sound like secrets stay, or go to a Secret (keep)",
    "storage-class": "the StorageClass of every claim that names none",
    "unsafe-sysctls": "yes or no: set kernel parameters that the nodes must allow first (no)",
    "volume-size": "the size of every claim that names none (1Gi)",
    "volume.**": "volume.NAME.FIELD: a volume's policy, class, size, access, node, path or server; "
    "NAME may be SERVICE:/container/path",
    "wait": "yes or no: wait for the services in depends_on (yes)",
    "wait-api-image": "the image that waits for jobs to complete",
    "wait-image": "the image that waits for services, and that copies; it needs sh, timeout and nc -z",
    "writable-binds": "read-only or copy: shipped files that a container may write to (read-only)",
}

CHOICES: Mapping[str, tuple[str, ...]] = {
    "copy-image-content": _YES_NO,
    "data-binds": ("node", "claim"),
    "env-files": ("configmap", "inline"),
    "expose": tuple(values.KINDS),
    "isolate": _YES_NO,
    "liveness": _YES_NO,
    "namespace-object": _YES_NO,
    "secret-env": ("keep", "secret"),
    "unsafe-sysctls": _YES_NO,
    "wait": _YES_NO,
    "writable-binds": ("read-only", "copy"),
}
"""The options with a fixed set of values."""


def check_options(options: Mapping[str, str], application: Application) -> None:
    """Raise `Rejected` with every option that cannot have an effect: no such service, volume or field, or value."""
    found = [*_unknown(options, application), *_values(options)]
    if found:
        raise Rejected(found)


def _unknown(options: Mapping[str, str], application: Application) -> Iterator[Diagnostic]:
    known = _known(application) if any("." in name for name in options) else set()
    for name in options:
        if "." in name and name not in known:
            advice = did_you_mean(name, known, "look at the names of your services and volumes")
            yield _error("unknown-option", f"the option {name} names nothing of this application", advice)


def _known(application: Application) -> set[str]:
    """Every option of a single service or volume that could have an effect."""
    volumes = [*application.volumes, *(f"{service}:{target}" for service, target in _targets(application))]
    exposed = {f"expose.{service}" for service in application.services}
    fields = {f"{one}.{field}" for one in exposed for field in EXPOSE_FIELDS}
    stored = {f"volume.{name}.{field}" for name in volumes for field in values.VOLUME}
    return exposed | {spelled for name in fields | stored for spelled in (name, _hyphenated(name))}


def _hyphenated(option: str) -> str:
    start, _, field = option.rpartition(".")
    return f"{start}.{field.replace('_', '-')}"


def _targets(application: Application) -> Iterator[tuple[str, str]]:
    for name, service in application.services.items():
        for mount in service.volumes:
            yield name, mount.target


def _values(options: Mapping[str, str]) -> Iterator[Diagnostic]:
    for name, value in options.items():
        choices = CHOICES.get(name)
        if choices is not None and value not in choices:
            message = f"the option {name} must be one of {', '.join(choices)}"
            yield _error("option-value", message, f"write --set {name}={choices[0]}")


def _error(code: str, message: str, advice: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, help=advice)
