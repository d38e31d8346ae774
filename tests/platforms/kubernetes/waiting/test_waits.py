from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from intermodal.model.application import Dependency, Provider
from intermodal.model.health import Healthcheck
from intermodal.model.networks import Port
from intermodal.model.support import Exact
from intermodal.platforms.kubernetes.terms import WAIT_API_IMAGE, WAIT_IMAGE
from intermodal.platforms.kubernetes.waiting.circles import circles
from tests.applications import service
from tests.platforms.kubernetes.workloads import Made, several

HEALTHY = Dependency(condition="service_healthy")
COMPLETED = Dependency(condition="service_completed_successfully")
TESTED = Healthcheck(test=("CMD", "true"))
DB = service("db", expose=("5432",), healthcheck=TESTED)
TASK = service("migrate", restart="no", command=("migrate",))


def waiting(made: Made, name: str = "web") -> dict[str, str]:
    """What a Pod's waiting containers run."""
    found = made.pod(name).get("initContainers", ())
    return {made["name"]: made["command"][2] for made in found if made["name"].startswith("wait-for-")}


def test_healthy_is_awaited_at_the_service() -> None:
    made = several(service("web", depends_on={"db": HEALTHY}), DB)
    assert waiting(made) == {"wait-for-db": "until nc -z -w 2 db 5432; do sleep 2; done"}
    assert made.of("Role") == {}
    assert made.note("depends_on", "db") == Exact(how="an init container")


def test_started_is_awaited_for_a_minute() -> None:
    made = several(service("web", depends_on={"db": Dependency()}), DB)
    assert waiting(made)["wait-for-db"].startswith("timeout 60 sh -c ")
    assert made.code("depends_on", "db") == "wait-until-it-answers"


def test_what_is_not_required_is_awaited_for_five_minutes() -> None:
    made = several(service("web", depends_on={"db": Dependency(condition="service_healthy", required=False)}), DB)
    assert waiting(made)["wait-for-db"].startswith("timeout 300 sh -c ")


def test_without_a_known_port_the_name_is_awaited() -> None:
    made = several(service("web", depends_on={"db": HEALTHY}), service("db", healthcheck=TESTED))
    assert waiting(made)["wait-for-db"].startswith("while nc -z -w 2 db 1 2>&1 | grep -q 'bad address'")


def test_without_a_tcp_port_the_workload_is_asked_for() -> None:
    db = service("db", ports=(Port(target=53, protocol="udp"),), healthcheck=TESTED)
    made = several(service("web", depends_on={"db": HEALTHY}), db)
    assert "/apis/apps/v1/namespaces/$NAMESPACE/deployments/db" in waiting(made)["wait-for-db"]
    assert made.of("Role")["web-wait"]["rules"][0]["resources"] == ["deployments"]


def test_a_task_is_awaited_with_the_least_of_rights() -> None:
    made = several(service("web", depends_on={"migrate": COMPLETED}), TASK, namespace="prod")
    assert made.of("Role")["web-wait"]["rules"] == [
        {"apiGroups": ["batch"], "resources": ["jobs"], "resourceNames": ["migrate"], "verbs": ["get"]}
    ]
    (subject,) = made.of("RoleBinding")["web-wait"]["subjects"]
    assert subject == {"kind": "ServiceAccount", "name": "web-wait", "namespace": "prod"}
    assert made.pod()["serviceAccountName"] == "web-wait"
    assert made.pod()["automountServiceAccountToken"] is False
    assert "volumeMounts" not in made.container("web")
    assert made.note("depends_on", "migrate") == Exact(how="an init container")


def test_without_a_namespace_the_right_may_be_bound_to_the_wrong_one() -> None:
    made = several(service("web", depends_on={"migrate": COMPLETED, "db": HEALTHY}), TASK, DB)
    assert made.code("depends_on", "migrate") == "wait-needs-namespace"
    assert made.note("depends_on", "db") == Exact(how="an init container")


def test_an_account_asked_for_is_the_one_that_may_ask() -> None:
    asked = {"x-intermodal": {"service_account": "mine"}}
    made = several(service("web", depends_on={"migrate": COMPLETED}, extensions=asked), TASK)
    assert made.of("ServiceAccount") == {}
    assert made.of("RoleBinding")["web-wait"]["subjects"][0]["name"] == "mine"
    assert made.pod()["serviceAccountName"] == "mine"


