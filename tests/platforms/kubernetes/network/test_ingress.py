from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.model.networks import Port
from intermodal.platforms.kubernetes.network.exposure import exposures
from intermodal.platforms.kubernetes.network.ingress import ingress_documents
from tests.applications import application, kubernetes_context, service, settings

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context

PORTS = (Port(target=80, published="8080"), Port(target=5432, published="5432"))


def web(asked: Any = None, name: str = "web", **fields: Any) -> Service:
    extensions = {"x-intermodal": {"expose": asked}} if asked else {}
    return service(name, **{"ports": PORTS, "extensions": extensions, **fields})


def made(*services: Service, options: dict[str, str] | None = None) -> tuple[list[dict[str, Any]], Context]:
    context = kubernetes_context(application(*services), settings(options=options or {}))
    return [dict(document.content) for document in ingress_documents(context, exposures(context))], context


def test_an_ingress() -> None:
    asked = {
        "kind": "ingress",
        "host": "shop.example.org",
        "path": "/api",
        "class": "nginx",
        "tls": "cert",
        "annotations": {"example.org/size": "8m"},
    }
    ((ingress,), context) = made(web(asked))
    assert ingress["apiVersion"] == "networking.k8s.io/v1"
    assert ingress["metadata"]["annotations"] == {"example.org/size": "8m"}
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    assert ingress["spec"] == {
        "ingressClassName": "nginx",
        "tls": [{"hosts": ["shop.example.org"], "secretName": "cert"}],
        "rules": [
            {
                "host": "shop.example.org",
                "http": {"paths": [{"path": "/api", "pathType": "Prefix", "backend": backend}]},
            }
        ],
    }
    codes = [context.notes.notes["services", "web", "ports", n, "published"].code for n in (0, 1)]  # type: ignore[union-attr]
    assert codes == ["published-through-route", "port-not-routed"]


def test_many_hosts_by_kompose_label() -> None:
    label = {"kompose.service.expose": "a.example.org/x,b.example.org,a.example.org/y"}
    ((ingress,), _) = made(web(labels=label))
    rules = [(rule["host"], [path["path"] for path in rule["http"]["paths"]]) for rule in ingress["spec"]["rules"]]
    assert rules == [("a.example.org", ["/x", "/y"]), ("b.example.org", ["/"])]


def test_the_port_asked_for_is_routed() -> None:
    for port in (5432, 9999):
        ((ingress,), context) = made(web({"kind": "ingress", "port": port}))
        path = ingress["spec"]["rules"][0]["http"]["paths"][0]
        assert path["backend"]["service"]["port"] == {"number": port}
        assert port in [known.number for known in exposures(context)["web"].ports]


def test_an_option_routes_what_speaks_http() -> None:
    database = service("db", ports=(Port(target=5432, published="5433"),))
    found, context = made(web(), database, options={"expose": "ingress", "domain": "example.org"})
    assert [ingress["spec"]["rules"][0]["host"] for ingress in found] == ["web.example.org"]
    assert context.notes.notes["services", "db", "ports", 0, "published"].code == "port-not-routed"  # type: ignore[union-attr]


def test_two_services_at_one_address_are_told_of() -> None:
    found, context = made(web(), web(name="api"), options={"expose": "ingress"})
    assert len(found) == 2
    assert context.notes.notes["services", "api", "ports", 0, "published"].code == "routes-overlap"  # type: ignore[union-attr]


def test_routes_of_a_gateway_of_ones_own() -> None:
    asked = {"kind": "gateway", "host": "shop.example.org", "tls": "cert"}
    (route, gateway), _ = made(web(asked), options={"gateway-class": "cilium"})
    assert route["kind"] == "HTTPRoute"
    assert route["spec"] == {
        "parentRefs": [{"name": "cilium"}],
        "hostnames": ["shop.example.org"],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [{"name": "web", "port": 80}],
            }
        ],
    }
    assert gateway["spec"]["gatewayClassName"] == "cilium"
    assert [listener["protocol"] for listener in gateway["spec"]["listeners"]] == ["HTTP", "HTTPS"]
    assert gateway["spec"]["listeners"][1]["tls"]["certificateRefs"] == [{"name": "cert"}]


def test_routes_of_a_gateway_that_exists() -> None:
    found, _ = made(web("gateway"), options={"gateway": "infra/public"})
    assert [one["kind"] for one in found] == ["HTTPRoute"]
    assert found[0]["spec"]["parentRefs"] == [{"name": "public", "namespace": "infra"}]
    assert "hostnames" not in found[0]["spec"]


def test_a_gateway_must_be_named() -> None:
    with pytest.raises(Rejected, match="gateway"):
        made(web("gateway"))
