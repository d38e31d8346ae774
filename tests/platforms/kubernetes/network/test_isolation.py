from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from intermodal.model.application import Dependency
from intermodal.model.networks import Attachment, Network, Port
from intermodal.platforms.kubernetes.network.exposure import exposures
from intermodal.platforms.kubernetes.network.isolation import isolation_documents
from intermodal.platforms.kubernetes.network.pod_labels import pod_labels
from intermodal.platforms.kubernetes.objects import selector
from tests.applications import application, kubernetes_context, service, settings

if TYPE_CHECKING:
    from intermodal.model.application import Service
    from intermodal.platforms.kubernetes.context import Context


def context_of(*services: Service, isolate: str = "yes", networks: Any = None) -> Context:
    made = application(*services, networks=networks or {})
    return kubernetes_context(made, settings(options={"isolate": isolate}))


def policies(context: Context) -> dict[str, Any]:
    documents = isolation_documents(context, exposures(context))
    return {document.content["metadata"]["name"]: document.content["spec"] for document in documents}


def on(*networks: str) -> dict[str, Attachment]:
    return {network: Attachment() for network in networks}


def labels(name: str, context: Context) -> dict[str, str]:
    return {**selector(context, name), **pod_labels(name, context)}


def chosen(choice: Any, carried: dict[str, str]) -> bool:
    return bool(choice["podSelector"]["matchLabels"].items() <= carried.items())


def reaches(source: str, target: str, context: Context, found: dict[str, Any]) -> bool:
    """What an engine of NetworkPolicies would let through between two pods."""
    here, there = labels(source, context), labels(target, context)
    outgoing = [spec for spec in found.values() if "Egress" in spec["policyTypes"] and chosen(spec, here)]
    incoming = [spec for spec in found.values() if "Ingress" in spec["policyTypes"] and chosen(spec, there)]
    return _allowed(outgoing, "egress", "to", there) and _allowed(incoming, "ingress", "from", here)


def _allowed(specs: list[Any], direction: str, peers: str, other: dict[str, str]) -> bool:
    rules = [rule for spec in specs for rule in spec.get(direction, [])]
    return not specs or any(
        peers not in rule or any("podSelector" in peer and chosen(peer, other) for peer in rule[peers])
        for rule in rules
        if "ports" not in rule
    )


NETWORKS = ("front", "back", "deep")


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c", "d"]),
        st.lists(st.sampled_from(NETWORKS), min_size=1, unique=True),
        min_size=1,
    ),
    st.sets(st.sampled_from(NETWORKS)),
)
def test_services_reach_each_other_where_they_share_a_network(places: dict[str, list[str]], internal: set[str]) -> None:
    networks = {name: Network(internal=name in internal) for name in NETWORKS}
    services = [service(name, networks=on(*found)) for name, found in places.items()]
    context = context_of(*services, networks=networks)
    found = policies(context)
    for one, other in product(places, repeat=2):
        if one != other:
            assert reaches(one, other, context, found) == bool(set(places[one]) & set(places[other])), (one, other)


def outgoing(name: str, context: Context) -> list[Any]:
    """What a service may reach; None stands for everything."""
    found = [spec for spec in policies(context).values() if chosen(spec, labels(name, context))]
    return [rule for spec in found if "Egress" in spec["policyTypes"] for rule in spec.get("egress", [])]


def test_nothing_leaves_an_internal_network_but_questions_for_names() -> None:
    networks = {"deep": Network(internal=True), "front": Network()}
    inside = service("db", networks=on("deep"))
    both = service("web", networks=on("deep", "front"))
    context = context_of(inside, both, networks=networks)
    assert {} not in outgoing("db", context)
    assert [rule["ports"][0]["port"] for rule in outgoing("db", context) if "ports" in rule] == [53]
    assert {} in outgoing("web", context)


def test_waiting_for_a_job_needs_the_api() -> None:
    waits = {"init": Dependency(condition="service_completed_successfully")}
    services = [service("init", networks=on("deep")), service("web", networks=on("deep"), depends_on=waits)]
    context = context_of(*services, networks={"deep": Network(internal=True)})
    assert {"ports": [{"port": 443}, {"port": 6443}]} in outgoing("web", context)
    assert {"ports": [{"port": 443}, {"port": 6443}]} not in outgoing("init", context)


def test_published_ports_are_open_to_everybody() -> None:
    ports = (
        Port(target=80, published="8080"),
        Port(target=53, published="53", protocol="udp"),
        Port(target=9, published="9", host_ip="127.0.0.1"),
        Port(target=7, published="7", mode="host"),
    )
    found = policies(context_of(service("web", ports=ports)))
    assert found["web-published"]["ingress"] == [
        {"ports": [{"port": 80}, {"port": 53, "protocol": "UDP"}, {"port": 7}]}
    ]


def test_no_network_is_a_closed_pod_even_without_the_option() -> None:
    context = context_of(service("web", network_mode="none"), isolate="no")
    assert policies(context) == {
        "web-isolated": {
            "podSelector": {"matchLabels": selector(context, "web")},
            "policyTypes": ["Ingress", "Egress"],
        }
    }
    assert context.notes.notes["services", "web", "network_mode"].code == "network-none-by-policy"  # type: ignore[union-attr]


def test_an_external_network_is_shared_with_other_applications() -> None:
    context = context_of(service("web", networks=on("n")), networks={"n": Network(name="shared", external=True)})
    (spec,) = policies(context).values()
    assert spec["podSelector"]["matchLabels"] == {"network.intermodal.io/shared": "member"}
    assert spec["ingress"][0]["from"][0]["namespaceSelector"] == {}
    assert pod_labels("web", context) == {"network.intermodal.io/shared": "member"}


def test_labels_of_networks_are_annotations() -> None:
    context = context_of(service("web", networks=on("n")), networks={"n": Network(labels={"team": "shop"})})
    (document,) = isolation_documents(context, exposures(context))
    assert document.content["metadata"]["annotations"]["team"] == "shop"


def code(context: Context, *path: str) -> tuple[str, str]:
    policies(context)
    outcome: Any = context.notes.notes[path]
    return outcome.code, outcome.consequence.name


def test_without_isolation_its_loss_is_told() -> None:
    apart = (service("a", networks=on("x")), service("b", networks=on("y")))
    networks = {"x": Network(internal=True), "y": Network()}
    context = context_of(*apart, isolate="no", networks=networks)
    assert policies(context) == {}
    assert code(context, "services", "a", "networks", "x") == ("networks-not-isolated", "BEHAVIOUR")
    assert code(context, "networks", "x", "internal") == ("network-not-internal", "SECURITY")
    together = (service("a", networks=on("x")), service("b", networks=on("x", "y")))
    context = context_of(*together, isolate="no", networks=networks)
    assert code(context, "services", "b", "networks", "y") == ("networks-not-isolated", "NONE")


def test_encryption_is_not_the_translators_to_give() -> None:
    networks = {"n": Network(driver="overlay", driver_opts={"encrypted": "true"})}
    context = context_of(service("a", networks=on("n")), networks=networks)
    assert code(context, "networks", "n", "driver_opts", "encrypted") == ("network-not-encrypted", "SECURITY")
    assert code(context, "networks", "n", "driver") == ("network-driver", "NONE")
