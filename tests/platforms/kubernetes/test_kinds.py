from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.application import Dependency
from intermodal.model.health import Healthcheck
from intermodal.model.networks import Port
from intermodal.model.placement import Deploy, RestartPolicy, UpdateConfig
from intermodal.model.volumes import Mount, Volume
from tests.applications import application, service
from tests.platforms.kubernetes.workloads import Made, one, several

WORK = ("work",)
DATA = (Mount(type="volume", source="data", target="/data"),)
TESTED = Healthcheck(test=("CMD", "true"))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "Deployment"),
        ({"restart": "always"}, "Deployment"),
        ({"restart": "unless-stopped"}, "Deployment"),
        ({"restart": "no"}, "Job"),
        ({"restart": "on-failure:3"}, "Job"),
        ({"restart": "no", "ports": (Port(target=80),)}, "Deployment"),
        ({"restart": "on-failure", "expose": ("80",)}, "Deployment"),
        ({"restart": "on-failure", "healthcheck": TESTED}, "Deployment"),
        ({"restart": "no", "healthcheck": Healthcheck(test=("NONE",))}, "Job"),
        ({"restart": "no", "scale": 2}, "Deployment"),
        ({"restart": "on-failure", "image": "redis:7"}, "Deployment"),
        ({"restart": "no", "image": "postgres", "command": ("pg_dump",)}, "Job"),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="none"))}, "Job"),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure"))}, "Job"),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="any"))}, "Deployment"),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure"), replicas=1)}, "Deployment"),
        (
            {"deploy": Deploy(restart_policy=RestartPolicy(condition="none"), update_config=UpdateConfig(delay=1.0))},
            "Deployment",
        ),
        ({"restart": "always", "deploy": Deploy(restart_policy=RestartPolicy(condition="none"))}, "Job"),
        ({"deploy": Deploy(mode="global")}, "DaemonSet"),
        ({"deploy": Deploy(mode="replicated-job")}, "Job"),
        ({"deploy": Deploy(mode="global-job")}, "Job"),
        ({"restart": "no", "extensions": {"x-intermodal": {"controller": "deployment"}}}, "Deployment"),
        ({"extensions": {"x-intermodal": {"schedule": "0 3 * * *"}}}, "CronJob"),
        ({"deploy": Deploy(mode="global"), "extensions": {"x-intermodal": {"controller": "job"}}}, "Job"),
    ],
)
def test_evidence_decides(fields: dict[str, Any], kind: str) -> None:
    assert one(**fields).controller()["kind"] == kind


def test_nothing_is_ever_a_bare_pod() -> None:
    assert one(restart="no").of("Pod") == {}


def test_whom_others_wait_for_to_end_is_a_task() -> None:
    made = several(
        service("web", depends_on={"job": Dependency(condition="service_completed_successfully")}),
        service("job", restart="always", ports=(Port(target=80),)),
    )
    assert made.controller("job")["kind"] == "Job"
    assert made.notes["services", "job", "restart"].code == "restarted-until-done"  # type: ignore[union-attr]


def test_one_writer_of_lasting_data_is_a_stateful_set() -> None:
    made = Made(application(service("web", volumes=DATA), volumes={"data": Volume()}))
    found = made.controller()
    assert found["kind"] == "StatefulSet"
    assert found["spec"]["serviceName"]


def test_several_writers_are_deployments() -> None:
    made = Made(application(service("web", volumes=DATA), service("other", volumes=DATA), volumes={"data": Volume()}))
    assert made.controller()["kind"] == made.controller("other")["kind"] == "Deployment"


def test_a_pod_with_one_server_serves() -> None:
    made = several(service("web", restart="no"), service("side", network_mode="service:web"))
    assert made.controller()["kind"] == "Deployment"
