from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.model.placement import Deploy
from intermodal.model.support import Exact, Missing, Notes
from intermodal.model.volumes import Volume
from intermodal.platforms.kubernetes.wishes.values import quantity
from intermodal.platforms.kubernetes.wishes.wishes import (
    ServiceWishes,
    VolumeWishes,
    service_wishes,
    volume_wishes,
)
from tests.applications import application, service, settings

ASKED = {"kind": "ingress", "host": "shop.example.org", "path": "/api", "port": 80, "class": "nginx", "tls": "cert"}


def context(made: Any, options: dict[str, str] | None = None) -> Any:
    """As much of a context as wishes look at."""
    return SimpleNamespace(application=made, settings=settings(options=options or {}), notes=Notes())


def wishes_of(options: dict[str, str] | None = None, **fields: Any) -> tuple[ServiceWishes, Notes]:
    asked = context(application(service("web", **fields)), options)
    return service_wishes("web", asked), asked.notes


def test_nothing_asked_is_nothing() -> None:
    wishes, notes = wishes_of(labels={"com.example": "x"})
    assert wishes == ServiceWishes()
    assert notes.notes == {}


def test_the_extension() -> None:
    wishes, notes = wishes_of(extensions={"x-intermodal": {"controller": "StatefulSet", "expose": ASKED}})
    assert wishes.controller == "statefulset"
    exposure = wishes.exposure
    assert (exposure.kind, exposure.host, exposure.path, exposure.port) == ("ingress", "shop.example.org", "/api", 80)
    assert (exposure.class_name, exposure.tls_secret) == ("nginx", "cert")
    assert all(isinstance(outcome, Exact) for outcome in notes.notes.values())
    assert ("services", "web", "x-intermodal", "expose", "host") in notes.notes


def test_a_kind_alone() -> None:
    assert wishes_of(extensions={"x-intermodal": {"expose": "gateway"}})[0].exposure.kind == "gateway"


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        ({"kompose.service.type": "NodePort"}, "nodeport"),
        ({"kompose.service.type": "clusterip"}, "cluster"),
        ({"kompose.service.expose": "true"}, "ingress"),
        ({"kompose.service.expose": "a.example.org"}, "ingress"),
        ({"kompose.service.nodeport.port": "30080"}, "nodeport"),
        ({"kompose.service.expose": "false"}, ""),
    ],
)
def test_kompose_labels_choose_the_kind(labels: dict[str, str], kind: str) -> None:
    assert wishes_of(labels=labels)[0].exposure.kind == kind
    assert wishes_of(deploy=Deploy(labels=labels))[0].exposure.kind == kind


def test_kompose_label_with_many_hosts() -> None:
    exposure = wishes_of(labels={"kompose.service.expose": "a.example.org/x, b.example.org"})[0].exposure
    assert (exposure.host, exposure.path, exposure.also) == ("a.example.org", "/x", (("b.example.org", ""),))


def test_every_other_kompose_label() -> None:
    wishes, _ = wishes_of(
        labels={
            "kompose.controller.type": "daemonset",
            "kompose.cronjob.schedule": "0 3 * * *",
            "kompose.cronjob.concurrency_policy": "Forbid",
            "kompose.cronjob.backoff_limit": "2",
            "kompose.image-pull-secret": "registry",
            "kompose.image-pull-policy": "Always",
            "kompose.serviceaccount-name": "robot",
            "kompose.security-context.fsgroup": "1001",
            "kompose.service.name_override": "front",
            "kompose.service.external-traffic-policy": "local",
            "kompose.service.expose.tls-secret": "cert",
            "kompose.controller.port.expose": "true",
        }
    )
    assert (wishes.controller, wishes.schedule) == ("daemonset", "0 3 * * *")
    assert (wishes.cron_concurrency, wishes.cron_backoff_limit) == ("Forbid", 2)
    assert (wishes.image_pull_secrets, wishes.image_pull_policy) == (("registry",), "Always")
    assert (wishes.service_account, wishes.fs_group) == ("robot", 1001)
    assert (wishes.exposure.dns_name, wishes.exposure.traffic_policy) == ("front", "Local")
    assert (wishes.exposure.tls_secret, wishes.exposure.host_ports) == ("cert", True)


def test_the_strongest_wins_and_the_others_are_noted() -> None:
    fields: dict[str, Any] = {
        "labels": {"kompose.service.type": "nodeport", "intermodal.expose": "cluster"},
        "extensions": {"x-intermodal": {"expose": "ingress"}},
    }
    wishes, notes = wishes_of(**fields)
    assert wishes.exposure.kind == "ingress"
    for label in fields["labels"]:
        outcome = notes.notes["services", "web", "labels", label]
        assert isinstance(outcome, Missing)
        assert outcome.code == "wish-outweighed"
    assert wishes_of({"expose.web": "none"}, **fields)[0].exposure.kind == "none"


