"""HTTP from outside: Ingress (networking.k8s.io/v1), or Gateway API's HTTPRoute with the Gateway it hangs on.

Options: `domain` gives every service without a host of its own `<service>.<domain>`; `gateway` names a Gateway that
exists, as `name` or `namespace/name`; `gateway-class` the class of one to make where a wish names none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from intermodal.kit.diagnostics import Diagnostic, Rejected, Severity
from intermodal.model.support import Missing
from intermodal.platforms.kubernetes.objects import document, make_object, metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.model.platform import Document
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.network.exposure import Exposure
    from intermodal.platforms.kubernetes.terms import Object

Address: TypeAlias = tuple[str, str]
"""A host, "" for any, and a path."""


def ingress_documents(context: Context, exposures: Mapping[str, Exposure]) -> tuple[Document, ...]:
    """Every Ingress, HTTPRoute and Gateway of the application, in the order of the file."""
    _note_overlaps(context, exposures)
    made: list[Object] = []
    routed = [(name, exposures[name]) for name in context.application.services if name in exposures]
    for name, exposure in routed:
        if exposure.outside and exposure.outside.kind == "ingress":
            made.append(_ingress(name, exposure, context))
        elif exposure.outside and exposure.outside.kind == "gateway":
            made += _routes(name, exposure, context)
    waiting = [(name, one) for name, one in routed if one.outside and one.outside.kind == "gateway"]
    made += _gateways(waiting, context)
    return tuple(document(item) for item in made)


def _addresses(name: str, exposure: Exposure, context: Context) -> tuple[Address, ...]:
    wish = exposure.wish
    domain = context.settings.options.get("domain", "")
    host = wish.host or (f"{context.names.service(name)}.{domain}" if domain else "")
    return ((host, wish.path or "/"), *((other, path or "/") for other, path in wish.also))


def _ingress(name: str, exposure: Exposure, context: Context) -> Object:
    addresses, wish = _addresses(name, exposure, context), exposure.wish
    spec: Object = {}
    class_name = wish.class_name or context.settings.options.get("ingress-class", "")
    if class_name:
        spec["ingressClassName"] = class_name
    if wish.tls_secret:
        hosts = list(dict.fromkeys(host for host, _ in addresses if host))
        spec["tls"] = [{**({"hosts": hosts} if hosts else {}), "secretName": wish.tls_secret}]
    spec["rules"] = list(_rules(addresses, exposure))
    about = metadata(
        context, context.names.object("Ingress", name), service=name, annotations=exposure.wish.annotations
    )
    return make_object(context, "Ingress", about, spec=spec)


def _rules(addresses: Iterable[Address], exposure: Exposure) -> Iterator[Object]:
    by_host: dict[str, list[Object]] = {}
    backend = {"service": {"name": exposure.service, "port": {"number": _target(exposure)}}}
    for host, path in addresses:
        by_host.setdefault(host, []).append({"path": path, "pathType": "Prefix", "backend": backend})
    for host, paths in by_host.items():
        yield {**({"host": host} if host else {}), "http": {"paths": paths}}


def _routes(name: str, exposure: Exposure, context: Context) -> Iterator[Object]:
    """One HTTPRoute for the hosts of each path."""
    by_path: dict[str, list[str]] = {}
    for host, path in _addresses(name, exposure, context):
        by_path.setdefault(path, []).append(host)
    for turn, (path, hosts) in enumerate(by_path.items()):
        spec: Object = {"parentRefs": [_parent(name, exposure, context)]}
        if all(hosts):
            spec["hostnames"] = hosts
        spec["rules"] = [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": path}}],
                "backendRefs": [{"name": exposure.service, "port": _target(exposure)}],
            }
        ]
        called = context.names.object("HTTPRoute", name, str(turn) if turn else "")
        about = metadata(context, called, service=name, annotations=exposure.wish.annotations)
        yield make_object(context, "HTTPRoute", about, spec=spec)


def _parent(name: str, exposure: Exposure, context: Context) -> Object:
    namespace, slash, gateway = context.settings.options.get("gateway", "").rpartition("/")
    if gateway:
        return {"name": gateway, **({"namespace": namespace} if slash else {})}
    return {"name": context.names.object("Gateway", _class(name, exposure, context))}


def _class(name: str, exposure: Exposure, context: Context) -> str:
    found = exposure.wish.class_name or context.settings.options.get("gateway-class", "")
    if not found:
        message = f"services.{name} is to be reached through a gateway, but nothing says through which"
        place = context.application.origins.place(("services", name))
        advice = "name one that exists with `--set gateway=NAME`, or a class for a new one: `--set gateway-class=CLASS`"
        found_problem = Diagnostic(
            code="gateway-not-named", severity=Severity.ERROR, message=message, place=place, help=advice
        )
        raise Rejected([found_problem])
    return found


def _gateways(waiting: Iterable[tuple[str, Exposure]], context: Context) -> Iterator[Object]:
    """One Gateway of each class asked for, unless an existing one serves all."""
    if context.settings.options.get("gateway", ""):
        return
    by_class: dict[str, list[tuple[str, Exposure]]] = {}
    for name, exposure in waiting:
        by_class.setdefault(_class(name, exposure, context), []).append((name, exposure))
    for class_name, members in by_class.items():
        about = metadata(context, context.names.object("Gateway", class_name))
        listeners: list[Object] = [{"name": "http", "port": 80, "protocol": "HTTP"}]
        listeners += _secure_listeners(members, context)
        spec = {"gatewayClassName": class_name, "listeners": listeners}
        yield make_object(context, "Gateway", about, spec=spec)


def _secure_listeners(members: Iterable[tuple[str, Exposure]], context: Context) -> Iterator[Object]:
    secured = {
        (host, exposure.wish.tls_secret): None
        for name, exposure in members
        if exposure.wish.tls_secret
        for host, _ in _addresses(name, exposure, context)
    }
    for turn, (host, secret) in enumerate(secured):
        yield {
            "name": f"https-{turn}",
            **({"hostname": host} if host else {}),
            "port": 443,
            "protocol": "HTTPS",
            "tls": {"mode": "Terminate", "certificateRefs": [{"name": secret}]},
        }


def _target(exposure: Exposure) -> int:
    assert exposure.outside  # noqa: S101 - only called for what is shown outside
    return exposure.outside.ports[0].target


def _note_overlaps(context: Context, exposures: Mapping[str, Exposure]) -> None:
    """Tell of services that ask for the same host and path: only one of them is ever reached."""
    seen: dict[tuple[str, Address], str] = {}
    for name in context.application.services:
        exposure = exposures.get(name)
        if exposure is None or exposure.outside is None or exposure.outside.kind not in {"ingress", "gateway"}:
            continue
        for address in _addresses(name, exposure, context):
            first = seen.setdefault((exposure.outside.kind, address), name)
            port = exposure.outside.ports[0]
            if first != name and port.path:
                context.notes((*port.path, "published"), _overlap(first))


def _overlap(first: str) -> Missing:
    return Missing(
        code="routes-overlap",
        why=f"service {first} has the same host and path, so only one of the two is reached",
        advice="give each a `host` or `path` in x-intermodal, or all of them one with `--set domain=example.org`",
    )