def test_waiting_containers_have_no_rights_on_the_node() -> None:
    made = several(service("web", depends_on={"db": HEALTHY, "migrate": COMPLETED}), DB, TASK)
    images = {}
    for found in made.pod()["initContainers"]:
        images[found["name"]] = found["image"]
        context = found["securityContext"]
        assert context["runAsNonRoot"]
        assert context["readOnlyRootFilesystem"]
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert context["allowPrivilegeEscalation"] is False
    assert images == {"wait-for-db": WAIT_IMAGE, "wait-for-migrate": WAIT_API_IMAGE}


def test_images_can_be_chosen() -> None:
    made = several(
        service("web", depends_on={"db": HEALTHY, "migrate": COMPLETED}),
        DB,
        TASK,
        wait_image="a:1",
        wait_api_image="b:1",
    )
    assert [found["image"] for found in made.pod()["initContainers"]] == ["a:1", "b:1"]


def test_waiting_can_be_switched_off() -> None:
    made = several(service("web", depends_on={"db": HEALTHY}), DB, wait="no")
    assert waiting(made) == {}
    assert made.code("depends_on", "db") == "wait-off"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (service("other", scale=0), "wait-for-nothing"),
        (service("other", extensions={"x-intermodal": {"schedule": "0 0 * * *"}}), "wait-for-schedule"),
        (service("other", image="", provider=Provider(type="x")), "wait-for-provider"),
        (service("another"), "dependency-absent"),
    ],
)
def test_what_cannot_be_awaited_is_told(other: Any, code: str) -> None:
    made = several(service("web", depends_on={"other": Dependency(required=False)}), other)
    assert waiting(made) == {}
    assert made.code("depends_on", "other") == code


def test_restarts_after_a_dependency_are_lost() -> None:
    made = several(service("web", depends_on={"db": Dependency(restart=True)}), DB)
    assert made.code("depends_on", "db", "restart") == "dependency-restart"


def test_containers_of_one_pod_wait_once_for_the_same_service() -> None:
    made = several(
        service("web", depends_on={"db": Dependency()}),
        service("side", network_mode="service:web", depends_on={"db": HEALTHY}),
        DB,
    )
    assert waiting(made) == {"wait-for-db": "until nc -z -w 2 db 5432; do sleep 2; done"}


def test_pods_that_would_wait_for_each_other_do_not() -> None:
    made = several(
        service("web", depends_on={"db": HEALTHY}),
        service("side", network_mode="service:web", expose=("1",)),
        service("db", depends_on={"side": Dependency()}, expose=("2",), healthcheck=TESTED),
        service("late", depends_on={"db": HEALTHY}),
    )
    assert waiting(made) == {}
    assert waiting(made, "db") == {}
    assert made.code("depends_on", "db") == "wait-would-never-end"
    assert waiting(made, "late") == {"wait-for-db": "until nc -z -w 2 db 2; do sleep 2; done"}


def test_inside_a_pod_the_healthy_goes_before_as_a_sidecar() -> None:
    asked = (
        service("web", depends_on={"vpn": HEALTHY}, network_mode="service:vpn"),
        service("vpn", healthcheck=TESTED),
    )
    made = several(*asked)
    (vpn,) = made.pod("vpn")["initContainers"]
    assert (vpn["name"], vpn["restartPolicy"]) == ("vpn", "Always")
    assert vpn["startupProbe"]
    assert [found["name"] for found in made.pod("vpn")["containers"]] == ["web"]
    assert made.note("depends_on", "vpn") == Exact(how="an init container of the same Pod")
    old = several(*asked, version="1.28")
    assert [found["name"] for found in old.pod("vpn")["containers"]] == ["vpn", "web"]
    assert old.code("depends_on", "vpn") == "same-pod-not-awaited"


def test_inside_a_pod_a_task_goes_before_as_an_init_container() -> None:
    made = several(
        service("web", depends_on={"setup": COMPLETED}),
        service("setup", network_mode="service:web", healthcheck=TESTED, depends_on={"key": Dependency()}),
        service("key", network_mode="service:web"),
    )
    initial = made.pod()["initContainers"]
    assert [(found["name"], found.get("restartPolicy")) for found in initial] == [("key", "Always"), ("setup", None)]
    assert "readinessProbe" not in initial[1]
    assert made.controller()["kind"] == "Deployment"


def test_circles_are_the_parts_that_reach_themselves() -> None:
    graph = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": [], "f": ["f"], "g": ["h"], "h": ["g"]}
    found = circles(graph)
    assert set(found) == {"a", "b", "c", "g", "h"}
    assert found["a"] == found["b"] == found["c"] != found["g"] == found["h"]


def test_long_chains_need_no_recursion() -> None:
    names = [str(number) for number in range(20_000)]
    assert circles({one: [other] for one, other in pairwise(names)}) == {}