def test_annotations_of_an_ingress_add_up() -> None:
    wishes, _ = wishes_of(
        labels={"intermodal.expose.annotations.nginx.ingress.kubernetes.io/rewrite-target": "/"},
        extensions={"x-intermodal": {"expose": {"annotations": {"example.org/size": 8}}}},
    )
    assert wishes.exposure.annotations == {
        "nginx.ingress.kubernetes.io/rewrite-target": "/",
        "example.org/size": "8",
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"controller": "pod"},
        {"expose": 8},
        {"expose": {"host": "not a host"}},
        {"expose": {"path": "api"}},
        {"expose": {"port": "0"}},
        {"expose": {"port": True}},
        {"expose": {"annotations": ["x"]}},
        {"expose": {"annotations": {"two words": "x"}}},
        {"schedule": "daily"},
        {"image_pull_secrets": []},
        {"service_account": "Not valid"},
    ],
)
def test_values_that_cannot_be(asked: dict[str, Any]) -> None:
    wishes, notes = wishes_of(extensions={"x-intermodal": asked})
    assert wishes == ServiceWishes()
    (outcome,) = notes.notes.values()
    assert isinstance(outcome, Missing)
    assert outcome.code == "wish-not-understood"


KOMPOSE_ONLY = {"kompose.hpa.cpu": "80", "kompose.service.healthcheck.readiness.test": "curl localhost"}


def test_unknown_keys_are_reported_with_the_nearest() -> None:
    _, notes = wishes_of(extensions={"x-intermodal": {"controler": "job"}}, labels=KOMPOSE_ONLY)
    assert "controller" in notes.notes["services", "web", "x-intermodal", "controler"].advice  # type: ignore[union-attr]
    codes = [notes.notes["services", "web", "labels", label].code for label in KOMPOSE_ONLY]  # type: ignore[union-attr]
    assert codes == ["kompose-label-not-carried"] * 2


def test_a_wrong_extension_is_reported() -> None:
    _, notes = wishes_of(extensions={"x-intermodal": "job"})
    assert ("services", "web", "x-intermodal") in notes.notes


def test_a_wrong_option_is_refused() -> None:
    with pytest.raises(Rejected, match="one of"):
        wishes_of({"expose.web": "everywhere"})


def test_volumes_say_it_in_four_ways() -> None:
    volume = Volume(
        labels={"kompose.volume.size": "1Gi", "intermodal.access": "rwx"},
        extensions={"x-intermodal": {"class": "fast", "size": "2Gi", "colour": "red"}},
    )
    asked = context(application(service("web"), volumes={"data": volume}), {"volume.data.size": "3Gi"})
    expected = VolumeWishes(storage_class="fast", size="3Gi", access="ReadWriteMany")
    assert volume_wishes("data", asked) == expected
    assert asked.notes.notes["volumes", "data", "x-intermodal", "colour"].code == "unknown-wish"
    assert asked.notes.notes["volumes", "data", "x-intermodal", "size"].code == "wish-outweighed"


def test_mounts_of_a_service() -> None:
    asked = context(
        application(
            service(
                "web",
                labels={"kompose.volume.size": "1Gi"},
                extensions={"x-intermodal": {"volumes": {"/data": {"policy": "hostpath", "path": "/srv"}}}},
            )
        ),
        {"volume.web:/data.node": "node-1"},
    )
    assert volume_wishes("web:/data", asked) == VolumeWishes(policy="hostpath", path="/srv", node="node-1", size="1Gi")
    assert volume_wishes("web:/other", asked) == VolumeWishes(size="1Gi")
    assert service_wishes("web", asked) == ServiceWishes()


def test_volumes_nobody_declared_have_no_wishes() -> None:
    assert volume_wishes("data", context(application())) == VolumeWishes()


@pytest.mark.parametrize("good", ["1", "10Gi", "1.5G", "100m", 5])
def test_quantities(good: Any) -> None:
    assert quantity(good) == str(good)


@pytest.mark.parametrize("bad", ["", "Gi", "1.", ".5Gi", "1 Gi", "-1", "1e3Gi", True, None, [], "10GiB"])
def test_not_quantities(bad: Any) -> None:
    with pytest.raises(ValueError, match="quantity"):
        quantity(bad)
