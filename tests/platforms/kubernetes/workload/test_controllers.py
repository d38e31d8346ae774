from __future__ import annotations

import pytest

from intermodal.model.application import Provider
from intermodal.model.placement import Deploy
from intermodal.model.support import Exact
from intermodal.platforms.kubernetes.terms import DEFAULT
from tests.applications import service
from tests.platforms.kubernetes.workloads import Made, one, several


def kind(name: str, **fields: object) -> Made:
    return one(extensions={"x-intermodal": {"controller": name}}, **fields)


@pytest.mark.parametrize("name", ["deployment", "statefulset", "daemonset", "job"])
def test_the_selector_matches_the_template(name: str) -> None:
    made = kind(name)
    spec = made.controller()["spec"]
    if "selector" in spec:
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    else:
        assert name == "job"


def test_replicas_are_written_only_where_asked() -> None:
    assert "replicas" not in one().controller()["spec"]
    assert one(scale=3).controller()["spec"]["replicas"] == 3
    assert one(deploy=Deploy(replicas=0)).controller()["spec"]["replicas"] == 0


def test_a_daemon_set_has_no_replicas() -> None:
    made = one(deploy=Deploy(mode="global", replicas=3))
    assert "replicas" not in made.controller()["spec"]
    assert made.code("deploy", "replicas") == "replicas-on-every-node"


def test_a_stateful_set_starts_all_at_once() -> None:
    assert kind("statefulset", scale=2).controller()["spec"]["podManagementPolicy"] == "Parallel"
    assert "podManagementPolicy" not in kind("statefulset").controller()["spec"]


def test_a_schedule_is_a_cron_job() -> None:
    made = one(restart="on-failure:2", extensions={"x-intermodal": {"schedule": "5 4 * * *"}})
    found = made.controller()
    assert (found["apiVersion"], found["kind"]) == ("batch/v1", "CronJob")
    assert found["spec"]["schedule"] == "5 4 * * *"
    assert found["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 2
    assert made.pod()["restartPolicy"] == "OnFailure"


def test_modes() -> None:
    assert one(deploy=Deploy(mode="replicated")).note("deploy", "mode") == Exact(how=DEFAULT)
    assert one(deploy=Deploy(mode="global-job")).code("deploy", "mode") == "global-job-runs-once"
    other = one(deploy=Deploy(mode="global"), extensions={"x-intermodal": {"controller": "deployment"}})
    assert other.code("deploy", "mode") == "controller-asked-for"


def test_a_pods_guests_do_not_decide_how_it_is_deployed() -> None:
    made = several(
        service("host", scale=2),
        service("web", network_mode="service:host", scale=5, deploy=Deploy(labels={"a": "b"})),
    )
    assert made.controller("host")["spec"]["replicas"] == 2
    assert made.code("scale") == made.code("deploy", "labels") == "deployed-with-its-pod"


def test_what_a_provider_provides_has_no_workload() -> None:
    made = several(service("web"), service("cloud", image="", provider=Provider(type="x")))
    assert list(made.of("Deployment")) == ["web"]
