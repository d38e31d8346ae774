from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.model.application import Dependency
from intermodal.model.placement import Deploy, Placement, Preference, RestartPolicy, UpdateConfig
from intermodal.model.resources import (
    DeviceRequest,
    DiscreteResource,
    GenericResource,
    Limits,
    Reservations,
    Resources,
)
from tests.applications import application, service
from tests.platforms.swarm.swarming import codes, stack, translation, web

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.model.platform import Translation


@pytest.mark.parametrize(
    ("restart", "policy"),
    [
        ("always", {"condition": "any"}),
        ("unless-stopped", {"condition": "any"}),
        ("no", {"condition": "none"}),
        ("on-failure", {"condition": "on-failure"}),
        ("on-failure:3", {"condition": "on-failure", "max_attempts": 3}),
    ],
)
def test_restart_becomes_a_restart_policy(restart: str, policy: dict[str, Any]) -> None:
    assert web(restart=restart)["deploy"] == {"restart_policy": policy}


def test_the_deploy_section_outranks_restart() -> None:
    made = service(restart="no", deploy=Deploy(restart_policy=RestartPolicy(condition="any", delay=5.0, window=120.0)))
    assert web(restart=made.restart, deploy=made.deploy)["deploy"]["restart_policy"] == {
        "condition": "any",
        "delay": "5s",
        "window": "2m0s",
    }
    assert codes(application(made)) == {"services.web.restart": "swarm-outranked"}


def test_who_says_nothing_of_restarting_gets_swarms_default_or_what_was_asked() -> None:
    assert "deploy" not in web()
    asked = stack(application(service()), restart="none")["services"]["web"]
    assert asked["deploy"] == {"restart_policy": {"condition": "none"}}


def test_a_service_that_others_wait_for_runs_until_it_ends_well() -> None:
    wait = {"migrate": Dependency(condition="service_completed_successfully")}
    made = stack(application(service("web", depends_on=wait), service("migrate"), service("db", restart="always")))
    assert made["services"]["migrate"]["deploy"]["restart_policy"] == {"condition": "on-failure"}
    assert "depends_on" not in made["services"]["web"]


def test_the_deploy_section_is_carried_over(accepted: Callable[[Translation], Any]) -> None:
    update = UpdateConfig(parallelism=0, delay=10.0, failure_action="rollback", monitor=1.5, max_failure_ratio=0.25)
    deploy = Deploy(
        mode="replicated",
        replicas=3,
        endpoint_mode="vip",
        labels={"traefik.enable": "true"},
        update_config=update,
        rollback_config=UpdateConfig(order="stop-first"),
        resources=Resources(
            limits=Limits(cpus=0.5, memory=512 << 20, pids=100),
            reservations=Reservations(
                cpus=0.25,
                memory=100_000_001,
                generic_resources=(
                    GenericResource(discrete_resource_spec=DiscreteResource(kind="NVIDIA-GPU", value=2)),
                ),
            ),
        ),
        placement=Placement(
            constraints=("node.role == worker",),
            preferences=(Preference(spread="node.labels.zone"),),
            max_replicas_per_node=1,
        ),
    )
    made = translation(application(service(deploy=deploy)))
    assert made.documents[0].content["version"] == "3.9"
    assert accepted(made)["services"]["web"]["deploy"] == {
        "replicas": 3,
        "endpoint_mode": "vip",
        "labels": {"traefik.enable": "true"},
        "update_config": {
            "parallelism": 0,
            "delay": "10s",
            "failure_action": "rollback",
            "monitor": "1.5s",
            "max_failure_ratio": 0.25,
        },
        "rollback_config": {"order": "stop-first"},
        "resources": {
            "limits": {"cpus": "0.5", "memory": str(512 << 20), "pids": 100},
            "reservations": {
                "cpus": "0.25",
                "memory": "100000001",
                "generic_resources": [{"discrete_resource_spec": {"kind": "NVIDIA-GPU", "value": 2}}],
            },
        },
        "placement": {
            "constraints": ["node.role == worker"],
            "preferences": [{"spread": "node.labels.zone"}],
            "max_replicas_per_node": 1,
        },
    }


