from __future__ import annotations

import pytest

from intermodal.model.application import Dependency
from intermodal.model.networks import Port
from intermodal.model.placement import Deploy, RestartPolicy
from intermodal.model.support import Exact
from intermodal.platforms.kubernetes.terms import DEFAULT
from intermodal.platforms.kubernetes.workload.restarts import UNLIMITED
from tests.applications import service
from tests.platforms.kubernetes.workloads import one, several

SERVING = (Port(target=80),)


@pytest.mark.parametrize(
    ("restart", "policy", "limit"),
    [("no", "Never", 0), ("on-failure", "OnFailure", UNLIMITED), ("on-failure:3", "OnFailure", 3)],
)
def test_a_job_is_tried_as_often_as_was_asked(restart: str, policy: str, limit: int) -> None:
    made = one(restart=restart)
    assert made.pod()["restartPolicy"] == policy
    assert made.controller()["spec"]["backoffLimit"] == limit


def test_max_attempts_is_a_jobs_limit() -> None:
    asked = Deploy(restart_policy=RestartPolicy(condition="on-failure", max_attempts=4))
    assert one(deploy=asked).controller()["spec"]["backoffLimit"] == 4


def test_a_swarm_job_is_tried_until_done() -> None:
    made = one(deploy=Deploy(mode="replicated-job", replicas=3))
    spec = made.controller()["spec"]
    assert (spec["backoffLimit"], spec["completions"], spec["parallelism"]) == (UNLIMITED, 3, 3)


@pytest.mark.parametrize("restart", ["no", "on-failure"])
def test_a_server_that_should_not_always_restart_is_told(restart: str) -> None:
    made = one(restart=restart, ports=SERVING)
    assert made.code("restart") == "always-restarted"
    assert "restartPolicy" not in made.pod()


def test_always_is_what_a_deployment_does() -> None:
    assert one(restart="unless-stopped").note("restart") == Exact(how=DEFAULT)


def test_attempts_of_a_server_are_lost() -> None:
    made = one(ports=SERVING, deploy=Deploy(restart_policy=RestartPolicy(condition="any", max_attempts=4)))
    assert made.code("deploy", "restart_policy", "max_attempts") == "restarts-without-end"


def test_the_policy_is_stronger_than_restart() -> None:
    made = one(restart="no", deploy=Deploy(restart_policy=RestartPolicy(condition="any")))
    assert made.code("restart") == "restart-said-twice"
    assert made.controller()["kind"] == "Deployment"


def test_the_policys_attempts_count_where_both_say_on_failure() -> None:
    policy = RestartPolicy(condition="on-failure", max_attempts=2)
    made = one(restart="on-failure", deploy=Deploy(restart_policy=policy))
    assert made.controller()["spec"]["backoffLimit"] == 2


def test_a_task_that_says_it_ends_says_nothing_new() -> None:
    web = service("web", restart="no")
    waits = service("late", depends_on={"web": Dependency(condition="service_completed_successfully")})
    assert several(web).note("restart") == Exact(how="restartPolicy and backoffLimit of the Job")
    assert several(web, waits).note("restart") == Exact(how=DEFAULT)
    job = one(restart="no", deploy=Deploy(mode="replicated-job"))
    assert job.note("restart") == Exact(how="restartPolicy and backoffLimit of the Job")
