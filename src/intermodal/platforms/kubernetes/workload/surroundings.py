"""What of the node a Pod sees: namespaces, host name, resolver, kernel settings, the kind of node it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Missing
from intermodal.platforms.kubernetes.groups import host
from intermodal.platforms.kubernetes.kinds import Kind
from intermodal.platforms.kubernetes.names import LABEL_LIMIT, slug
from intermodal.platforms.kubernetes.terms import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intermodal.model.application import Service
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

_FIELDS = {"network_mode": "hostNetwork", "pid": "hostPID", "ipc": "hostIPC"}
_ORDINARY = {
    "network_mode": frozenset({"", "bridge", "default"}),
    "pid": frozenset({"", "private"}),
    "ipc": frozenset({"", "private", "shareable", "none"}),
}

_WHOLE_POD = Approximate(
    code="shares-a-pod",
    why="they become containers of one Pod: they share network and IPC, scale together and move together",
    consequence=Consequence.BEHAVIOUR,
    how="a container of the other service's Pod",
)
_UNKNOWN_CONTAINER = Missing(
    code="namespace-of-a-stranger",
    why="a Pod can only share namespaces inside itself, and that container is none of this application's",
    advice="make it a service of the application, or do without",
    consequence=Consequence.START,
)
_HOST_NAMES = Missing(
    code="host-name-by-controller",
    why="a StatefulSet gives its Pods their host names: the name and a number",
    advice="ask for a Deployment if the host name matters",
)
_HOST_NAME = Approximate(
    code="host-name-shortened",
    why="a Pod's host name is one lower-case label of at most 63 letters, digits and hyphens",
    how="spec.hostname",
)
_RUNTIME = Approximate(
    code="runtime-class-needed",
    why="the cluster must have a RuntimeClass of this name, or the Pod is refused",
    advice="create the RuntimeClass, or name one that exists",
    consequence=Consequence.BEHAVIOUR,
    how="spec.runtimeClassName",
)
_INIT = Approximate(
    code="init-by-pause",
    why="the Pod's own first process takes the place of Docker's init: it reaps, and signals reach the application",
    how="spec.shareProcessNamespace",
)


def namespaces(members: Sequence[Service], context: Context) -> Object:
    """hostNetwork, hostPID, hostIPC, shareProcessNamespace."""
    made: Object = {}
    shared = False
    for service in members:
        for field, name in _FIELDS.items():
            value = getattr(service, field)
            if value == "host":
                made[name] = True
            elif value not in _ORDINARY[field] and value != "none":
                context.notes(("services", service.name, field), _joined(service, field, context))
                shared |= field == "pid" and bool(host(service, field, context.application))
            elif value in _ORDINARY[field] and value:
                context.notes(("services", service.name, field), UNCHANGED)
        if service.init:
            context.notes(("services", service.name, "init"), _INIT)
            shared = True
    if "hostNetwork" in made:
        made["dnsPolicy"] = "ClusterFirstWithHostNet"
    if shared and "hostPID" not in made:
        made["shareProcessNamespace"] = True
    return made


def host_name(leader: Service, kind: Kind, context: Context) -> Object:
    """The Pod's host name."""
    if not leader.hostname:
        return {}
    path = ("services", leader.name, "hostname")
    if kind is Kind.STATEFUL_SET:
        context.notes(path, _HOST_NAMES)
        return {}
    name = slug(leader.hostname.partition(".")[0])[:LABEL_LIMIT].rstrip("-")
    if name != leader.hostname:
        context.notes(path, _HOST_NAME)
    return {"hostname": name}


def node_kind(members: Sequence[Service], context: Context) -> Object:
    """What `platform` and `runtime` ask of the node: nodeSelector, runtimeClassName."""
    made: Object = {}
    for service in members:
        if service.platform:
            made["nodeSelector"] = {**made.get("nodeSelector", {}), **_platform(service.platform)}
        if service.runtime in {"runc", "io.containerd.runc.v2"}:
            context.notes(("services", service.name, "runtime"), UNCHANGED)
        elif service.runtime:
            context.notes(("services", service.name, "runtime"), _RUNTIME)
            made["runtimeClassName"] = slug(service.runtime)
    return made


def _platform(written: str) -> dict[str, str]:
    """`os[/architecture[/variant]]`; Kubernetes' nodes tell no variant, and their images choose it themselves."""
    parts = written.lower().split("/")
    architecture = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64"}
    if len(parts) == 1 and parts[0] not in {"linux", "windows"}:
        return {"kubernetes.io/arch": architecture.get(parts[0], slug(parts[0]))}
    made = {"kubernetes.io/os": slug(parts[0])}
    return made if len(parts) == 1 else {**made, "kubernetes.io/arch": architecture.get(parts[1], slug(parts[1]))}


def _joined(service: Service, field: str, context: Context) -> Outcome:
    return _WHOLE_POD if host(service, field, context.application) else _UNKNOWN_CONTAINER