@pytest.mark.parametrize(
    ("fields", "limits"),
    [
        ({"cpus": 1.5}, {"cpus": "1.5"}),
        ({"cpu_quota": 50_000}, {"cpus": "0.5"}),
        ({"cpu_quota": 10_000, "cpu_period": 20_000}, {"cpus": "0.5"}),
        ({"cpu_count": 2}, {"cpus": "2"}),
        ({"mem_limit": 256 << 20}, {"memory": "256m"}),
        ({"pids_limit": 50}, {"pids": 50}),
        ({"mem_limit": 1 << 20, "cpus": 0.0001}, {"cpus": "0.001", "memory": "4m"}),
        ({"cpus": 1 / 3}, {"cpus": "0.333333333"}),
    ],
)
def test_limits_of_containers_become_limits_of_the_service(fields: dict[str, Any], limits: dict[str, Any]) -> None:
    assert web(**fields)["deploy"] == {"resources": {"limits": limits}}


def test_no_limit_is_no_limit() -> None:
    assert "deploy" not in web(mem_limit=0, pids_limit=-1, cpus=0.0)


def test_what_swarm_would_refuse_as_too_little_is_told() -> None:
    made = application(service(mem_reservation=1))
    assert stack(made)["services"]["web"]["deploy"]["resources"] == {"reservations": {"memory": "4m"}}
    assert codes(made) == {"services.web.mem_reservation": "swarm-resource-floor"}


def test_the_stronger_of_two_limits_counts_and_the_other_is_told() -> None:
    deploy = Deploy(resources=Resources(limits=Limits(memory=64 << 20)))
    made = application(service(deploy=deploy, mem_limit=32 << 20, cpus=1.0, cpu_quota=1, cpu_period=9, cpu_count=3))
    assert stack(made)["services"]["web"]["deploy"]["resources"] == {"limits": {"cpus": "1", "memory": "64m"}}
    assert codes(made) == {
        "services.web.mem_limit": "swarm-outranked",
        "services.web.cpu_quota": "swarm-cpu-limit-weaker",
        "services.web.cpu_period": "swarm-cpu-limit-weaker",
        "services.web.cpu_count": "swarm-cpu-limit-weaker",
    }


def test_reserved_devices_are_lost_aloud() -> None:
    reserved = Reservations(devices=(DeviceRequest(capabilities=("gpu",), count=1),))
    made = application(service(deploy=Deploy(resources=Resources(reservations=reserved))))
    assert set(codes(made).values()) == {"swarm-devices"}
    assert "deploy" not in stack(made)["services"]["web"]


def test_a_global_service_has_no_number(accepted: Callable[[Translation], Any]) -> None:
    made = application(service(deploy=Deploy(mode="global", replicas=3), scale=3))
    assert accepted(translation(made))["services"]["web"]["deploy"] == {"mode": "global"}
    assert set(codes(made).values()) == {"swarm-replicas-of-global"}


def test_scale_becomes_replicas() -> None:
    assert web(scale=5)["deploy"] == {"replicas": 5}
    assert web(scale=0)["deploy"] == {"replicas": 0}


def test_jobs_end_and_are_not_updated() -> None:
    made = service(restart="always", deploy=Deploy(mode="replicated-job", update_config=UpdateConfig(parallelism=2)))
    assert web(restart=made.restart, deploy=made.deploy)["deploy"] == {
        "mode": "replicated-job",
        "restart_policy": {"condition": "on-failure"},
    }
    assert codes(application(made)) == {
        "services.web.restart": "swarm-job-restart",
        "services.web.deploy.update_config.parallelism": "swarm-job-update",
    }


def test_x_intermodal_can_make_a_job() -> None:
    made = application(service(extensions={"x-intermodal": {"controller": "job", "expose": "ingress"}}))
    assert stack(made)["services"]["web"]["deploy"]["mode"] == "replicated-job"
    assert codes(made) == {"services.web.x-intermodal.expose": "swarm-extension"}


@pytest.mark.parametrize(
    ("platform", "constraints"),
    [
        ("linux/amd64", ["node.platform.os == linux", "node.platform.arch == x86_64"]),
        ("linux/arm64", ["node.platform.os == linux", "node.platform.arch == aarch64"]),
        ("linux/arm/v6", ["node.platform.os == linux", "node.platform.arch == armv6l"]),
        ("linux/s390x", ["node.platform.os == linux", "node.platform.arch == s390x"]),
        ("windows", ["node.platform.os == windows"]),
    ],
)
def test_a_platform_chooses_the_node(platform: str, constraints: list[str]) -> None:
    assert web(platform=platform)["deploy"]["placement"]["constraints"] == constraints


def test_options_with_senseless_values_are_refused() -> None:
    with pytest.raises(Rejected) as caught:
        translation(application(service()), restart="sometimes", binds="maybe", node="")
    assert [found.code for found in caught.value.diagnostics] == ["option-value"] * 3
